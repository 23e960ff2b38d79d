import pg from 'pg';
import pgpass from 'pgpass';

import { ToolkitError } from '../model/errors.ts';
import type { TargetAddress } from './connection-config.ts';
import { isConnectionLost, isTransient } from './faults.ts';
import { endClient, watchForSilence, type Backend } from './lost-connection.ts';

/** An open session on the target. */
export interface TargetSession {
  readonly client: pg.Client;
  readonly backend: Backend;
  /** `user@host:port/database`, for people; never the password. */
  readonly label: string;
  /** How another client gets to the same server; it holds the password. */
  readonly config: pg.ClientConfig;
  close(): Promise<void>;
}

/** The application name of the sessions that load: how a DBA tells them. */
export const IMPORT_APPLICATION = 'sqlite-migration import';

const CONNECT_TIMEOUT_MS = 15_000;

/** How long the statements of a session may take, in seconds; 0 for as long as they need. */
export interface Timeouts {
  /** Waiting for a lock that another session holds. */
  readonly lock: number;
  /** A statement from its beginning to its end, a COPY of a whole table too. */
  readonly statement: number;
  /** How long no byte may pass before a connection is suspected to be dead. */
  readonly silence?: number | undefined;
}

const SILENCE_SECONDS = 60;

export const DEFAULT_TIMEOUTS: Timeouts = { lock: 30, statement: 0 };

/** Values are read and written in these settings, whatever the server's or the role's own are. */
const SESSION_SETTINGS: readonly (readonly [name: string, value: string])[] = [
  ['TimeZone', 'UTC'],
  ['DateStyle', 'ISO, YMD'],
  ['IntervalStyle', 'iso_8601'],
  ['client_encoding', 'UTF8'],
  ['standard_conforming_strings', 'on'],
  ['extra_float_digits', '1'],
  ['idle_in_transaction_session_timeout', '0'],
  // A client that is gone without a word is noticed within a minute, and its locks go.
  ['tcp_keepalives_idle', '30'],
  ['tcp_keepalives_interval', '10'],
  ['tcp_keepalives_count', '3'],
];

function timeoutSettings({ lock, statement }: Timeouts): [name: string, value: string][] {
  return [
    ['lock_timeout', `${lock}s`],
    ['statement_timeout', `${statement}s`],
  ];
}

/**
 * Opens a session with known settings.
 *
 * @param signal when it aborts, the statement that is running is cancelled
 * @throws ToolkitError of kind `target` that says why and what to do
 */
export async function connectTarget(
  address: TargetAddress,
  applicationName: string,
  signal?: AbortSignal,
  timeouts: Timeouts = DEFAULT_TIMEOUTS,
): Promise<TargetSession> {
  const config: pg.ClientConfig = {
    ...withPasswordFile(address.config),
    application_name: applicationName,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    // A server that is gone without a word is noticed within a minute, where no answer is due.
    keepAliveInitialDelayMillis: 30_000,
  };
  const client = await connectWith(config, address.tlsIsOptional);
  // A connection that dies is reported by the query that was running.
  client.on('error', () => undefined);
  const label = labelOf(client);
  let backend;
  try {
    await client.query(
      [...SESSION_SETTINGS, ...timeoutSettings(timeouts)]
        .map(([name, value]) => `SET ${name} = '${value}'`)
        .join('; '),
    );
    // Not every server version has these.
    await client.query(
      `SELECT set_config(name, '0', false) FROM pg_catalog.pg_settings
       WHERE name IN ('transaction_timeout', 'idle_session_timeout')`,
    );
    await refuseOtherEncodings(client, label);
    backend = await readBackend(client);
  } catch (error) {
    await endClient(client);
    throw asTargetError(error, label);
  }
  if (signal?.aborted === true) {
    // Nobody would hear of it any more, and the first statement might wait for a lock.
    await endClient(client);
    signal.throwIfAborted();
  }
  const reached = { ...config, ...(client.ssl ? {} : { ssl: false }) };
  const cancel = (): void => {
    const { processID } = client as pg.Client & { readonly processID?: number | null };
    if (typeof processID === 'number') void cancelStatement(reached, processID);
  };
  signal?.addEventListener('abort', cancel, { once: true });
  const endWatch = watchForSilence(client, backend, reached, timeouts.silence ?? SILENCE_SECONDS);
  return {
    client,
    backend,
    label,
    config: reached,
    close: async () => {
      signal?.removeEventListener('abort', cancel);
      endWatch();
      await endClient(client);
    },
  };
}

async function readBackend(client: pg.Client): Promise<Backend> {
  const { rows } = await client.query<Backend>(
    `SELECT pid, backend_start::text AS "startedAt" FROM pg_catalog.pg_stat_activity
     WHERE pid = pg_catalog.pg_backend_pid()`,
  );
  const [backend] = rows;
  if (backend === undefined)
    throw new TypeError('pg_stat_activity has no row of the session itself');
  return backend;
}

/** Without a password in the URL or PGPASSWORD, libpq's password file is asked, if the server wants one. */
function withPasswordFile(config: pg.ClientConfig): pg.ClientConfig {
  if (config.password !== undefined || process.env['PGPASSWORD'] !== undefined) return config;
  // pg passes what it is about to connect to, which its types do not say.
  const password = (async (connection: pg.ClientConfig) =>
    new Promise<string | undefined>((resolve) => {
      pgpass(connection, resolve);
    })) as unknown as () => Promise<string>;
  return { ...config, password };
}

