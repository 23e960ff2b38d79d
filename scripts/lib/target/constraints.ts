import type pg from 'pg';

import { ToolkitError } from '../model/errors.ts';
import { quoteIdentifier, quoteLiteral } from '../model/sql.ts';
import type { TargetCatalog, TargetForeignKey, TargetTable } from '../model/target-catalog.ts';
import { quoteTable } from './introspect.ts';

/**
 * How foreign keys are kept during a load. `proven`: triggers are off for the transaction
 * (session_replication_role) and a query proves each key before the commit. `in-place`: PostgreSQL
 * checks each row itself; slower, and needs no right beyond owning the table.
 */
export type ConstraintMode = 'proven' | 'in-place';

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

/** Whether the role may switch triggers off; asked in a transaction of its own that leaves nothing. */
export async function maySetReplicationRole(client: pg.Client): Promise<boolean> {
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

/** The mode for tables that load together. Triggers check what a query here could not prove as well. */
export function chooseMode(
  tables: readonly TargetTable[],
  mayProve: boolean,
  keepsRows: boolean,
): ConstraintMode {
  const needsTriggers = tables.some(
    (table) =>
      table.hasDeferrableKeys ||
      table.foreignKeys.some((key) => key.isTemporal || (keepsRows && !key.isValidated)),
  );
  return mayProve && !needsTriggers ? 'proven' : 'in-place';
}

/**
 * Sets triggers aside for the transaction: the user's do not fire on loaded or emptied rows in either mode.
 *
 * @param loaded the tables that load together
 * @param touched these and the tables that are emptied with them
 * @returns puts the catalog back as it was and makes PostgreSQL check what it put off; to be called
 * before the commit (a rollback does it by itself)
 */
export async function setConstraintsAside(
  client: pg.Client,
  catalog: TargetCatalog,
  loaded: readonly TargetTable[],
  touched: readonly TargetTable[],
  mode: ConstraintMode,
): Promise<() => Promise<void>> {
  const undo: string[] = [];
  const alter: Alter = async (table, what, back) => {
    await client.query(`ALTER TABLE ${table} ${what}`);
    undo.push(`ALTER TABLE ${table} ${back}`);
  };
  await disableTriggers(touched, mode, alter);
  if (mode === 'proven') {
    await client.query('SET LOCAL session_replication_role = replica');
    return async () => {
      await client.query('SET LOCAL session_replication_role = origin');
      for (const statement of undo) await client.query(statement);
    };
  }
  if (loaded.length > 1) await deferForeignKeys(catalog, loaded, alter);
  await client.query('SET CONSTRAINTS ALL DEFERRED');
  return async () => {
    await client.query('SET CONSTRAINTS ALL IMMEDIATE');
    for (const statement of undo) await client.query(statement);
  };
}

/** @param table quoted for SQL */
type Alter = (table: string, what: string, back: string) => Promise<void>;

const HOW_ENABLED = { O: 'ENABLE', A: 'ENABLE ALWAYS', R: 'ENABLE REPLICA', D: 'DISABLE' } as const;

async function disableTriggers(
  tables: readonly TargetTable[],
  mode: ConstraintMode,
  alter: Alter,
): Promise<void> {
  // In replica mode only these two kinds fire; otherwise all but the ones for replicas.
  const firing = mode === 'proven' ? ['A', 'R'] : ['O', 'A'];
  const triggers = tables.flatMap((table) => table.triggers);
  for (const { name, standsOn, state } of triggers.filter((one) => firing.includes(one.state))) {
    const quoted = quoteIdentifier(name);
    await alter(standsOn, `DISABLE TRIGGER ${quoted}`, `${HOW_ENABLED[state]} TRIGGER ${quoted}`);
  }
}

/** Tables of a cycle can only be checked when all are loaded: their keys wait until then. */
async function deferForeignKeys(
  catalog: TargetCatalog,
  tables: readonly TargetTable[],
  alter: Alter,
): Promise<void> {
  for (const table of tables) {
    for (const key of table.foreignKeys.filter((key) => !key.isDeferrable && key.isEnforced)) {
      const constraint = `ALTER CONSTRAINT ${quoteIdentifier(key.name)}`;
      const name = quoteTable(catalog, table.name);
      await alter(name, `${constraint} DEFERRABLE`, `${constraint} NOT DEFERRABLE`);
    }
  }
}

/**
 * Keeps other sessions from writing to the tables until the end, and to those that they refer to where
 * a query proves the foreign keys: a parent must not go away between the proof and the commit.
 */
export async function lockForLoad(
  client: pg.Client,
  catalog: TargetCatalog,
  tables: readonly TargetTable[],
  mode: ConstraintMode,
): Promise<void> {
  const own = new Set(tables.map((table) => quoteTable(catalog, table.name)));
  const keys = mode === 'proven' ? tables.flatMap((table) => table.foreignKeys) : [];
  const parents = new Set(
    keys.map((key) => quoteTable({ schema: key.parentSchema }, key.parentTable)),
  );
  // One order for every session, so that two loads wait for each other instead of dying together.
  for (const table of [...new Set([...own, ...parents])].toSorted()) {
    const mode = own.has(table) ? 'SHARE ROW EXCLUSIVE' : 'SHARE';
    await client.query(`LOCK TABLE ${table} IN ${mode} MODE`);
  }
}

/** Rows of a table that break one of its foreign keys. */
export interface BrokenReference {
  readonly key: TargetForeignKey;
  readonly total: number;
  /** The first few, as `column=value, …`. */
  readonly examples: readonly string[];
}

/** Proves the foreign keys of a table by one query each, with the operators that PostgreSQL itself uses. */
export async function findBrokenReferences(
  client: pg.Client,
  catalog: TargetCatalog,
  table: TargetTable,
  maxExamples: number,
): Promise<BrokenReference[]> {
  const broken: BrokenReference[] = [];
  for (const key of table.foreignKeys.filter(({ isEnforced }) => isEnforced)) {
    const { rows } = await client.query<{ total: string; examples: string[] | null }>(
      brokenReferencesSql(catalog, table, key, maxExamples),
    );
    const total = Number(rows[0]?.total ?? 0);
    if (total > 0) broken.push({ key, total, examples: rows[0]?.examples ?? [] });
  }
  return broken;
}

function brokenReferencesSql(
  catalog: TargetCatalog,
  table: TargetTable,
  key: TargetForeignKey,
  maxExamples: number,
): string {
  const child = key.columns.map((name) => `c.${quoteIdentifier(name)}`);
  const pairs = key.parentColumns.map(
    (name, index) =>
      `p.${quoteIdentifier(name)} ${key.operators[index] ?? '='} ${child[index] ?? ''}`,
  );
  const parent = quoteTable({ schema: key.parentSchema }, key.parentTable);
  const noParent = `NOT EXISTS (SELECT FROM ${parent} AS p WHERE ${pairs.join(' AND ')})`;
  const allSet = child.map((column) => `${column} IS NOT NULL`).join(' AND ');
  const anySet = child.map((column) => `${column} IS NOT NULL`).join(' OR ');
  const isBroken =
    key.match === 'full'
      ? `(${anySet}) AND (NOT (${allSet}) OR ${noParent})`
      : `${allSet} AND ${noParent}`;
  const shown = key.columns.map(
    (name, index) => `${quoteLiteral(`${name}=`)} || coalesce(${child[index] ?? ''}::text, 'NULL')`,
  );
  return `
    WITH broken AS MATERIALIZED (
      SELECT ${shown.join(` || ', ' || `)} AS shown FROM ${quoteTable(catalog, table.name)} AS c WHERE ${isBroken})
    SELECT count(*)::text AS total,
      (SELECT array_agg(shown) FROM (SELECT shown FROM broken LIMIT ${maxExamples}) AS first) AS examples
    FROM broken`;
}
