import type pg from 'pg';

import { ToolkitError } from '../../model/errors.ts';
import type { TargetCatalog, TargetForeignKey } from '../../model/target-catalog.ts';
import { readDroppableIndexes } from './index-rights.ts';

/** What the role of the session may do with one foreign key. */
export interface KeyRights {
  /** Lock the parent and read all of it: a query can prove the key. */
  readonly mayProve: boolean;
  /** Drop it and add it again, and it comes back as it was. */
  readonly mayDrop: boolean;
  /** PostgreSQL checks new rows; a superuser can have disabled even its own triggers. */
  readonly isChecked: boolean;
}

/** What the role of the session may do so that foreign keys and indexes do not slow a load down. */
export interface ConstraintRights {
  readonly maySetReplicationRole: boolean;
  /** Of every foreign key of the catalog. */
  readonly keys: ReadonlyMap<TargetForeignKey, KeyRights>;
  /** By table, the indexes that it may drop and build again, in the order in which they were made. */
  readonly indexes: ReadonlyMap<string, readonly string[]>;
}

/**
 * Makes sure that triggers and foreign keys are on: a role or a database may have them off by default,
 * and then nothing would be checked.
 *
 * @throws ToolkitError of kind `target` when they are off and the role may not switch them on
 */
export async function requireTriggersOn(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ role: string }>(
    `SELECT current_setting('session_replication_role') AS role`,
  );
  if (rows[0]?.role === 'origin') return;
  try {
    await client.query('SET session_replication_role = origin');
  } catch (error) {
    throw new ToolkitError({
      kind: 'target',
      code: 'triggers-off',
      message: `session_replication_role is ${rows[0]?.role ?? ''} for this role, so PostgreSQL would check no foreign key`,
      hint: 'ALTER ROLE or ALTER DATABASE … RESET session_replication_role, then run import again',
      cause: error,
    });
  }
}

/** Asks what the role may do; outside of a transaction, and leaves nothing behind. */
export async function readConstraintRights(
  client: pg.Client,
  catalog: TargetCatalog,
): Promise<ConstraintRights> {
  const maySetReplicationRole = await trySetReplicationRole(client);
  const { rows } = await client.query<KeyRightsRow>(KEY_RIGHTS, [catalog.schema]);
  const rowOf = new Map(rows.map((row) => [nameOf(row.table_name, row.constraint_name), row]));
  const keys = new Map<TargetForeignKey, KeyRights>();
  for (const table of catalog.tables) {
    for (const key of table.foreignKeys) {
      const row = rowOf.get(nameOf(table.name, key.name));
      keys.set(key, {
        mayProve: row?.may_prove === true && !key.isTemporal,
        mayDrop: row?.may_drop === true && !key.isTemporal && key.isEnforced && key.isValidated,
        isChecked: row?.is_checked !== false,
      });
    }
  }
  return { maySetReplicationRole, keys, indexes: await readDroppableIndexes(client, catalog) };
}

const nameOf = (table: string, constraint: string): string => JSON.stringify([table, constraint]);

async function trySetReplicationRole(client: pg.Client): Promise<boolean> {
  await client.query('BEGIN');
  try {
    await client.query('SET LOCAL session_replication_role = replica');
    return true;
  } catch {
    return false;
  } finally {
    await client.query('ROLLBACK');
  }
}

interface KeyRightsRow {
  readonly table_name: string;
  readonly constraint_name: string;
  readonly may_prove: boolean;
  readonly may_drop: boolean;
  readonly is_checked: boolean;
}

/**
 * May be proven: the parent can be locked and read whole, no row belongs to a table that inherits, and
 * no trigger of the key fires while the session plays a replica.
 *
 * May be dropped: that, and the role owns both tables (PostgreSQL's triggers stand on both) and may
 * refer to the parent; neither is partitioned; and a new key would be like the old one: bound to the
 * same index, because there is only one, with all its triggers enabled, and with nothing that goes
 * with the old one.
 *
 * Source: https://www.postgresql.org/docs/current/ddl-priv.html,
 * https://www.postgresql.org/docs/current/sql-altertable.html
 */
const KEY_RIGHTS = `
  SELECT c.relname AS table_name, k.conname AS constraint_name, r.may_prove,
    r.may_prove
      AND c.relkind = 'r' AND p.relkind = 'r' AND k.conislocal AND k.coninhcount = 0 AND k.connoinherit
      AND pg_catalog.pg_has_role(c.relowner, 'USAGE') AND pg_catalog.pg_has_role(p.relowner, 'USAGE')
      AND pg_catalog.has_table_privilege(p.oid, 'REFERENCES')
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_trigger AS g WHERE g.tgconstraint = k.oid AND g.tgenabled <> 'O')
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d
                      WHERE d.refclassid = 'pg_catalog.pg_constraint'::regclass AND d.refobjid = k.oid AND d.deptype <> 'i')
      AND (SELECT count(*) FROM pg_catalog.pg_index AS x
           WHERE x.indrelid = p.oid AND x.indisunique AND x.indpred IS NULL AND x.indexprs IS NULL
             AND (x.indkey::int2[])[0:x.indnkeyatts - 1] @> k.confkey
             AND (x.indkey::int2[])[0:x.indnkeyatts - 1] <@ k.confkey) = 1 AS may_drop,
    NOT EXISTS (SELECT FROM pg_catalog.pg_trigger AS g
                WHERE g.tgconstraint = k.oid AND g.tgrelid = c.oid AND g.tgenabled NOT IN ('O', 'A')) AS is_checked
  FROM pg_catalog.pg_constraint AS k
  JOIN pg_catalog.pg_class AS c ON c.oid = k.conrelid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace AND n.nspname = $1
  JOIN pg_catalog.pg_class AS p ON p.oid = k.confrelid
  CROSS JOIN LATERAL (
    SELECT pg_catalog.has_schema_privilege(p.relnamespace, 'USAGE')
        AND pg_catalog.has_table_privilege(p.oid, 'SELECT')
        AND pg_catalog.has_table_privilege(p.oid, 'UPDATE, DELETE, TRUNCATE')
        AND NOT pg_catalog.row_security_active(p.oid)
        AND NOT (c.relkind = 'r' AND c.relhassubclass) AND NOT (p.relkind = 'r' AND p.relhassubclass)
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_trigger AS g
                        WHERE g.tgconstraint = k.oid AND g.tgenabled IN ('A', 'R')) AS may_prove
  ) AS r
  WHERE k.contype = 'f' AND k.conparentid = 0`;
