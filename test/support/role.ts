import { randomBytes } from 'node:crypto';
import { escapeIdentifier, escapeLiteral } from 'pg';
import type { TestDatabase } from './database.ts';

/** A role without any special right. It goes with its database's test run. */
export interface TestRole {
  readonly name: string;
  /** URL to the database as this role, password included. */
  readonly url: string;
  readonly password: string;
}

/** Creates a role that owns the database, as the role of an application does that ran its own migrations. */
export async function createOwner(database: TestDatabase): Promise<TestRole> {
  const name = `${database.name}_owner`;
  const password = `secret-${randomBytes(12).toString('hex')}`;
  const role = escapeIdentifier(name);
  await database.query(`CREATE ROLE ${role} LOGIN PASSWORD ${escapeLiteral(password)}`);
  await database.query(`ALTER DATABASE ${escapeIdentifier(database.name)} OWNER TO ${role}`);
  const url = new URL(database.url);
  url.username = name;
  url.password = password;
  return { name, url: url.href, password };
}
