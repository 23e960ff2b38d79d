import type { ScannedRows } from '../../artifact/scanned-rows.ts';
import type { SqliteValue } from '../../model/values.ts';

/** A set of keys in memory. It decides exactly as SQLite does, or says that it cannot. */
export interface KeyHolder {
  /** Adds the key of a row, which has no NULL; false when it does not take it, or has no room. */
  addRow(rows: ScannedRows, row: number, indexes: readonly number[]): boolean;
  /** Whether it has the key of a row; undefined when it cannot say. */
  hasRow(rows: ScannedRows, row: number, indexes: readonly number[]): boolean | undefined;
  /** {@link addRow} for values. */
  add(values: readonly SqliteValue[]): boolean;
  /** {@link hasRow} for values that it can say it of. */
  has(values: readonly SqliteValue[]): boolean;
  values(): Iterable<readonly SqliteValue[]>;
  /** Gives its memory back. */
  release(): void;
}
