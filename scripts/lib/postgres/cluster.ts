import { chown, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { ToolkitError } from '../model/errors.ts';
import type { Account } from './account.ts';
import type { ServerLayout } from './layout.ts';
import type { ServerPrograms } from './programs.ts';
import { readLogTail, runProgram } from './run-program.ts';

/** A server with its files, its programs and the account that runs them. */
export interface Cluster {
  readonly layout: ServerLayout;
  readonly programs: ServerPrograms;
  readonly account: Account | undefined;
}

/** The only address an embedded server listens on. */
export const SERVER_HOST = '127.0.0.1';

export const SUPERUSER = 'postgres';

const START_TIMEOUT_SECONDS = 60;
/** Between our finding a free port and the server's taking it, another program may. */
const PORT_ATTEMPTS = 3;

/**
 * Creates the server's files: UTF-8, the built-in locale C.UTF-8 and time zone UTC whatever the machine has.
 * @param settings as in postgresql.conf
 * @throws ToolkitError `embedded-postgres-start-failed`
 * @see https://www.postgresql.org/docs/current/app-initdb.html
 */
export async function initializeCluster(
  cluster: Cluster,
  password: string,
  settings: Readonly<Record<string, string>>,
): Promise<void> {
  const { layout, programs, account } = cluster;
  const allSettings = {
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...settings,
    listen_addresses: SERVER_HOST,
    unix_socket_directories: '',
  };
  try {
    await writeFile(layout.passwordFile, password, { mode: 0o600 });
    if (account !== undefined) await chown(layout.passwordFile, account.uid, account.gid);
    await runSetup(cluster, programs.initdb, [
      `--pgdata=${layout.data}`,
      `--username=${SUPERUSER}`,
      `--pwfile=${layout.passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--text-search-config=english',
      '--no-sync',
      '--no-instructions',
      ...Object.entries(allSettings).map(([name, value]) => `--set=${name}=${value}`),
    ]);
  } finally {
    await rm(layout.passwordFile, { force: true });
  }
}

/**
 * Starts the server in the background, in a session of its own, and resolves to its port once it accepts connections.
 * @param wantedPort without it a free one
 * @throws ToolkitError `embedded-postgres-start-failed`
 * @see https://www.postgresql.org/docs/current/app-pg-ctl.html
 */
export async function startCluster(
  cluster: Cluster,
  wantedPort: number | undefined,
): Promise<number> {
  const { layout, programs } = cluster;
  for (let attempt = 1; ; attempt += 1) {
    const port = wantedPort ?? (await findFreePort());
    try {
      await runSetup(cluster, programs.pgCtl, [
        'start',
        '--silent',
        '--wait',
        `--timeout=${START_TIMEOUT_SECONDS}`,
        `--pgdata=${layout.data}`,
        `--log=${layout.serverLog}`,
        `--options=-p ${port}`,
      ]);
      return port;
    } catch (error) {
      const isPortTaken = (await readLogTail(layout.serverLog)).includes('could not bind');
      if (wantedPort !== undefined || !isPortTaken || attempt === PORT_ATTEMPTS) throw error;
    }
  }
}

async function runSetup(cluster: Cluster, program: string, args: readonly string[]): Promise<void> {
  const { layout, account } = cluster;
  const exitCode = await runProgram({ program, args, account, logFile: layout.setupLog });
  if (exitCode === 0) return;
  throw new ToolkitError({
    kind: 'target',
    code: 'embedded-postgres-start-failed',
    message: `The embedded PostgreSQL did not start. The end of its log:\n${await readLogTail(layout.setupLog, layout.serverLog)}`,
    where: { file: layout.root },
    hint:
      account === undefined
        ? 'If the log does not tell what to mend, use a PostgreSQL server of your own by its URL.'
        : 'PostgreSQL does not run as root: an unprivileged account runs it and has to reach this directory. Choose another directory (TMPDIR), or run the command as an ordinary user.',
  });
}

async function findFreePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, SERVER_HOST, () => {
      const address = server.address();
      server.close(() => {
        if (address === null || typeof address === 'string')
          reject(new Error('No TCP port was given.'));
        else resolve(address.port);
      });
    });
  });
}
