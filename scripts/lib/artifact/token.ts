import { decodeNumber, decodeTaggedObject } from '../value/codec.ts';
import type { Row, SqliteValue } from '../model/values.ts';
import { TOKEN, type ScannedRows } from './scanned-rows.ts';

/** Numbers of as many digits are exact in a double. */
const SAFE_DIGITS = 15;
const MINUS = 0x2d;
const ZERO = 0x30;

/** The value of a token, the same that LineParser reads there. */
export function readToken(scanned: ScannedRows, place: number): SqliteValue {
  const { bytes } = scanned;
  const start = scanned.starts[place] ?? 0;
  const end = scanned.ends[place] ?? 0;
  switch (scanned.kinds[place]) {
    case TOKEN.null:
      return null;
    case TOKEN.integer:
    case TOKEN.real:
      return decodeNumber(bytes.toString('latin1', start, end));
    case TOKEN.text:
      return bytes.toString('utf8', start, end);
    case TOKEN.escapedText:
      return String(JSON.parse(bytes.toString('utf8', start - 1, end + 1)));
    default:
      return decodeTaggedObject(bytes.toString('latin1', start, end));
  }
}

/** A whole row, the same that LineParser makes of its line. */
export function readRow(scanned: ScannedRows, row: number): Row {
  const first = row * scanned.columnCount;
  return Array.from({ length: scanned.columnCount }, (_, column) =>
    readToken(scanned, first + column),
  );
}

/** An INTEGER as a number; NaN for one that a double may not hold exactly, and for everything else. */
export function integerOf(scanned: ScannedRows, place: number): number {
  if (scanned.kinds[place] !== TOKEN.integer) return NaN;
  const start = scanned.starts[place] ?? 0;
  const end = scanned.ends[place] ?? 0;
  const isNegative = scanned.bytes[start] === MINUS;
  const firstDigit = isNegative ? start + 1 : start;
  if (end - firstDigit > SAFE_DIGITS) return NaN;
  let integer = 0;
  for (let at = firstDigit; at < end; at++)
    integer = integer * 10 + (scanned.bytes[at] ?? 0) - ZERO;
  return isNegative ? -integer : integer;
}

/** Orders the bytes of two tokens of a batch: below zero when those of `a` come first. */
export function compareBytes({ bytes, starts, ends }: ScannedRows, a: number, b: number): number {
  const startA = starts[a] ?? 0;
  const startB = starts[b] ?? 0;
  const lengthA = (ends[a] ?? 0) - startA;
  const lengthB = (ends[b] ?? 0) - startB;
  const common = Math.min(lengthA, lengthB);
  for (let at = 0; at < common; at++) {
    const difference = (bytes[startA + at] ?? 0) - (bytes[startB + at] ?? 0);
    if (difference !== 0) return difference;
  }
  return lengthA - lengthB;
}
