import type { Database } from 'better-sqlite3';

import type { SourceTable } from '../model/source-catalog.ts';
import { countRows, countRowsSql } from './rows.ts';
import type { SnapshotReaders } from './snapshot-readers.ts';

/** How many bytes of rows are read at a time: where rows are of usual size, and where one is large. */
const WANTED_BYTES = 256 * 1024;
const MOST_BYTES = 8 * 1024 * 1024;
const MOST_ROWS = 4096;

/** How large a table is. */
export interface TableSize {
  readonly rowCount: number;
  /** What {@link rowsAtATime} says; undefined where nobody has asked yet. */
  readonly rowsAtATime?: number | undefined;
}

/** How many rows a table has. */
export function tableSize(db: Database, table: SourceTable): TableSize {
  return { rowCount: Number(countRows(db, table)) };
}

/** How large a table is, found out by the readers, who walk it side by side. */
export async function tableSizeByReaders(
  readers: SnapshotReaders,
  table: SourceTable,
): Promise<TableSize> {
  const [[count], [rowSizes]] = await Promise.all([
    readers.read(countRowsSql(table), []),
    readers.read(ROW_SIZES_SQL, [table.name]),
  ]);
  return {
    rowCount: Number(count?.[0] ?? 0n),
    rowsAtATime: rowsOfSizes(table, rowSizes as RowSizes | undefined),
  };
}

/** How many cells the pages have, the bytes in them, and the largest. Source: https://www.sqlite.org/dbstat.html */
const ROW_SIZES_SQL = `SELECT ncell, payload, mx_payload FROM dbstat
  WHERE schema = 'main' AND aggregate = TRUE AND name = ?`;

type RowSizes = readonly [cells: bigint, bytes: bigint, largest: bigint];

/**
 * How many rows of a table are well read at a time, so that their lines are of moderate size; none of
 * them is known to be larger.
 */
export function rowsAtATime(db: Database, table: SourceTable): number {
  return rowsOfSizes(
    table,
    db.prepare<[string], RowSizes>(ROW_SIZES_SQL).raw(true).get(table.name),
  );
}

function rowsOfSizes(table: SourceTable, sizes: RowSizes | undefined): number {
  const [cells, bytes, largest] = sizes ?? [0n, 0n, 0n];
  if (cells === 0n) return MOST_ROWS;
  // JSON has the names too.
  const names = table.columns.reduce((sum, { name }) => sum + name.length + 4, 0);
  const usual = WANTED_BYTES / (Number(bytes / cells) + names);
  const most = MOST_BYTES / (Number(largest) + names);
  return Math.max(1, Math.floor(Math.min(usual, most, MOST_ROWS)));
}
