import type pg from 'pg';

import { ToolkitError } from '../../model/errors.ts';
import { MAX_EXAMPLES } from '../../model/findings.ts';
import type { TargetCatalog, TargetTable } from '../../model/target-catalog.ts';
import { lockForLoad, orderLocks, type TableLock } from '../constraints/locks.ts';
import type { ConstraintPlan, TableKey } from '../constraints/plan.ts';
import type { ConstraintRights } from '../constraints/rights.ts';
import { setConstraintsAside } from '../constraints/set-aside.ts';
import { countTable, quoteTable } from '../introspect.ts';
import { changedSince, isAsLoaded, readTablesNow, type TableNow } from '../journal/proof.ts';
import type { JournalTable } from '../journal/runs.ts';
import {
  findRemainingReferences,
  readReferringKeys,
  type ReferringKey,
  type RemainingReference,
} from './referring-keys.ts';
import { restoreSequences } from './restore-sequences.ts';

export interface TakeBackOptions {
  readonly client: pg.Client;
  readonly catalog: TargetCatalog;
  readonly rights: ConstraintRights;
  /** The tables that the run loaded; each is in the catalog. */
  readonly done: readonly JournalTable[];
  /** Go on where tables changed since: what changed or came later stays. */
  readonly force: boolean;
  /** Sequences that later runs have set. */
  readonly sequencesSetSince: ReadonlySet<string>;
}

/** What was taken back of one table. */
interface TakenBack {
  readonly target: string;
  readonly rowCount: number;
  readonly rowsLeft: number;
}

export type TakeBackOutcome =
  | { readonly kind: 'taken-back'; readonly tables: readonly TakenBack[] }
  /** Rows that stay refer to rows that would go: nothing was changed. */
  | { readonly kind: 'refused'; readonly remaining: readonly RemainingReference[] };

/**
 * Removes the rows that a run loaded, and sets its sequences back, in the transaction that the session
 * is in. Rows that were there before, came later or changed since stay, and so does every row that
 * refers to one that stays: no trigger of a user fires, no ON DELETE action reaches a row that stays,
 * because a query proves of each foreign key, with the tables locked, that none refers to a row that
 * goes. The rows of all tables go in one statement, so that their order is of no account.
 *
 * Locks are taken first, all of them, in the order of the tables' names.
 *
 * @throws ToolkitError of kind `target` when tables changed since and `force` is not given
 */
export async function takeBack(options: TakeBackOptions): Promise<TakeBackOutcome> {
  const { client, catalog, rights, done, force } = options;
  const names = new Set(done.map((table) => table.targetTable));
  const tables = catalog.tables.filter(({ name }) => names.has(name));
  const droppable = rights.maySetReplicationRole ? [] : droppableKeys(catalog, rights, names);
  const locked = [...tables, ...droppable.map(({ table }) => table)];
  const locks = locked.map(({ name }): TableLock => ({
    table: quoteTable(catalog, name),
    mode: 'ACCESS EXCLUSIVE',
  }));
  // What row security hides would neither be counted nor proven: better to fail.
  await client.query('SET LOCAL row_security = off');
  await lockForLoad(client, orderLocks(locks));
  const keys = await readReferringKeys(client, catalog.schema, [...names]);
  const now = await readTablesNow(client, catalog, done);
  const changed = now.filter((table) => !isAsLoaded(table));
  if (changed.length > 0 && !force) throw changedSince(changed, FORCE_HINT);
  const goingXmin = new Map(now.map(({ table, xmin }) => [table.targetTable, xmin]));
  const remaining = await findRemainingReferences(client, keys, goingXmin, MAX_EXAMPLES);
  if (remaining.length > 0) return { kind: 'refused', remaining };
  await removeRows(options, { tables, droppable, keys, now });
  const left = await countRowsLeft(options, now);
  await restoreSequences(client, catalog, done, options.sequencesSetSince);
  return { kind: 'taken-back', tables: left };
}

