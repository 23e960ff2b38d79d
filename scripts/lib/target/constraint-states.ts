import type pg from 'pg';

/** A constraint of a table of the schema, as PostgreSQL keeps it now. */
export interface ConstraintState {
  readonly table: string;
  readonly name: string;
  readonly kind: 'primary-key' | 'foreign-key' | 'check' | 'other';
  /** The rows that were there were held against it. */
  readonly isValidated: boolean;
  readonly isEnforced: boolean;
  /** Some of the triggers that keep it are switched off, or fire for replication only. */
  readonly isDisabled: boolean;
}

interface ConstraintRow {
  readonly table_name: string;
  readonly constraint_name: string;
  readonly kind: string;
  readonly is_validated: boolean;
  readonly is_enforced: boolean;
  readonly is_disabled: boolean;
}

const KINDS: Readonly<Record<string, ConstraintState['kind']>> = {
  p: 'primary-key',
  f: 'foreign-key',
  c: 'check',
};

/**
 * Reads how every constraint of a schema's tables stands, those of partitions too.
 *
 * Source: https://www.postgresql.org/docs/current/catalog-pg-constraint.html, catalog-pg-trigger.html
 */
export async function readConstraintStates(
  client: pg.Client,
  schema: string,
): Promise<ConstraintState[]> {
  // conenforced came with PostgreSQL 18: asked for through JSON, older servers answer as well.
  const { rows } = await client.query<ConstraintRow>(
    `SELECT c.relname AS table_name, k.conname AS constraint_name, k.contype::text AS kind,
       k.convalidated AS is_validated,
       coalesce((to_jsonb(k) ->> 'conenforced')::boolean, true) AS is_enforced,
       EXISTS (SELECT FROM pg_catalog.pg_trigger AS g
               WHERE g.tgconstraint = k.oid AND g.tgenabled IN ('D', 'R')) AS is_disabled
     FROM pg_catalog.pg_constraint AS k
     JOIN pg_catalog.pg_class AS c ON c.oid = k.conrelid
     JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace AND n.nspname = $1
     ORDER BY c.relname, k.conname`,
    [schema],
  );
  return rows.map((row) => ({
    table: row.table_name,
    name: row.constraint_name,
    kind: KINDS[row.kind] ?? 'other',
    isValidated: row.is_validated,
    isEnforced: row.is_enforced,
    isDisabled: row.is_disabled,
  }));
}

/** An index of a table of the schema. */
export interface IndexState {
  readonly table: string;
  readonly name: string;
  /** It keeps rows apart, and is not that of the primary key. */
  readonly isUniqueKey: boolean;
  /** It was built to its end: PostgreSQL takes it as complete. */
  readonly isComplete: boolean;
}

/**
 * Reads how every index of a schema's tables stands.
 *
 * Source: https://www.postgresql.org/docs/current/catalog-pg-index.html
 */
export async function readIndexStates(client: pg.Client, schema: string): Promise<IndexState[]> {
  const { rows } = await client.query<IndexState>(
    `SELECT c.relname AS table, i.relname AS name, x.indisvalid AND x.indisready AS "isComplete",
       x.indisunique AND NOT x.indisprimary AS "isUniqueKey"
     FROM pg_catalog.pg_index AS x
     JOIN pg_catalog.pg_class AS c ON c.oid = x.indrelid
     JOIN pg_catalog.pg_class AS i ON i.oid = x.indexrelid
     JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace AND n.nspname = $1
     ORDER BY 1, 2`,
    [schema],
  );
  return rows;
}
