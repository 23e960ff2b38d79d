import pg from 'pg';

import { quoteIdentifier } from '../../model/sql.ts';
import { whileShown, type Progress } from '../../model/progress.ts';
import type { TargetCatalog, TargetTable } from '../../model/target-catalog.ts';
import { isTransient } from '../faults.ts';
import { quoteTable } from '../introspect.ts';
import { isLockTimeout } from '../lock-holders.ts';

export interface DroppedIndexes {
  readonly client: pg.Client;
  readonly catalog: Pick<TargetCatalog, 'schema'>;
  readonly signal: AbortSignal;
  readonly progress: Progress;
  /** Locked against all, and without rows. */
  readonly table: Pick<TargetTable, 'name'>;
  /** Such as may be dropped (`ConstraintRights.indexes`), in the order in which they were made. */
  readonly indexes: readonly string[];
}

/** Indexes cannot be set aside: the load must be rolled back, and be done again with all indexes in place. */
export class IndexesRefused extends Error {}

/**
 * Loads a table without some of its indexes and builds them when its rows are there, which takes far
 * less time than to keep them up to date with each row. The catalog is held against what it was.
 *
 * No savepoint goes before it: the journal tells rows of a load by the number of its transaction, and
 * those that come after a savepoint have another.
 *
 * @throws IndexesRefused when an index cannot be built, or comes back otherwise
 */
export async function loadWithoutIndexes<Result>(
  dropped: DroppedIndexes,
  load: () => Promise<Result>,
): Promise<Result> {
  if (dropped.indexes.length === 0) return load();
  const states = await refusing(dropped, async () => dropIndexes(dropped));
  const result = await load();
  // What follows may take as long as the rows did.
  dropped.signal.throwIfAborted();
  await refusing(dropped, async () => buildIndexes(dropped, states));
  return result;
}

async function refusing<Result>(
  { table }: DroppedIndexes,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!isAboutIndex(error)) throw error;
    throw new IndexesRefused(`${table.name}: ${error.message}`, { cause: error });
  }
}

/** An index that was built again is not what it was. */
class IndexChanged extends Error {}

/** Whether it is the rows or the definition that does not let an index be built. */
function isAboutIndex(error: unknown): error is Error {
  if (error instanceof IndexChanged) return true;
  if (!(error instanceof pg.DatabaseError) || isTransient(error) || isLockTimeout(error)) {
    return false;
  }
  return !FAULTS_OF_THE_SERVER.has(error.code?.slice(0, 2) ?? '');
}

/** SQLSTATE classes: insufficient resources, operator intervention, system error. */
const FAULTS_OF_THE_SERVER = new Set(['53', '57', '58']);

async function dropIndexes(dropped: DroppedIndexes): Promise<readonly IndexState[]> {
  const states = await readStates(dropped);
  for (const state of states) await dropped.client.query(dropSql(dropped, state));
  return states;
}

async function buildIndexes(dropped: DroppedIndexes, states: readonly IndexState[]): Promise<void> {
  // What has no tablespace of its own is in the database's.
  await dropped.client.query(`SET LOCAL default_tablespace = ''`);
  for (const state of states) {
    const label = `${dropped.table.name}: building the index ${state.name}`;
    await whileShown(dropped.progress, label, async () =>
      dropped.client.query(buildSql(dropped, state)),
    );
  }
  const built = await readStates(dropped);
  const changed = states.find(
    (state, index) => JSON.stringify(state) !== JSON.stringify(built[index]),
  );
  if (changed !== undefined) throw new IndexChanged(`the index ${changed.name} is not what it was`);
}

function dropSql({ catalog, table }: DroppedIndexes, { name, constraint }: IndexState): string {
  return constraint === null
    ? `DROP INDEX ${quoteTable(catalog, name)}`
    : `ALTER TABLE ${quoteTable(catalog, table.name)} DROP CONSTRAINT ${quoteIdentifier(name)}`;
}

function buildSql(
  { catalog, table }: DroppedIndexes,
  { name, constraint, definition }: IndexState,
): string {
  return constraint === null
    ? definition
    : `ALTER TABLE ${quoteTable(catalog, table.name)} ADD CONSTRAINT ${quoteIdentifier(name)} ${constraint}`;
}

/** All that the catalog holds of an index but numbers that PostgreSQL draws and counts. */
interface IndexState {
  readonly name: string;
  /** `CREATE INDEX …` */
  readonly definition: string;
  /** Of a constraint, `PRIMARY KEY (…)` or `UNIQUE (…)`. */
  readonly constraint: string | null;
  /** Its rows in pg_class, pg_index, pg_attribute and pg_constraint. */
  readonly state: string;
}

/** In the order in which the indexes were made. */
async function readStates({
  client,
  catalog,
  table,
  indexes,
}: DroppedIndexes): Promise<readonly IndexState[]> {
  const { rows } = await client.query<IndexState>(INDEX_STATES, [
    quoteTable(catalog, table.name),
    indexes,
  ]);
  return rows;
}

// As JSON, so that a column that only some server versions have is compared where there is one.
const INDEX_STATES = `
  SELECT i.relname AS name, pg_catalog.pg_get_indexdef(i.oid) AS definition,
    pg_catalog.pg_get_constraintdef(k.oid) AS constraint,
    jsonb_build_array(
      to_jsonb(i) - '{oid,relfilenode,relpages,reltuples,relallvisible,relallfrozen}'::text[],
      to_jsonb(x) - '{indexrelid,indcheckxmin}'::text[],
      to_jsonb(k) - '{oid,conindid}'::text[],
      (SELECT jsonb_agg(to_jsonb(a) - 'attrelid' ORDER BY a.attnum)
       FROM pg_catalog.pg_attribute AS a WHERE a.attrelid = i.oid))::text AS state
  FROM pg_catalog.pg_index AS x
  JOIN pg_catalog.pg_class AS i ON i.oid = x.indexrelid
  LEFT JOIN pg_catalog.pg_constraint AS k
    ON k.conrelid = x.indrelid AND k.conindid = i.oid AND k.contype IN ('p', 'u')
  WHERE x.indrelid = $1::regclass AND i.relname = ANY($2)
  ORDER BY i.oid`;
