import pg from 'pg';

import { quoteIdentifier } from '../model/sql.ts';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../postgres/embedded.ts';
import { databaseUrl } from '../postgres/url.ts';

/** The server that all who load are measured on, with its databases. */
export interface BenchServer {
  /** The server's version, e.g. `18.4`. */
  readonly version: string;
  /** Superuser URL of a database, password included. */
  readonly urlOf: (database: string) => string;
  /** Makes a database anew, as a copy of another one or empty, and settles what is to be written for it. */
  readonly recreate: (database: string, template?: string) => Promise<void>;
  readonly drop: (database: string) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Starts an embedded server with PostgreSQL's own settings. @throws as `startEmbeddedPostgres` */
export async function startBenchServer(): Promise<BenchServer> {
  const server = await startEmbeddedPostgres();
  const drop = async (database: string): Promise<void> =>
    run(server, [`DROP DATABASE IF EXISTS ${quoteIdentifier(database)} WITH (FORCE)`]);
  return {
    version: server.version,
    urlOf: (database) => databaseUrl(server.url, database),
    recreate: async (database, template = 'template0') => {
      await drop(database);
      await run(server, [
        `CREATE DATABASE ${quoteIdentifier(database)} TEMPLATE ${quoteIdentifier(template)}`,
        // What was written before is not written while something is measured.
        'CHECKPOINT',
      ]);
    },
    drop,
    stop: server.stop,
  };
}

/** A session for the time of some work. */
export async function withClient<Result>(
  url: string,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function run({ url }: EmbeddedPostgres, statements: readonly string[]): Promise<void> {
  await withClient(url, async (client) => {
    for (const statement of statements) await client.query(statement);
  });
}
