import { TOKEN, type ScannedRows } from '../../artifact/scanned-rows.ts';
import { readToken } from '../../artifact/token.ts';
import { asBuffer, type SqliteValue } from '../../model/values.ts';
import { comparesAsBinary, type KeyColumnRule } from '../key-set.ts';

/** Stands between the values of a key: no byte of UTF-8 or of digits. */
const SEPARATOR = 0xff;
const FIRST_ROOM_BYTES = 1024;

/**
 * Keys as bytes, of those columns for which equal bytes are equal values to SQLite and others are not:
 * INTEGERs, where the parent's column has integer or numeric affinity; well-formed TEXT, where it has
 * text affinity and compares by BINARY. All else (TEXT that an affinity makes a number of, a REAL that
 * equals an INTEGER, other collations) is for SQLite to compare.
 *
 * Source: https://www.sqlite.org/datatype3.html#type_conversions_prior_to_comparison
 */
export class KeyBytes {
  /** By column: whether the key is TEXT, else INTEGER. */
  readonly #areTexts: readonly boolean[];
  /** The key that was read last is `bytes[start, end)`; valid until the next one is read. */
  bytes: Buffer = Buffer.alloc(FIRST_ROOM_BYTES);
  start = 0;
  end = 0;
  #own: Buffer = this.bytes;

  /** Null when the columns are for SQLite to compare. */
  static of(rules: readonly KeyColumnRule[]): KeyBytes | null {
    return rules.every(hasBytes) ? new KeyBytes(rules.map(isText)) : null;
  }

  private constructor(areTexts: readonly boolean[]) {
    this.#areTexts = areTexts;
  }

  /** Reads a row's key; false when a value of it is none that bytes can stand for. */
  readRow(scanned: ScannedRows, row: number, indexes: readonly number[]): boolean {
    const first = row * scanned.columnCount;
    if (indexes.length === 1) return this.#readAlone(scanned, first + (indexes[0] ?? 0));
    this.#begin();
    for (let column = 0; column < indexes.length; column++) {
      const place = first + (indexes[column] ?? 0);
      const isRead =
        scanned.kinds[place] === this.#plainKind(column)
          ? this.#appendToken(column, scanned, place)
          : this.#append(column, readToken(scanned, place));
      if (!isRead) return false;
    }
    return true;
  }

  /** Reads a key of values; false when a value of it is none that bytes can stand for. */
  readValues(values: readonly SqliteValue[]): boolean {
    this.#begin();
    return values.every((value, column) => this.#append(column, value));
  }

  /** The values of a key. */
  valuesOf(key: Uint8Array): SqliteValue[] {
    const bytes = asBuffer(key);
    let start = 0;
    return this.#areTexts.map((isText) => {
      const separator = bytes.indexOf(SEPARATOR, start);
      const end = separator === -1 ? bytes.length : separator;
      const text = bytes.toString('utf8', start, end);
      start = end + 1;
      return isText ? text : BigInt(text);
    });
  }

  /** A key of one column needs no copy. */
  #readAlone(scanned: ScannedRows, place: number): boolean {
    if (scanned.kinds[place] !== this.#plainKind(0)) {
      this.#begin();
      return this.#append(0, readToken(scanned, place));
    }
    this.bytes = scanned.bytes;
    this.start = scanned.starts[place] ?? 0;
    this.end = scanned.ends[place] ?? 0;
    return true;
  }

  #plainKind(column: number): number {
    return this.#areTexts[column] === true ? TOKEN.text : TOKEN.integer;
  }

  #begin(): void {
    this.bytes = this.#own;
    this.start = 0;
    this.end = 0;
  }

  #append(column: number, value: SqliteValue): boolean {
    if (typeof value !== 'string' && typeof value !== 'bigint') return false;
    if ((typeof value === 'string') !== this.#areTexts[column]) return false;
    const text = String(value);
    this.#reserve(column, Buffer.byteLength(text));
    this.end += this.#own.write(text, this.end);
    return true;
  }

  #appendToken(column: number, { bytes, starts, ends }: ScannedRows, place: number): boolean {
    const tokenEnd = ends[place] ?? 0;
    let from = starts[place] ?? 0;
    this.#reserve(column, tokenEnd - from);
    const own = this.#own;
    let to = this.end;
    while (from < tokenEnd) own[to++] = bytes[from++] ?? 0;
    this.end = to;
    return true;
  }

  /** Makes room for a value, and sets it apart from the one before. */
  #reserve(column: number, sizeBytes: number): void {
    const needed = this.end + 1 + sizeBytes;
    if (needed > this.#own.length) {
      const larger = Buffer.alloc(2 * needed);
      this.#own.copy(larger, 0, 0, this.end);
      this.#own = larger;
      this.bytes = larger;
    }
    if (column > 0) this.#own[this.end++] = SEPARATOR;
  }
}

function isText({ affinity }: KeyColumnRule): boolean {
  return affinity === 'text';
}

function hasBytes(rule: KeyColumnRule): boolean {
  const { affinity } = rule;
  return (
    affinity === 'integer' || affinity === 'numeric' || (isText(rule) && comparesAsBinary(rule))
  );
}
