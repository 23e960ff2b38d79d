import { randomBytes } from 'node:crypto';
import { Client, escapeIdentifier } from 'pg';
import type { QueryResultRow } from 'pg';
import { inject } from 'vitest';
import { databaseUrl } from '../../scripts/lib/postgres/url.ts';

/** A database of a test's own on the test server. */
export interface TestDatabase {
  /** Superuser URL, password included. */
  readonly url: string;
  readonly name: string;
  /**
   * Runs one statement in a session of its own, so that nothing stays connected between calls (a database can only
   * serve as a template while nobody is). `int8` and `numeric` arrive as strings, as `pg` has it.
   */
  readonly query: <Row extends QueryResultRow = Record<string, unknown>>(
    sql: string,
    params?: readonly unknown[],
  ) => Promise<Row[]>;
  /** Drops the database even while others are connected to it. */
  readonly drop: () => Promise<void>;
}

export interface TestDatabaseOptions {
  /** Name of a database to copy. Default: an empty one in UTF-8. */
  readonly template?: string;
  /** Superuser URL of another server than that of the test run; its databases are the caller's to drop. */
  readonly serverUrl?: string | undefined;
  /** What CREATE DATABASE says of the locale of an empty one, such as `LOCALE 'C'`. */
  readonly locale?: string;
}

/** Creates a database with a name that no other test has. What a test forgets to drop goes at the end of the run. */
export async function createTestDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const { url: serverUrl, databasePrefix } =
    options.serverUrl === undefined
      ? testServer()
      : { url: options.serverUrl, databasePrefix: 'test_' };
  const name = `${databasePrefix}${randomBytes(6).toString('hex')}`;
  const origin =
    options.template === undefined
      ? `template0 ENCODING 'UTF8' ${options.locale ?? ''}`
      : escapeIdentifier(options.template);
  await queryOnce(serverUrl, `CREATE DATABASE ${escapeIdentifier(name)} TEMPLATE ${origin}`);
  const url = databaseUrl(serverUrl, name);
  return {
    url,
    name,
    query: async <Row extends QueryResultRow>(sql: string, params: readonly unknown[] = []) =>
      queryOnce<Row>(url, sql, params),
    drop: async () => {
      await queryOnce(serverUrl, `DROP DATABASE IF EXISTS ${escapeIdentifier(name)} WITH (FORCE)`);
    },
  };
}

function testServer(): { readonly url: string; readonly databasePrefix: string } {
  const server = inject('postgresServer');
  // Injected values are `undefined` at run time where the project has no such global setup.
  if ((server as unknown) === undefined) {
    throw new Error(
      'Only the vitest projects "database" and "end-to-end" have a PostgreSQL server.',
    );
  }
  return server;
}

async function queryOnce<Row extends QueryResultRow = Record<string, unknown>>(
  url: string,
  sql: string,
  params: readonly unknown[] = [],
): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const result = await client.query<Row>(sql, [...params]);
    return result.rows;
  } finally {
    await client.end();
  }
}
