import type { SourceEncoding } from '../model/source-catalog.ts';
import { MalformedText, asBuffer, type Row, type SqliteValue } from '../model/values.ts';
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
  #previous: SqliteValue[] | undefined;

  constructor(
    columnNames: readonly string[],
    primaryKey: readonly string[],
    encoding: SourceEncoding,
  ) {
    this.#indexes = primaryKey.map((name) => columnNames.indexOf(name));
    this.#encoding = encoding;
  }

  next(row: Row): KeyFault | null {
    if (this.#indexes.length === 0) return null;
    const key = this.#indexes.map((index) => row[index] ?? null);
    const previous = this.#previous;
    this.#previous = key;
    if (previous === undefined) return null;
    for (const [index, value] of key.entries()) {
      const order = compareValues(previous[index] ?? null, value, this.#encoding);
      if (order < 0) return null;
      if (order > 0) return 'out-of-order';
    }
    return key.includes(null) ? null : 'duplicate';
  }
}