const FORCE_HINT =
  'with --force the rows that are as they were loaded go, and what came or changed since stays';

interface Removal {
  readonly tables: readonly TargetTable[];
  readonly droppable: readonly TableKey[];
  readonly keys: readonly ReferringKey[];
  readonly now: readonly TableNow[];
}

async function removeRows(
  { client, catalog, rights }: TakeBackOptions,
  { tables, droppable, keys, now }: Removal,
): Promise<void> {
  const truncated = truncatable(now, keys);
  const deleted = now.filter(
    ({ table, untouched }) => untouched > 0 && !truncated.has(table.targetTable),
  );
  const deletedNames = new Set(deleted.map(({ table }) => table.targetTable));
  // Their checks, one for each row, would take long where no index helps them.
  const dropped = droppable.filter(({ key }) => deletedNames.has(key.parentTable));
  const plan: ConstraintPlan = {
    mode: rights.maySetReplicationRole ? 'proven' : dropped.length > 0 ? 'dropped' : 'in-place',
    dropped,
    proven: [],
    deferred: [],
    indexes: new Map(),
    locks: [],
  };
  const restore = await setConstraintsAside(client, catalog, plan, tables);
  if (truncated.size > 0) {
    const list = [...truncated].map((name) => quoteTable(catalog, name));
    await client.query(`TRUNCATE ${list.join(', ')}`);
  }
  if (deleted.length > 0) await deleteRows(client, catalog, deleted);
  await restore();
}

/** Tables of which every row goes, and to which no other table refers: they need no look at each row. */
function truncatable(now: readonly TableNow[], keys: readonly ReferringKey[]): Set<string> {
  const names = new Set(
    now.filter(({ rows, untouched }) => rows === untouched).map(({ table }) => table.targetTable),
  );
  for (let size = -1; size !== names.size;) {
    size = names.size;
    for (const { parentTable, childTable } of keys) {
      if (childTable === null || !names.has(childTable)) names.delete(parentTable);
    }
  }
  return names;
}

/** PostgreSQL checks and acts on foreign keys that are in place when the whole statement is done. */
async function deleteRows(
  client: pg.Client,
  catalog: TargetCatalog,
  deleted: readonly TableNow[],
): Promise<void> {
  const parts = deleted.map(
    ({ table }, index) =>
      `t${index} AS (DELETE FROM ${quoteTable(catalog, table.targetTable)} WHERE xmin = $${index + 1}::xid)`,
  );
  await client.query(
    `WITH ${parts.join(', ')} SELECT`,
    deleted.map(({ xmin }) => xmin),
  );
}

async function countRowsLeft(
  { client, catalog }: TakeBackOptions,
  now: readonly TableNow[],
): Promise<TakenBack[]> {
  const left: TakenBack[] = [];
  for (const { table, rows, untouched } of now) {
    const rowsLeft = await countTable(client, catalog, table.targetTable);
    if (rowsLeft !== rows - untouched) throw miscounted(table, untouched, rows - rowsLeft);
    left.push({ target: table.targetTable, rowCount: untouched, rowsLeft });
  }
  return left;
}

function miscounted({ targetTable }: JournalTable, expected: number, gone: number): ToolkitError {
  return new ToolkitError({
    kind: 'target',
    code: 'row-count',
    message: `${expected} rows were to go, and ${gone} went; all is as it was`,
    where: { table: targetTable },
    hint: 'look for a rule on the table that keeps or removes rows',
  });
}

/** The foreign keys to these tables that come back as they were when they are dropped. */
function droppableKeys(
  catalog: TargetCatalog,
  rights: ConstraintRights,
  parents: ReadonlySet<string>,
): TableKey[] {
  return catalog.tables.flatMap((table) =>
    table.foreignKeys
      .filter(
        (key) =>
          key.parentSchema === catalog.schema &&
          parents.has(key.parentTable) &&
          rights.keys.get(key)?.mayDrop === true,
      )
      .map((key) => ({ table, key })),
  );
}
