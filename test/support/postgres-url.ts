import { Client } from 'pg';
import type { StartedServer } from './postgres-server.ts';

const CONNECT_TIMEOUT_MS = 10_000;

/**
 * Checks that the server at `url` can be used for tests. It is not ours: stopping it does nothing.
 * @throws Error that says what to do when it does not answer or when its user may not create databases
 */
export async function connectToServer(url: string): Promise<StartedServer> {
  const { version, mayCreateDatabases } = await askServer(url).catch((error: unknown) => {
    throw new Error(
      `The server of TEST_DATABASE_URL does not answer: ${reasonOf(error)}\n` +
        'Start it, correct the URL, or unset the variable: then Docker or the embedded PostgreSQL is used.',
      { cause: error },
    );
  });
  if (!mayCreateDatabases) {
    throw new Error(
      'The user of TEST_DATABASE_URL may not create databases. Give the URL of a superuser: each test makes a ' +
        'database of its own.',
    );
  }
  return { url, description: `server ${version}`, stop: async () => Promise.resolve() };
}

/** `SHOW server_version` without the packager's addition, e.g. `15.13`. */
export async function readServerVersion(url: string): Promise<string> {
  return (await askServer(url)).version;
}

async function askServer(url: string): Promise<{ version: string; mayCreateDatabases: boolean }> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  // A second error after the first one, e.g. when the server goes away, has nobody else to hear it.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ version: string; may: boolean }>(
      `SELECT current_setting('server_version') AS version, rolsuper OR rolcreatedb AS may
         FROM pg_roles WHERE rolname = current_user`,
    );
    const [row] = rows;
    return {
      version: row?.version.split(' ')[0] ?? 'unknown',
      mayCreateDatabases: row?.may ?? false,
    };
  } finally {
    await client.end();
  }
}

/** Connection errors to a name with several addresses come as an AggregateError without a message of its own. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}
