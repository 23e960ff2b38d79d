import { performance } from 'node:perf_hooks';

import { quoteIdentifier } from '../../model/sql.ts';
import type { SourceTable } from '../../model/source-catalog.ts';
import { accessibleRowid } from '../rows.ts';

/** Rows of a table that are looked at together: from this rowid on, at most so many. */
export interface Stretch {
  readonly fromRowid: bigint;
  readonly maxRows: number;
}

/** How far a look at a stretch came. */
export interface StretchSeen {
  readonly rows: number;
  /** null when there were none, or when the table has no rowid. */
  readonly lastRowid: bigint | null;
}

const SMALLEST_ROWID = -(2n ** 63n);
/** The last rowid that a table can have. */
export const LARGEST_ROWID = 2n ** 63n - 1n;
const FIRST_ROWS = 1000;
const LARGEST_ROWS = 1_000_000;
const WANTED_MS = 200;
const EVERY_ROW = -1;

/**
 * `SELECT … FROM` the rows of a stretch, with their rowid as `r` (NULL where there is none); its
 * parameters are those of {@link stretchParameters}. Being limited, it is not merged into a query
 * around it, which therefore computes each of `columns` once.
 */
export function selectStretch(table: SourceTable, columns: readonly string[]): string {
  const rowid = rowidOf(table);
  const where = rowid === null ? 'WHERE ? IS NOT NULL' : `WHERE ${rowid} >= ? ORDER BY ${rowid}`;
  const selected = [`${rowid ?? 'NULL'} AS r`, ...columns].join(', ');
  // As a bare parameter the limit would have SQLite prepare the statement anew for each value.
  return `SELECT ${selected} FROM main.${quoteIdentifier(table.name)} NOT INDEXED ${where} LIMIT ? + 0`;
}

export type StretchParameters = [fromRowid: bigint, maxRows: number];

export function stretchParameters({ fromRowid, maxRows }: Stretch): StretchParameters {
  return [fromRowid, maxRows];
}

/**
 * Walks a table in stretches that take about a fifth of a second each, so that between two of them
 * Ctrl-C is heard and progress is seen. A table without an accessible rowid is one stretch.
 *
 * @param look is given each stretch; walking ends early when it returns null
 * @throws what `signal` was aborted with
 */
export async function walkStretches(
  table: SourceTable,
  signal: AbortSignal,
  look: (stretch: Stretch) => StretchSeen | null | Promise<StretchSeen | null>,
): Promise<void> {
  const whole = rowidOf(table) === null;
  let stretch: Stretch = {
    fromRowid: SMALLEST_ROWID,
    maxRows: whole ? EVERY_ROW : FIRST_ROWS,
  };
  for (;;) {
    await new Promise(setImmediate);
    signal.throwIfAborted();
    const startedAt = performance.now();
    const seen = await look(stretch);
    if (whole || seen === null || seen.lastRowid === null) return;
    if (seen.rows < stretch.maxRows || seen.lastRowid === LARGEST_ROWID) return;
    stretch = {
      fromRowid: seen.lastRowid + 1n,
      maxRows: nextSize(stretch.maxRows, performance.now() - startedAt),
    };
  }
}

/** At most four times as many rows as before: the next ones may be larger. */
function nextSize(rows: number, elapsedMs: number): number {
  const wanted = Math.round((rows * WANTED_MS) / Math.max(elapsedMs, 1));
  return Math.max(1, Math.min(wanted, rows * 4, LARGEST_ROWS));
}

function rowidOf(table: SourceTable): string | null {
  return table.withoutRowid ? null : (accessibleRowid(table) ?? null);
}
