import type pg from 'pg';

import { quoteIdentifier } from '../model/sql.ts';

interface Definition {
  readonly table: string;
  readonly name: string;
  readonly definition: string;
}

/** Foreign keys last, because they refer to the others. https://www.postgresql.org/docs/current/catalog-pg-constraint.html */
const CONSTRAINTS = `
  SELECT c.conrelid::regclass::text AS table, c.conname AS name, pg_get_constraintdef(c.oid) AS definition
  FROM pg_constraint AS c
  WHERE c.connamespace = 'public'::regnamespace AND c.contype IN ('p', 'u', 'f')
  ORDER BY c.contype = 'f', c.oid`;

/** Unique indexes that stand alone: Prisma makes its unique keys so. */
const INDEXES = `
  SELECT i.indrelid::regclass::text AS table, i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS definition
  FROM pg_index AS i
  JOIN pg_class AS c ON c.oid = i.indexrelid
  WHERE c.relnamespace = 'public'::regnamespace
    AND NOT EXISTS (SELECT FROM pg_constraint AS k WHERE k.conindid = i.indexrelid)
  ORDER BY i.indexrelid`;

/**
 * Takes keys, indexes and foreign keys away from all tables of the schema `public`.
 *
 * @returns the statements that put them back, in an order that works
 */
export async function stripKeys(client: pg.Client): Promise<string[]> {
  const { rows: constraints } = await client.query<Definition>(CONSTRAINTS);
  const { rows: indexes } = await client.query<Definition>(INDEXES);
  for (const { table, name } of constraints.toReversed()) {
    await client.query(`ALTER TABLE ${table} DROP CONSTRAINT ${quoteIdentifier(name)}`);
  }
  for (const { name } of indexes) await client.query(`DROP INDEX ${name}`);
  return [
    ...indexes.map(({ definition }) => definition),
    ...constraints.map(
      ({ table, name, definition }) =>
        `ALTER TABLE ${table} ADD CONSTRAINT ${quoteIdentifier(name)} ${definition}`,
    ),
  ];
}
