import { JOURNAL_SCHEMA } from '../../scripts/lib/target/journal/tables.ts';
import type { TestDatabase } from './database.ts';

const USERS_SCHEMAS = `
  SELECT oid FROM pg_namespace
   WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', '${JOURNAL_SCHEMA}')`;
const USERS_TABLES = `SELECT oid FROM pg_class WHERE relnamespace IN (${USERS_SCHEMAS})`;

/**
 * All of the application's catalog that a load might change, each thing by what it is: numbers that PostgreSQL draws
 * for a foreign key and its triggers, and for an index, are left out, for those are new when one is dropped and
 * made again. Names, triggers of PostgreSQL's own included, are not.
 */
export async function catalogState({ query }: TestDatabase): Promise<unknown> {
  return {
    relations: await query(
      `SELECT to_jsonb(c) - '{relfilenode,relpages,reltuples,relallvisible,relallfrozen,relfrozenxid,relminmxid}'::text[]
              - CASE WHEN relkind = 'i' THEN 'oid' ELSE '' END AS relation
         FROM pg_class AS c WHERE relnamespace IN (${USERS_SCHEMAS}) ORDER BY relnamespace, relname`,
    ),
    columns: await query(
      `SELECT attrelid::regclass AS relation, to_jsonb(a) - 'attrelid' AS column FROM pg_attribute AS a
        WHERE attrelid IN (${USERS_TABLES}) ORDER BY attrelid::regclass::text, attnum`,
    ),
    constraints: await query(
      `SELECT to_jsonb(k) - '{oid,conindid}'::text[] AS constraint, conindid::regclass AS index,
              pg_get_constraintdef(oid) AS definition,
              obj_description(oid, 'pg_constraint') AS comment
         FROM pg_constraint AS k WHERE connamespace IN (${USERS_SCHEMAS}) ORDER BY conrelid, conname`,
    ),
    indexes: await query(
      `SELECT to_jsonb(x) - 'indexrelid' AS index, pg_get_indexdef(indexrelid) AS definition,
              obj_description(indexrelid, 'pg_class') AS comment
         FROM pg_index AS x WHERE indrelid IN (${USERS_TABLES}) ORDER BY indexrelid::regclass::text`,
    ),
    triggers: await query(
      `SELECT to_jsonb(g) - '{oid,tgconstraint}'::text[] AS trigger,
              (SELECT conname FROM pg_constraint WHERE oid = tgconstraint) AS constraint
         FROM pg_trigger AS g WHERE tgrelid IN (${USERS_TABLES}) ORDER BY tgrelid, tgname`,
    ),
    dependencies: await query(
      `SELECT pg_describe_object(classid, objid, objsubid) AS what,
              pg_describe_object(refclassid, refobjid, refobjsubid) AS on_what, deptype
         FROM pg_depend
        WHERE (classid IN ('pg_constraint'::regclass, 'pg_trigger'::regclass)
           OR refclassid IN ('pg_constraint'::regclass, 'pg_trigger'::regclass)
           OR classid = 'pg_class'::regclass AND objid IN (SELECT indexrelid FROM pg_index WHERE indrelid IN (${USERS_TABLES})))
          AND pg_describe_object(classid, objid, objsubid) !~ '${JOURNAL_SCHEMA}'
          AND pg_describe_object(refclassid, refobjid, refobjsubid) !~ '${JOURNAL_SCHEMA}'
        ORDER BY 1, 2, 3`,
    ),
  };
}

/** The foreign keys of the database as `table.name`, each with the number that PostgreSQL drew for it. */
export async function foreignKeyNumbers({ query }: TestDatabase): Promise<Map<string, string>> {
  const rows = await query<{ name: string; number: string }>(
    `SELECT relname || '.' || conname AS name, k.oid::text AS number
       FROM pg_constraint AS k JOIN pg_class AS c ON c.oid = conrelid
      WHERE contype = 'f' AND connamespace IN (${USERS_SCHEMAS}) ORDER BY 1`,
  );
  return new Map(rows.map(({ name, number }) => [name, number]));
}

/** The indexes of the database, each with the number that PostgreSQL drew for it. */
export async function indexNumbers({ query }: TestDatabase): Promise<Map<string, string>> {
  const rows = await query<{ name: string; number: string }>(
    `SELECT relname AS name, oid::text AS number FROM pg_class
      WHERE relkind = 'i' AND relnamespace IN (${USERS_SCHEMAS}) ORDER BY 1`,
  );
  return new Map(rows.map(({ name, number }) => [name, number]));
}
