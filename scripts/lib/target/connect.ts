import pg from 'pg';
import pgpass from 'pgpass';

import { ToolkitError } from '../model/errors.ts';
import type { TargetAddress } from './connection-config.ts';

/** An open session on the target. */
export interface TargetSession {
  readonly client: pg.Client;
  /** `user@host:port/database`, for people; never the password. */
  readonly label: string;
  close(): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 15_000;
/** Values are read and written in these settings, whatever the server's or the role's own are. */
const SESSION_SETTINGS: readonly (readonly [name: string, value: string])[] = [
  ['TimeZone', 'UTC'],
  ['DateStyle', 'ISO, YMD'],
  ['IntervalStyle', 'iso_8601'],
  ['client_encoding', 'UTF8'],
  ['standard_conforming_strings', 'on'],
  ['extra_float_digits', '1'],
  ['statement_timeout', '0'],
  ['idle_in_transaction_session_timeout', '0'],
  ['lock_timeout', '30s'],
];

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
): Promise<TargetSession> {
  const config: pg.ClientConfig = {
    ...withPasswordFile(address.config),
    application_name: applicationName,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
  };
  const client = await connectWith(config, address.tlsIsOptional);
  // A connection that dies is reported by the query that was running.
  client.on('error', () => undefined);
  const label = labelOf(client);
  try {
    await client.query(
      SESSION_SETTINGS.map(([name, value]) => `SET ${name} = '${value}'`).join('; '),
    );
    // Not every server version has these.
    await client.query(
      `SELECT set_config(name, '0', false) FROM pg_catalog.pg_settings
       WHERE name IN ('transaction_timeout', 'idle_session_timeout')`,
    );
    await refuseOtherEncodings(client, label);
  } catch (error) {
    await client.end().catch(() => undefined);
    throw asTargetError(error, label);
  }
  const cancel = (): void => void cancelRunning(config, client);
  signal?.addEventListener('abort', cancel, { once: true });
  return {
    client,
    label,
    close: async () => {
      signal?.removeEventListener('abort', cancel);
      await client.end().catch(() => undefined);
    },
  };
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

/** Asks the server, on a connection of its own, to stop what the session is doing. */
async function cancelRunning(config: pg.ClientConfig, client: pg.Client): Promise<void> {
  const { processID } = client as pg.Client & { readonly processID?: number | null };
  if (processID === undefined || processID === null) return;
  const ssl = client.ssl ? config.ssl : false;
  const other = new pg.Client({ ...config, ...(ssl === undefined ? {} : { ssl }) });
  try {
    await other.connect();
    await other.query('SELECT pg_catalog.pg_cancel_backend($1)', [processID]);
  } catch {
    // The session ends with the process at the latest, and the server rolls back then.
  } finally {
    await other.end().catch(() => undefined);
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

const HINTS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'check that the server runs and that host and port in --target are right',
  ENOTFOUND: 'check the host name in --target',
  ETIMEDOUT: 'check host, port and firewall between here and the server',
  '28P01': 'check user and password in --target (or PGPASSWORD)',
  '28000': "check the user, and the server's pg_hba.conf",
  '3D000': 'create the database, then apply the migrations: npx prisma migrate deploy',
  '42501': 'connect as the owner of the tables, the role that ran the migrations',
  '53100': 'free some space on the server, then run import again',
  '53300': 'wait for connections to end, or raise max_connections',
  '55P03':
    'another session holds a lock on the table: end it (see pg_locks), then run import again',
  '57P01': 'the server was shut down or the session ended by an administrator: run import again',
};

const SERVER_WITHOUT_TLS = /does not support SSL/;
const NO_TLS_HINT = 'switch TLS on at the server, or give sslmode=disable if the way to it is safe';

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
    code: 'target-refused',
    message: `the target ${label} answers: ${message}${detail}${state}`,
    where: table === undefined ? {} : { table },
    hint: hasNoTls
      ? NO_TLS_HINT
      : (HINTS[code ?? ''] ?? 'mend the cause on the server, then run import again'),
    cause: error,
  });
}

/** The SQLSTATE or the network error's code. Several addresses of one host fail as an AggregateError. */
function codeOf(error: unknown): string | undefined {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  return first instanceof Error && 'code' in first && typeof first.code === 'string'
    ? first.code
    : undefined;
}
