import type pg from 'pg';

/** Modes that a load takes, the weakest first; each conflicts with all that a weaker one conflicts with. */
const MODES = ['ROW SHARE', 'SHARE', 'SHARE ROW EXCLUSIVE', 'ACCESS EXCLUSIVE'] as const;

export type LockMode = (typeof MODES)[number];

export interface TableLock {
  /** Schema-qualified and quoted, ready for SQL. */
  readonly table: string;
  readonly mode: LockMode;
}

/** One lock a table, in the strongest mode that is asked for, in the order in which to take them. */
export function orderLocks(wanted: readonly TableLock[]): TableLock[] {
  const strongest = new Map<string, LockMode>();
  for (const { table, mode } of wanted) {
    const other = strongest.get(table);
    if (other === undefined || MODES.indexOf(mode) > MODES.indexOf(other)) {
      strongest.set(table, mode);
    }
  }
  return [...strongest.keys()].toSorted().flatMap((table) => {
    const mode = strongest.get(table);
    return mode === undefined ? [] : [{ table, mode }];
  });
}

/**
 * Takes all locks of a load before it does anything else. Every session takes them in the same order,
 * that of the tables' names, and none in a stronger mode later: so loads wait for each other, and
 * never in a circle.
 */
export async function lockForLoad(client: pg.Client, locks: readonly TableLock[]): Promise<void> {
  for (const { table, mode } of locks) await client.query(`LOCK TABLE ${table} IN ${mode} MODE`);
}

/**
 * Whether two loads with these locks can go on side by side; otherwise the second waits for the end of the first.
 *
 * Source: https://www.postgresql.org/docs/current/explicit-locking.html#TABLE-LOCK-COMPATIBILITY
 */
export function canRunTogether(some: readonly TableLock[], others: readonly TableLock[]): boolean {
  const held = new Map(some.map(({ table, mode }) => [table, mode]));
  return others.every(({ table, mode }) => {
    const other = held.get(table);
    return other === undefined || COMPATIBLE[other].includes(mode);
  });
}

const COMPATIBLE: Readonly<Record<LockMode, readonly LockMode[]>> = {
  'ROW SHARE': ['ROW SHARE', 'SHARE', 'SHARE ROW EXCLUSIVE'],
  SHARE: ['ROW SHARE', 'SHARE'],
  'SHARE ROW EXCLUSIVE': ['ROW SHARE'],
  'ACCESS EXCLUSIVE': [],
};
