import { accountOf } from '../../scripts/lib/postgres/account.ts';
import { startCluster } from '../../scripts/lib/postgres/cluster.ts';
import { startEmbeddedPostgres } from '../../scripts/lib/postgres/embedded.ts';
import { serverLayout } from '../../scripts/lib/postgres/layout.ts';
import { prepareServerPrograms } from '../../scripts/lib/postgres/programs.ts';
import { runProgram } from '../../scripts/lib/postgres/run-program.ts';

/** A server of a test file's own, which can be stopped as a crash would and started again. */
export interface CrashingServer {
  /** Superuser URL; the same after a restart. */
  readonly url: string;
  /** Ends it without a word to its sessions; it recovers from its log at the next start. */
  readonly crash: () => Promise<void>;
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Starts an embedded PostgreSQL that keeps what it said it committed through a crash. */
export async function startCrashingServer(): Promise<CrashingServer> {
  const { url, port, dataDirectory, stop } = await startEmbeddedPostgres({
    settings: { fsync: 'off' },
  });
  const layout = serverLayout(dataDirectory);
  const account = await accountOf(layout.data);
  const programs = await prepareServerPrograms(account, layout.programs);
  return {
    url,
    stop,
    crash: async () => {
      const args = ['stop', '--mode=immediate', '--silent', '--wait', `--pgdata=${layout.data}`];
      const logFile = layout.setupLog;
      const exitCode = await runProgram({ program: programs.pgCtl, args, account, logFile });
      if (exitCode !== 0) throw new Error(`pg_ctl stop ended with ${exitCode}`);
    },
    start: async () => void (await startCluster({ layout, programs, account }, port)),
  };
}
