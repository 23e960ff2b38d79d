import type Database from 'better-sqlite3';

import { quoteIdentifier } from '../../model/sql.ts';
import type { SourceTable } from '../../model/source-catalog.ts';
import { accessibleRowid } from '../rows.ts';
import { LARGEST_ROWID } from './stretches.ts';

/**
 * Values of some rows: of each a JSON array of those of the columns asked for, on a line of its own.
 * Malformed text stands there as it is.
 */
export interface ValueLines {
  readonly bytes: Buffer;
  /** There are fewer lines where rows hold a BLOB. */
  readonly rowCount: number;
  /** null when these are the last rows. */
  readonly lastRowid: bigint | null;
}

/** Reads rows from a rowid on, at most so many. */
export type ValueLineReader = (fromRowid: bigint, rows: number) => ValueLines;

const NONE = Buffer.alloc(0);

/**
 * Makes what reads the values of a table that has a rowid, in SQLite's own code. JSON tells INTEGER,
 * REAL and TEXT apart and has every digit of them; of REALs it has no -0.0, and an infinite one is
 * `9.0e+999`.
 *
 * Source: https://www.sqlite.org/json1.html
 */
export function valueLineReader(
  db: Database.Database,
  table: SourceTable,
  columns: readonly string[],
): ValueLineReader {
  const rowid = accessibleRowid(table) ?? '';
  const from = `main.${quoteIdentifier(table.name)} NOT INDEXED`;
  const lastOf = db
    .prepare<[bigint, number], bigint>(
      `SELECT ${rowid} FROM ${from} WHERE ${rowid} >= ? ORDER BY ${rowid} LIMIT 1 OFFSET ? + 0`,
    )
    .pluck();
  const read = db
    .prepare<[bigint, bigint], [number, Buffer | null]>(
      `SELECT count(*), CAST(group_concat(${valuesSql(columns)}, char(10)) AS BLOB)
       FROM ${from} WHERE ${rowid} BETWEEN ? AND ?`,
    )
    .safeIntegers(false)
    .raw(true);
  return (fromRowid, rows) => {
    const lastRowid = lastOf.get(fromRowid, rows - 1) ?? null;
    const [rowCount = 0, bytes] = read.get(fromRowid, lastRowid ?? LARGEST_ROWID) ?? [];
    return { bytes: bytes ?? NONE, rowCount, lastRowid };
  };
}

/** BLOBs come after all else. They are asked for, since JSON functions take some for JSON: those that look like JSONB. */
function valuesSql(columns: readonly string[]): string {
  const names = columns.map(quoteIdentifier);
  const hasBlob = names.map((name) => `+${name} >= x'' COLLATE BINARY`);
  return `iif(${hasBlob.join(' OR ')}, NULL, json_array(${names.join(', ')}))`;
}