async function connectWith(config: pg.ClientConfig, tlsIsOptional: boolean): Promise<pg.Client> {
  const client = new pg.Client(config);
  try {
    await client.connect();
    return client;
  } catch (error) {
    await client.end().catch(() => undefined);
    const hasNoTls = error instanceof Error && SERVER_WITHOUT_TLS.test(error.message);
    if (tlsIsOptional && hasNoTls) return connectWith({ ...config, ssl: false }, false);
    throw asTargetError(error, labelOf(client));
  }
}

/** Asks the server, on a connection of its own, to stop what a session is doing. */
export async function cancelStatement(config: pg.ClientConfig, pid: number): Promise<void> {
  const other = new pg.Client(config);
  try {
    await other.connect();
    await other.query('SELECT pg_catalog.pg_cancel_backend($1)', [pid]);
  } catch {
    // The session ends with the process at the latest, and the server rolls back then.
  } finally {
    await endClient(other);
  }
}

async function refuseOtherEncodings(client: pg.Client, label: string): Promise<void> {
  const { rows } = await client.query<{ server_encoding: string }>('SHOW server_encoding');
  const encoding = rows[0]?.server_encoding;
  if (encoding === 'UTF8') return;
  throw new ToolkitError({
    kind: 'target',
    code: 'target-encoding',
    message: `the database ${label} has the encoding ${encoding ?? 'unknown'}, which cannot hold every text`,
    hint: "create it with ENCODING 'UTF8' (TEMPLATE template0)",
  });
}

function labelOf(client: pg.Client): string {
  return `${client.user ?? ''}@${client.host}:${client.port}/${client.database ?? ''}`;
}

const CONNECTION_BROKE =
  "look into the server's log for the reason (a server ends when the disk of its own log is full, too), mend that, then run the same command again";

const HINTS: Readonly<Record<string, string>> = {
  ECONNREFUSED:
    'check that the server runs and that host and port in --target are right; if it ran before, its log says why it ended',
  ECONNRESET: CONNECTION_BROKE,
  EPIPE: CONNECTION_BROKE,
  ENOTFOUND: 'check the host name in --target',
  ETIMEDOUT: 'check host, port and firewall between here and the server',
  '28P01': 'check user and password in --target (or PGPASSWORD)',
  '28000': "check the user, and the server's pg_hba.conf",
  '3D000': 'create the database, then apply the migrations: npx prisma migrate deploy',
  '42501': 'connect as the owner of the tables, the role that ran the migrations',
  '53100':
    'free some space on the server (its log says on which disk), start it again if it ended, then run the same command again',
  '53300': 'wait for connections to end, or raise max_connections',
  '55P03':
    'another session holds a lock on the table: end it (see pg_locks), then run the same command again',
  '57014':
    'the statement was cancelled, or took longer than --statement-timeout allows: run the same command again',
  '58030':
    "the server's disk returns errors: look into its log, mend that, then run the same command again",
  '57P01':
    'the server was shut down or the session ended by an administrator: run the same command again',
};

/** SQLSTATEs that have a code of their own. Source: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const CODES: Readonly<Record<string, string>> = {
  '53100': 'target-disk-full',
  '58030': 'target-disk-error',
};

const SERVER_WITHOUT_TLS = /does not support SSL/;
const NO_TLS_HINT = 'switch TLS on at the server, or give sslmode=disable if the way to it is safe';

/** What a session threw: explained if it comes from the server or the way to it; a bug stays what it is. */
export function explainFault(error: unknown, label: string): unknown {
  const isOfTarget = error instanceof pg.DatabaseError || isTransient(error);
  return isOfTarget ? asTargetError(error, label) : error;
}

/** Turns what pg threw into an error with the server's words, the SQLSTATE and the next step. */
export function asTargetError(error: unknown, label: string, table?: string): ToolkitError {
  if (error instanceof ToolkitError) return error;
  if (error instanceof Error && /client password must be a string/.test(error.message)) {
    return new ToolkitError({
      kind: 'target',
      code: 'password-missing',
      message: `the target ${label} asks for a password, and none was given`,
      hint: 'set PGPASSWORD, or keep it in ~/.pgpass (or the file that PGPASSFILE names)',
      cause: error,
    });
  }
  const code = codeOf(error);
  const hasNoTls = error instanceof Error && SERVER_WITHOUT_TLS.test(error.message);
  const message =
    error instanceof Error && error.message !== '' ? error.message : (code ?? 'unknown');
  const detail =
    error instanceof pg.DatabaseError && error.detail !== undefined ? ` (${error.detail})` : '';
  const state = error instanceof pg.DatabaseError ? `, SQLSTATE ${error.code ?? ''}` : '';
  return new ToolkitError({
    kind: 'target',
    code: CODES[code ?? ''] ?? 'target-refused',
    message: `${beginningOf(error, label)}: ${message}${detail}${state}`,
    where: table === undefined ? {} : { table },
    hint: hasNoTls
      ? NO_TLS_HINT
      : (HINTS[code ?? ''] ?? (isConnectionLost(error) ? LOST_HINT : OTHER_HINT)),
    cause: error,
  });
}

const LOST_HINT = 'check the network and that the server still runs, then run it again';
const OTHER_HINT = 'mend the cause on the server, then run the same command again';

function beginningOf(error: unknown, label: string): string {
  if (error instanceof pg.DatabaseError) return `the target ${label} answers`;
  return isConnectionLost(error)
    ? `the connection to the target ${label} was lost`
    : `the target ${label} cannot be reached`;
}

/** The SQLSTATE or the network error's code. Several addresses of one host fail as an AggregateError. */
function codeOf(error: unknown): string | undefined {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  return first instanceof Error && 'code' in first && typeof first.code === 'string'
    ? first.code
    : undefined;
}
