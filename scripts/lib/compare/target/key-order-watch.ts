import type { WrittenLine } from '../../mapping/line-writer.ts';
import { cellsOf, keyOfCells, sortsAsInteger, type RowFormat } from './row-format.ts';

const MINUS = 0x2d;
const BACKSLASH = 0x5c;

/**
 * Watches whether the canonical lines of a data file come in the order in which PostgreSQL sorts them.
 * Keys are compared in the bytes of the lines, as `keyOfCells` would order them.
 */
export class KeyOrderWatch {
  readonly #format: RowFormat;
  readonly #isInteger: readonly boolean[];
  /** How many fields of a line have the whole key among them; no more are remembered. */
  readonly #keyFields: number;
  #last: Buffer = Buffer.alloc(0);
  #lastSize = 0;
  #hasLast = false;
  readonly #lastEnds: Int32Array;
  #isInOrder: boolean;

  constructor(format: RowFormat) {
    this.#format = format;
    this.#isInteger = format.columns.map(({ target }) => sortsAsInteger(target));
    this.#keyFields = Math.max(0, ...format.key.map((index) => index + 1));
    this.#lastEnds = new Int32Array(this.#keyFields);
    this.#isInOrder = format.isKeyed;
  }

  look(line: WrittenLine): void {
    if (!this.#isInOrder) return;
    if (this.#hasLast && this.#compareWithLast(line) > 0) this.#isInOrder = false;
    this.#remember(line);
  }

  /** Rows without a key are never taken to be in order. */
  get isInOrder(): boolean {
    return this.#isInOrder;
  }

  /** Below zero when the last line comes first. */
  #compareWithLast(line: WrittenLine): number {
    for (const index of this.#format.key) {
      const lastStart = index === 0 ? 0 : (this.#lastEnds[index - 1] ?? 0) + 1;
      const lastEnd = this.#lastEnds[index] ?? 0;
      const start = index === 0 ? line.start : (line.fieldEnds[index - 1] ?? 0) + 1;
      const end = line.fieldEnds[index] ?? 0;
      const compare = this.#isInteger[index] === true ? compareIntegers : compareBytes;
      const order = compare(this.#last, lastStart, lastEnd, line.bytes, start, end);
      if (Number.isNaN(order)) return this.#compareCells(line);
      if (order !== 0) return order;
    }
    return 0;
  }

  /** Texts with escapes, NULL, and what is no integer after all. */
  #compareCells({ bytes, start, end }: WrittenLine): number {
    const keyOf = (line: string): Buffer => keyOfCells(this.#format, cellsOf(line));
    const last = this.#last.toString('utf8', 0, this.#lastSize);
    return Buffer.compare(keyOf(last), keyOf(bytes.toString('utf8', start, end)));
  }

  #remember({ bytes, start, fieldEnds }: WrittenLine): void {
    const end = fieldEnds[this.#keyFields - 1] ?? start;
    const size = end - start;
    if (size > this.#last.length) this.#last = Buffer.allocUnsafe(2 * size);
    bytes.copy(this.#last, 0, start, end);
    this.#lastSize = size;
    this.#hasLast = true;
    for (let index = 0; index < this.#keyFields; index++) {
      this.#lastEnds[index] = (fieldEnds[index] ?? 0) - start;
    }
  }
}

/** NaN where a field has escapes, which the bytes alone do not order. */
function compareBytes(
  a: Buffer,
  startOfA: number,
  endOfA: number,
  b: Buffer,
  startOfB: number,
  endOfB: number,
): number {
  const common = Math.min(endOfA - startOfA, endOfB - startOfB);
  for (let at = 0; at < common; at++) {
    const byte = a[startOfA + at] ?? 0;
    const other = b[startOfB + at] ?? 0;
    if (byte === BACKSLASH || other === BACKSLASH) return Number.NaN;
    if (byte !== other) return byte - other;
  }
  return endOfA - startOfA - (endOfB - startOfB);
}

/** Without zeros in front, the number with more digits is the larger one. */
function compareIntegers(
  a: Buffer,
  startOfA: number,
  endOfA: number,
  b: Buffer,
  startOfB: number,
  endOfB: number,
): number {
  if (!isInteger(a, startOfA, endOfA) || !isInteger(b, startOfB, endOfB)) return Number.NaN;
  const isNegative = a[startOfA] === MINUS;
  if (isNegative !== (b[startOfB] === MINUS)) return isNegative ? -1 : 1;
  const length = endOfA - startOfA - (endOfB - startOfB);
  const size = length === 0 ? compareBytes(a, startOfA, endOfA, b, startOfB, endOfB) : length;
  return isNegative ? -size : size;
}

/** A digit, or a sign, stands first: it is no NULL and no value that does not fit. */
function isInteger(bytes: Buffer, start: number, end: number): boolean {
  const first = bytes[start] ?? 0;
  return end > start && (first === MINUS || (first >= 0x30 && first <= 0x39));
}
