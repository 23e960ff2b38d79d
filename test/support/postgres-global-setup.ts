import { randomBytes } from 'node:crypto';
import { Client, escapeIdentifier } from 'pg';
import type { TestProject } from 'vitest/node';
import { startTestServer } from './postgres-server.ts';
import type { TestServer } from './postgres-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    readonly postgresServer: {
      /** Superuser URL to some database of the server. */
      readonly url: string;
      /** What the names of all databases of this run begin with. */
      readonly databasePrefix: string;
    };
  }
}

interface SharedServer {
  readonly starting: Promise<TestServer>;
  readonly databasePrefix: string;
  users: number;
}

/** vitest loads this file anew for each project of a run; the server they share is therefore kept outside of it. */
const shared = globalThis as typeof globalThis & { postgresTestServer?: SharedServer | undefined };

/** Starts the test server for the first project of a run that needs one; the last project stops it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  shared.postgresTestServer ??= {
    starting: startAndAnnounce(),
    databasePrefix: `test_${randomBytes(3).toString('hex')}_`,
    users: 0,
  };
  const server = shared.postgresTestServer;
  server.users += 1;
  const { url, stop } = await server.starting;
  project.provide('postgresServer', { url, databasePrefix: server.databasePrefix });
  return async () => {
    server.users -= 1;
    if (server.users > 0) return;
    shared.postgresTestServer = undefined;
    await dropLeftovers(url, server.databasePrefix);
    await stop();
  };
}

async function startAndAnnounce(): Promise<TestServer> {
  const server = await startTestServer();
  console.log(server.announcement);
  return server;
}

/** The server may be one that lives on after the run: its databases go, then the roles that owned them. */
async function dropLeftovers(url: string, prefix: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ datname: string }>(
      'SELECT datname FROM pg_database WHERE starts_with(datname, $1)',
      [prefix],
    );
    for (const { datname } of rows) {
      await client.query(`DROP DATABASE IF EXISTS ${escapeIdentifier(datname)} WITH (FORCE)`);
    }
    const roles = await client.query<{ rolname: string }>(
      'SELECT rolname FROM pg_roles WHERE starts_with(rolname, $1)',
      [prefix],
    );
    for (const { rolname } of roles.rows) {
      await client.query(`DROP ROLE ${escapeIdentifier(rolname)}`);
    }
  } finally {
    await client.end();
  }
}
