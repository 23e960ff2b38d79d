import { escapeIdentifier } from 'pg';
import { openConnection } from './adapter-connection.ts';
import { parseConnection, withDatabase } from './connection.ts';
import type { DatabaseCommand } from './engine-arguments.ts';
import { codeOf, UserFacingError } from './errors.ts';
import type { EngineSession } from './session.ts';

/** Databases to connect to in order to create another: usual, always there, and the managed services' one. */
const ADMIN_DATABASES = ['postgres', 'template1', 'defaultdb'];

/** Runs one command of `schema-engine cli …` and returns what it has done, as a sentence. */
export async function runDatabaseCommand(
  command: DatabaseCommand,
  session: EngineSession,
): Promise<string> {
  switch (command) {
    case 'can-connect-to-database':
      await session.connected();
      return 'Connection successful';
    case 'create-database':
      await expectMissingDatabase(session);
      return `Database '${await createDatabase(session.url)}' was successfully created.`;
  }
}

/** The engine's messages about a server that is out of reach or refuses the user are better than the driver's. */
async function expectMissingDatabase(session: EngineSession): Promise<void> {
  try {
    await session.connected();
  } catch (error) {
    if (codeOf(error) === 'P1003') return;
    throw error;
  }
  throw new UserFacingError('P1009', 'The database exists already.');
}

async function createDatabase(url: string | undefined): Promise<string> {
  const connection = parseConnection(url);
  const { database } = connection.config;
  if (database === undefined) throw new Error('The URL names no database.');
  for (const adminDatabase of ADMIN_DATABASES) {
    const admin = await openConnection(withDatabase(connection, adminDatabase));
    try {
      await admin.executeScript(`CREATE DATABASE ${escapeIdentifier(database)}`);
      return database;
    } catch (error) {
      if (!isElsewhere(error)) throw error;
    } finally {
      await admin.dispose();
    }
  }
  throw new UserFacingError(
    'P3000',
    `Failed to create database: none of ${ADMIN_DATABASES.join(', ')} lets this user in.`,
  );
}

/** Not here, but perhaps from the next database: this one is missing, or closed to the user. */
function isElsewhere(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'P1003' || code === 'P1010';
}
