import { TOKEN, type ScannedRows } from '../artifact/scanned-rows.ts';
import { compareBytes, integerOf, readToken } from '../artifact/token.ts';
import type { SourceEncoding } from '../model/source-catalog.ts';
import { MalformedText, asBuffer, type SqliteValue } from '../model/values.ts';
import { encodeText } from '../source/text.ts';

/** NULL, then numbers, then text, then BLOBs. Source: https://www.sqlite.org/datatype3.html#sort_order */
function rank(value: SqliteValue): number {
  if (value === null) return 0;
  if (typeof value === 'bigint' || typeof value === 'number') return 1;
  return typeof value === 'string' || value instanceof MalformedText ? 2 : 3;
}

function textBytes(value: SqliteValue, encoding: SourceEncoding): Buffer {
  return value instanceof MalformedText
    ? asBuffer(value.bytes)
    : encodeText(typeof value === 'string' ? value : '', encoding);
}

/** Orders two values as SQLite's BINARY collation does: below zero when `a` comes first. */
export function compareValues(a: SqliteValue, b: SqliteValue, encoding: SourceEncoding): number {
  const byRank = rank(a) - rank(b);
  if (byRank !== 0) return byRank;
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b);
  // JavaScript compares bigint with number exactly, without rounding either.
  if (rank(a) === 1) return a === b || a == b ? 0 : isLess(a, b) ? -1 : 1;
  if (rank(a) === 0) return 0;
  return Buffer.compare(textBytes(a, encoding), textBytes(b, encoding));
}

function isLess(a: SqliteValue, b: SqliteValue): boolean {
  return (a as number | bigint) < (b as number | bigint);
}

export type KeyFault = 'duplicate' | 'out-of-order';

/**
 * Watches that rows come in ascending primary-key order, which finds a duplicate in constant memory.
 * Keys with a NULL in them may repeat, as SQLite allows.
 */
export class KeyOrderCheck {
  readonly #indexes: readonly number[];
  readonly #encoding: SourceEncoding;
  /** The key of the row before, where that row is in an earlier batch. */
  #previous: readonly SqliteValue[] | undefined;

  constructor(
    columnNames: readonly string[],
    primaryKey: readonly string[],
    encoding: SourceEncoding,
  ) {
    this.#indexes = primaryKey.map((name) => columnNames.indexOf(name));
    this.#encoding = encoding;
  }

  /** To be asked about every row of every batch, one after the other. */
  next(scanned: ScannedRows, row: number): KeyFault | null {
    if (this.#indexes.length === 0) return null;
    const order = this.#orderOf(scanned, row);
    if (row === scanned.rowCount - 1) this.#previous = this.#keyOf(scanned, row);
    if (order < 0) return null;
    if (order > 0) return 'out-of-order';
    return this.#keyOf(scanned, row).includes(null) ? null : 'duplicate';
  }

  /** The order of the row before and this one. */
  #orderOf(scanned: ScannedRows, row: number): number {
    const place = row * scanned.columnCount;
    for (let at = 0; at < this.#indexes.length; at++) {
      const index = this.#indexes[at] ?? 0;
      const order =
        row === 0
          ? this.#orderToPrevious(at, readToken(scanned, index))
          : this.#compareTokens(scanned, place - scanned.columnCount + index, place + index);
      if (order !== 0) return order;
    }
    return 0;
  }

  #orderToPrevious(at: number, value: SqliteValue): number {
    if (this.#previous === undefined) return -1;
    return compareValues(this.#previous[at] ?? null, value, this.#encoding);
  }

  #compareTokens(scanned: ScannedRows, a: number, b: number): number {
    const kind = scanned.kinds[a];
    if (kind === scanned.kinds[b]) {
      if (kind === TOKEN.integer) {
        const difference = integerOf(scanned, a) - integerOf(scanned, b);
        if (!Number.isNaN(difference)) return difference;
      }
      if (kind === TOKEN.text && this.#encoding === 'UTF-8') return compareBytes(scanned, a, b);
    }
    return compareValues(readToken(scanned, a), readToken(scanned, b), this.#encoding);
  }

  #keyOf(scanned: ScannedRows, row: number): SqliteValue[] {
    return this.#indexes.map((index) => readToken(scanned, row * scanned.columnCount + index));
  }
}
