import type { ManifestTable } from '../artifact/manifest.ts';
import { TOKEN, type ScannedRows } from '../artifact/scanned-rows.ts';
import { integerOf, readToken } from '../artifact/token.ts';
import type { ColumnFacts } from '../model/column-facts.ts';
import { isBlob } from '../value/bytes/blobs.ts';
import { SHORTEST_DIGITS, endOfDigits } from '../value/bytes/decimals.ts';
import { TextFacts } from './text-facts.ts';

const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;

/** Learns of each column of a table what later says that its values fit a target, while rows pass. */
export class TableFacts {
  readonly #columns: readonly ColumnLearner[];

  constructor({ columns }: Pick<ManifestTable, 'columns'>) {
    this.#columns = columns.map(({ name }) => new ColumnLearner(name));
  }

  look(rows: ScannedRows): void {
    for (const [index, column] of this.#columns.entries()) column.look(rows, index);
  }

  /** In the order of the table's columns, of all rows that were looked at. */
  results(): ColumnFacts[] {
    return this.#columns.map((column) => column.result());
  }
}

class ColumnLearner {
  readonly #name: string;
  readonly #integers = new IntegerFacts();
  readonly #reals = new RealFacts();
  readonly #texts = new TextFacts();
  #nulls = 0;
  #blobs = 0;
  #others = 0;

  constructor(name: string) {
    this.#name = name;
  }

  /** Column by column: what is looked for stays at hand. */
  look(rows: ScannedRows, column: number): void {
    const { kinds, columnCount } = rows;
    const end = rows.rowCount * columnCount;
    for (let place = column; place < end; place += columnCount) {
      switch (kinds[place]) {
        case TOKEN.null:
          this.#nulls += 1;
          break;
        case TOKEN.integer:
          this.#integers.look(rows, place);
          break;
        case TOKEN.real:
          this.#reals.look(rows, place);
          break;
        case TOKEN.text:
          this.#texts.look(rows, place);
          break;
        case TOKEN.escapedText:
          this.#texts.lookEscaped(rows, place);
          break;
        default:
          if (isBlob(rows.bytes, rows.starts[place] ?? 0)) this.#blobs += 1;
          else this.#others += 1;
      }
    }
  }

  result(): ColumnFacts {
    return {
      name: this.#name,
      nulls: this.#nulls,
      integers: this.#integers.result(),
      reals: this.#reals.result(),
      texts: this.#texts.result(),
      blobs: this.#blobs,
      others: this.#others,
    };
  }
}

class IntegerFacts {
  #count = 0;
  /** Of those that are exact as numbers, 0 left out. */
  #min = Infinity;
  #max = -Infinity;
  /** Of the others. */
  #bigMin: bigint | null = null;
  #bigMax: bigint | null = null;

  look(rows: ScannedRows, place: number): void {
    this.#count += 1;
    const value = integerOf(rows, place);
    if (value === 0) return;
    if (Number.isNaN(value)) {
      this.#lookBig(readToken(rows, place));
      return;
    }
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
  }

  #lookBig(value: unknown): void {
    if (typeof value !== 'bigint') return;
    if (this.#bigMin === null || value < this.#bigMin) this.#bigMin = value;
    if (this.#bigMax === null || value > this.#bigMax) this.#bigMax = value;
  }

  result(): ColumnFacts['integers'] {
    if (this.#count === 0) return null;
    const exact = this.#min <= this.#max ? [BigInt(this.#min), BigInt(this.#max)] : [];
    const sorted = [...exact, this.#bigMin, this.#bigMax]
      .filter((value) => value !== null)
      .toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    const [min] = sorted;
    const max = sorted.at(-1);
    const range =
      min === undefined || max === undefined ? null : { min: String(min), max: String(max) };
    return { count: this.#count, range };
  }
}

class RealFacts {
  #count = 0;
  #isPlain = true;
  #wholeDigits = 0;
  #decimals = 0;

  look({ bytes, starts, ends }: ScannedRows, place: number): void {
    this.#count += 1;
    if (!this.#isPlain) return;
    const start = starts[place] ?? 0;
    let end = ends[place] ?? 0;
    const first = bytes[start] === MINUS ? start + 1 : start;
    const point = endOfDigits(bytes, first, end);
    if (bytes[point] !== POINT || endOfDigits(bytes, point + 1, end) !== end) {
      this.#isPlain = false;
      return;
    }
    while (bytes[end - 1] === ZERO) end -= 1;
    const decimals = end - point - 1;
    const wholeDigits = bytes[first] === ZERO ? 0 : point - first;
    if (point - first + decimals > SHORTEST_DIGITS) this.#isPlain = false;
    if (wholeDigits > this.#wholeDigits) this.#wholeDigits = wholeDigits;
    if (decimals > this.#decimals) this.#decimals = decimals;
  }

  result(): ColumnFacts['reals'] {
    if (this.#count === 0) return null;
    const plain = this.#isPlain
      ? { wholeDigits: this.#wholeDigits, decimals: this.#decimals }
      : null;
    return { count: this.#count, plain };
  }
}
