import type { ManifestTable } from '../artifact/manifest.ts';
import { TOKEN, type ScannedRows } from '../artifact/scanned-rows.ts';
import type { ColumnFacts } from '../model/column-facts.ts';
import { isBlob } from '../value/bytes/blobs.ts';
import { SHORTEST_DIGITS } from '../value/bytes/decimals.ts';
import { EXACT_DIGITS, integerOf } from '../value/bytes/integers.ts';
import { TextFacts } from './text-facts.ts';

const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;

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
  #integerCount = 0;
  #realCount = 0;
  #textCount = 0;
  #blobCount = 0;
  #otherCount = 0;
  #rowCount = 0;

  constructor(name: string) {
    this.#name = name;
  }

  /** Column by column, and counted in local variables: this runs for every value of an artifact. */
  look({ bytes, kinds, starts, ends, rowCount, columnCount }: ScannedRows, column: number): void {
    let [integers, reals, texts] = [0, 0, 0];
    const afterLast = rowCount * columnCount;
    for (let place = column; place < afterLast; place += columnCount) {
      switch (kinds[place]) {
        case TOKEN.null:
          break;
        case TOKEN.integer:
          integers += 1;
          this.#integers.look(bytes, starts[place] ?? 0, ends[place] ?? 0);
          break;
        case TOKEN.real:
          reals += 1;
          this.#reals.look(bytes, starts[place] ?? 0, ends[place] ?? 0);
          break;
        case TOKEN.text:
          texts += 1;
          this.#texts.look(bytes, starts[place] ?? 0, ends[place] ?? 0);
          break;
        case TOKEN.escapedText:
          texts += 1;
          this.#texts.lookEscaped(bytes, starts[place] ?? 0, ends[place] ?? 0);
          break;
        default:
          if (isBlob(bytes, starts[place] ?? 0)) this.#blobCount += 1;
          else this.#otherCount += 1;
      }
    }
    this.#rowCount += rowCount;
    this.#integerCount += integers;
    this.#realCount += reals;
    this.#textCount += texts;
  }

  result(): ColumnFacts {
    const [integers, reals, texts] = [this.#integerCount, this.#realCount, this.#textCount];
    const others = this.#otherCount;
    const blobs = this.#blobCount;
    return {
      name: this.#name,
      nulls: this.#rowCount - integers - reals - texts - blobs - others,
      integers: integers === 0 ? null : { count: integers, range: this.#integers.range() },
      reals: reals === 0 ? null : { count: reals, plain: this.#reals.plain() },
      texts: texts === 0 ? null : { count: texts, ...this.#texts.result() },
      blobs,
      others,
    };
  }
}

/** Between which limits the integers of a column lie, 0 left out. */
class IntegerFacts {
  /** Of those that are exact as numbers. */
  #min = Infinity;
  #max = -Infinity;
  /** Of the others. */
  #bigMin: bigint | null = null;
  #bigMax: bigint | null = null;

  look(bytes: Buffer, start: number, end: number): void {
    if (end - start > EXACT_DIGITS) {
      this.#lookBig(BigInt(bytes.toString('latin1', start, end)));
      return;
    }
    const value = integerOf(bytes, start, end);
    if (value === 0) return;
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
  }

  #lookBig(value: bigint): void {
    if (this.#bigMin === null || value < this.#bigMin) this.#bigMin = value;
    if (this.#bigMax === null || value > this.#bigMax) this.#bigMax = value;
  }

  /** Null when there was none but 0. */
  range(): NonNullable<ColumnFacts['integers']>['range'] {
    const exact = this.#min <= this.#max ? [BigInt(this.#min), BigInt(this.#max)] : [];
    const sorted = [...exact, this.#bigMin, this.#bigMax]
      .filter((value) => value !== null)
      .toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    const [min] = sorted;
    const max = sorted.at(-1);
    return min === undefined || max === undefined ? null : { min: String(min), max: String(max) };
  }
}

/** How many digits the REALs of a column have, as they are written. */
class RealFacts {
  #isPlain = true;
  #wholeDigits = 0;
  #decimals = 0;

  /** The form of a REAL has been checked: back to the point there are digits, or it has an exponent. */
  look(bytes: Buffer, start: number, end: number): void {
    if (!this.#isPlain) return;
    let last = end;
    while (bytes[last - 1] === ZERO) last -= 1;
    let point = last - 1;
    while (isDigit(bytes[point] ?? 0)) point -= 1;
    const first = bytes[start] === MINUS ? start + 1 : start;
    const decimals = last - point - 1;
    if (bytes[point] !== POINT || point - first + decimals > SHORTEST_DIGITS) {
      this.#isPlain = false;
      return;
    }
    const wholeDigits = bytes[first] === ZERO ? 0 : point - first;
    if (wholeDigits > this.#wholeDigits) this.#wholeDigits = wholeDigits;
    if (decimals > this.#decimals) this.#decimals = decimals;
  }

  /** Null when one had an exponent, or too many digits to be sure that they are its shortest form. */
  plain(): NonNullable<ColumnFacts['reals']>['plain'] {
    return this.#isPlain ? { wholeDigits: this.#wholeDigits, decimals: this.#decimals } : null;
  }
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE;
}
