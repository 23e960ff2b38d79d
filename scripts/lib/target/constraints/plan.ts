import type { TargetCatalog, TargetForeignKey, TargetTable } from '../../model/target-catalog.ts';
import { quoteTable } from '../introspect.ts';
import { orderLocks, type LockMode, type TableLock } from './locks.ts';
import type { ConstraintRights, KeyRights } from './rights.ts';

/**
 * How foreign keys are kept while tables load together.
 *
 * - `proven`: triggers are off for the transaction (session_replication_role), and a query proves each
 *   key before the commit. Parents are locked against writers.
 * - `dropped`: each key that comes back as it was is dropped, proven by a query after the load, and
 *   added again, all in the transaction; needs no right beyond owning the tables. The tables and the
 *   parents are locked against readers too.
 * - `in-place`: PostgreSQL checks each row itself, which is slower.
 */
type ConstraintMode = 'proven' | 'dropped' | 'in-place';

/** A foreign key and the table that it belongs to. */
export interface TableKey {
  readonly table: TargetTable;
  readonly key: TargetForeignKey;
}

/** What a load does with the foreign keys and indexes of its tables. */
export interface ConstraintPlan {
  readonly mode: ConstraintMode;
  readonly dropped: readonly TableKey[];
  /** Nothing checks these while rows load, so a query must prove them before the commit. */
  readonly proven: readonly TableKey[];
  /** These are checked at the end, and have to be made deferrable for that. */
  readonly deferred: readonly TableKey[];
  /** Those that are dropped before the rows of their table and built after them, as they were made. */
  readonly indexes: ReadonlyMap<TargetTable, readonly string[]>;
  /** All that the load needs, in the order in which to take them. */
  readonly locks: readonly TableLock[];
}

export interface ConstraintOptions {
  readonly rights: ConstraintRights;
  /** Leaves every foreign key and index in place, whatever the role may do. */
  readonly keepConstraints: boolean;
  /** The tables keep the rows that they hold. */
  readonly keepsRows: boolean;
  /** The table has no rows when they are copied, and then so many that its indexes are better built after them. */
  readonly isFilled: (table: TargetTable) => boolean;
}

/**
 * Decides what becomes of the foreign keys and indexes of tables that load together.
 *
 * @param loaded more than one only where they refer to each other in a circle
 * @param emptied tables that the load empties
 */
export function planConstraints(
  catalog: TargetCatalog,
  loaded: readonly TargetTable[],
  emptied: readonly TargetTable[],
  options: ConstraintOptions,
): ConstraintPlan {
  const rightsOf = ({ key }: TableKey): KeyRights | undefined => options.rights.keys.get(key);
  const keys = loaded
    .flatMap((table) => table.foreignKeys.map((key) => ({ table, key })))
    .filter(({ key }) => key.isEnforced);
  const mode = chooseMode(loaded, keys, options);
  const dropped = mode === 'dropped' ? keys.filter((one) => rightsOf(one)?.mayDrop) : [];
  const proven = keys.filter(
    (one) =>
      mode === 'proven' ||
      dropped.includes(one) ||
      (rightsOf(one)?.isChecked === false && !one.key.isTemporal),
  );
  const isCycle = loaded.length > 1;
  const deferred = keys.filter(
    (one) => isCycle && mode !== 'proven' && !dropped.includes(one) && !one.key.isDeferrable,
  );
  const kept = keys.filter((one) => mode !== 'proven' && !dropped.includes(one));
  const indexes = planIndexes(loaded, kept, options);
  const altered = [
    ...emptied,
    ...[...dropped, ...deferred].map(({ table }) => table),
    ...indexes.keys(),
  ];
  const own = ({ name }: TargetTable): string => quoteTable(catalog, name);
  const locks = orderLocks([
    ...lockAll(loaded.map(own), 'SHARE ROW EXCLUSIVE'),
    ...lockAll(altered.map(own), 'ACCESS EXCLUSIVE'),
    ...lockAll(dropped.map(parentOf), 'ACCESS EXCLUSIVE'),
    // A parent must not go away between the proof and the commit.
    ...lockAll(proven.map(parentOf), 'SHARE'),
    // What PostgreSQL itself takes to check a row.
    ...lockAll(keys.filter((one) => rightsOf(one)?.mayProve).map(parentOf), 'ROW SHARE'),
  ]);
  return { mode, dropped, proven, deferred, indexes, locks };
}

/** @param kept foreign keys that PostgreSQL checks: what waits for its check keeps a table from being altered */
function planIndexes(
  loaded: readonly TargetTable[],
  kept: readonly TableKey[],
  { rights, keepConstraints, isFilled }: ConstraintOptions,
): ConstraintPlan['indexes'] {
  const indexes = new Map<TargetTable, readonly string[]>();
  for (const table of loaded) {
    const names = rights.indexes.get(table.name);
    const isChecked = table.hasDeferrableKeys || kept.some((one) => one.table === table);
    if (names === undefined || keepConstraints || isChecked || !isFilled(table)) continue;
    indexes.set(table, names);
  }
  return indexes;
}

function lockAll(tables: readonly string[], mode: LockMode): TableLock[] {
  return tables.map((table) => ({ table, mode }));
}

function parentOf({ key }: TableKey): string {
  return quoteTable({ schema: key.parentSchema }, key.parentTable);
}

function chooseMode(
  tables: readonly TargetTable[],
  keys: readonly TableKey[],
  { rights, keepConstraints, keepsRows }: ConstraintOptions,
): ConstraintMode {
  if (keepConstraints) return 'in-place';
  // Triggers check what no query here proves: deferrable unique keys, and new rows beside old ones that
  // a key not validated lets be.
  const mayProve =
    rights.maySetReplicationRole &&
    !tables.some((table) => table.hasDeferrableKeys) &&
    keys.every(
      ({ key }) => rights.keys.get(key)?.mayProve === true && (key.isValidated || !keepsRows),
    );
  if (mayProve) return 'proven';
  return keys.some(({ key }) => rights.keys.get(key)?.mayDrop) ? 'dropped' : 'in-place';
}
