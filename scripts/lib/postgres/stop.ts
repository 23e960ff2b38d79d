import { ToolkitError } from '../model/errors.ts';
import { accountOf } from './account.ts';
import { pathExists, removeServerDirectory } from './directory.ts';
import { serverLayout } from './layout.ts';
import type { ServerLayout } from './layout.ts';
import { findPgCtl } from './programs.ts';
import { readLogTail, runProgram } from './run-program.ts';

const STOP_TIMEOUT_SECONDS = 30;

/** `fast` ends sessions and writes a checkpoint; `immediate` is the crash-like way out if that hangs. */
const SHUTDOWN_MODES = ['fast', 'immediate'] as const;

/**
 * Stops the server in `dataDirectory` if one runs there, and waits until it has ended.
 * @throws ToolkitError `embedded-postgres-stop-failed` when it still runs afterwards
 * @see https://www.postgresql.org/docs/current/app-pg-ctl.html
 */
export async function stopServer(dataDirectory: string): Promise<void> {
  const layout = serverLayout(dataDirectory);
  if (!(await pathExists(layout.versionFile))) return;
  for (const mode of SHUTDOWN_MODES) {
    if (!(await isRunning(layout))) return;
    await pgCtl(layout, ['stop', `--mode=${mode}`, '--wait', `--timeout=${STOP_TIMEOUT_SECONDS}`]);
  }
  if (!(await isRunning(layout))) return;
  throw new ToolkitError({
    kind: 'target',
    code: 'embedded-postgres-stop-failed',
    message: `The embedded PostgreSQL did not stop:\n${await readLogTail(layout.setupLog, layout.serverLog)}`,
    where: { file: dataDirectory },
    hint: `End the process whose id is in the first line of ${layout.data}/postmaster.pid.`,
  });
}

/**
 * Stops a server that was started with `keepRunning`, from any process of the same user, and removes its directory.
 * @throws ToolkitError `embedded-postgres-directory` when `dataDirectory` is not an embedded server's directory:
 *   it is never removed then
 */
export async function stopKeptPostgres(dataDirectory: string): Promise<void> {
  const layout = serverLayout(dataDirectory);
  if (!(await pathExists(layout.versionFile)) || !(await pathExists(layout.setupLog))) {
    throw new ToolkitError({
      kind: 'target',
      code: 'embedded-postgres-directory',
      message: 'There is no embedded PostgreSQL in this directory.',
      where: { file: dataDirectory },
      hint: 'It may have been stopped already.',
    });
  }
  await stopServer(dataDirectory);
  await removeServerDirectory(dataDirectory);
}

/** `pg_ctl status` exits with 0 when a server runs in the directory, 3 when not, 4 when it is no data directory. */
async function isRunning(layout: ServerLayout): Promise<boolean> {
  return (await pgCtl(layout, ['status'])) === 0;
}

async function pgCtl(layout: ServerLayout, args: readonly string[]): Promise<number> {
  return runProgram({
    program: await findPgCtl(layout.programs),
    args: [...args, '--silent', `--pgdata=${layout.data}`],
    account: await accountOf(layout.data),
    logFile: layout.setupLog,
  });
}
