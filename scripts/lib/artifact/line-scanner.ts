import { isUtf8 } from 'node:buffer';

import { decodeNumber, decodeTaggedObject, linePrefixes } from '../value/codec.ts';
import { afterBlob } from '../value/bytes/blobs.ts';
import { LineFault, LineParser } from './line.ts';
import { TOKEN, type ScannedRows } from './scanned-rows.ts';
import { IS_ESCAPABLE, afterOrdinary, hexUnit } from './string-bytes.ts';

/** A line that is no row of its table. */
export interface FaultyLine {
  readonly line: number;
  readonly fault: LineFault;
}

/** More than a read of the file holds of most tables. */
const BATCH_TOKENS = 32 * 1024;

/** An integer of so many digits has 64 bits in any case, and a decimal fraction of so many is finite. */
const CERTAIN_DIGITS = 18;
const CERTAIN_REAL_LENGTH = 300;

const NEWLINE = 0x0a;
const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const LOWER_N = 0x6e;
const LOWER_U = 0x75;
const NULL_WORD = Buffer.from('null').readInt32LE(0);

/**
 * Finds the values of lines without making an object of any. It accepts exactly the lines that
 * {@link LineParser} accepts: one that it does not is handed to the parser, which says what is wrong.
 *
 * Every line ends with a newline, which no token can hold: no loop runs beyond it.
 */
export class LineScanner {
  readonly #parser: LineParser;
  readonly #prefixes: readonly PrefixWords[];
  readonly #capacity: number;
  readonly #kinds: Uint8Array;
  readonly #starts: Int32Array;
  readonly #ends: Int32Array;
  readonly #lineStarts: Int32Array;
  #bytes: Buffer = Buffer.alloc(0);
  #view: DataView = new DataView(new ArrayBuffer(0));

  /** @param mostTokens how many values a batch has to hold at most, but for a row that has more */
  constructor(columnNames: readonly string[], mostTokens = BATCH_TOKENS) {
    const batchTokens = Math.min(mostTokens, BATCH_TOKENS);
    this.#parser = new LineParser(columnNames);
    this.#prefixes = linePrefixes(columnNames).map(prefixWords);
    const columnCount = columnNames.length;
    this.#capacity = Math.max(1, Math.floor(batchTokens / Math.max(1, columnCount)));
    this.#kinds = new Uint8Array(this.#capacity * columnCount);
    this.#starts = new Int32Array(this.#capacity * columnCount);
    this.#ends = new Int32Array(this.#capacity * columnCount);
    this.#lineStarts = new Int32Array(this.#capacity + 1);
  }

  /**
   * Goes through whole lines, each ended by a newline. The batches share their memory: each is
   * valid until the next one is asked for.
   *
   * @param firstLine number of the first line, from 1
   */
  *scan(bytes: Buffer, firstLine: number): Generator<ScannedRows | FaultyLine, void> {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const isSound = isUtf8(bytes);
    let line = firstLine;
    for (let start = 0; start < bytes.length;) {
      const { rowCount, end } = this.#fill(start, isSound);
      if (rowCount > 0) yield this.#batch(line, rowCount);
      line += rowCount;
      start = end;
      if (end === bytes.length || rowCount === this.#capacity) continue;
      const next = bytes.indexOf(NEWLINE, start) + 1;
      yield { line, fault: this.#faultOf(bytes.subarray(start, next - 1)) };
      line += 1;
      start = next;
    }
  }

  #batch(firstLine: number, rowCount: number): ScannedRows {
    return {
      bytes: this.#bytes,
      firstLine,
      rowCount,
      columnCount: this.#prefixes.length,
      kinds: this.#kinds,
      starts: this.#starts,
      ends: this.#ends,
      lineStarts: this.#lineStarts,
    };
  }

  #faultOf(line: Buffer): LineFault {
    try {
      this.#parser.parse(line);
    } catch (error) {
      if (error instanceof LineFault) return error;
      throw error;
    }
    throw new Error('a line that the parser reads is unknown to the scanner');
  }

  /** As many rows as there are in a row, up to the first line that is none. */
  #fill(from: number, isSound: boolean): { rowCount: number; end: number } {
    const columnCount = this.#prefixes.length;
    let start = from;
    let rowCount = 0;
    while (start < this.#bytes.length && rowCount < this.#capacity) {
      if (!isSound && !this.#isUtf8Line(start)) break;
      const end = this.#scanLine(start, rowCount * columnCount);
      if (end === -1) break;
      this.#lineStarts[rowCount] = start;
      rowCount += 1;
      this.#lineStarts[rowCount] = end;
      start = end;
    }
    return { rowCount, end: start };
  }

  #isUtf8Line(start: number): boolean {
    return isUtf8(this.#bytes.subarray(start, this.#bytes.indexOf(NEWLINE, start)));
  }

  /** Where the next line begins; -1 when this one is no row. */
  #scanLine(start: number, firstPlace: number): number {
    const prefixes = this.#prefixes;
    let position = start;
    for (let column = 0; column < prefixes.length; column++) {
      position = this.#afterPrefix(position, prefixes[column] as PrefixWords);
      if (position === -1) return -1;
      position = this.#afterValue(position, firstPlace + column);
      if (position === -1) return -1;
    }
    return this.#bytes[position] === CLOSE_BRACE && this.#bytes[position + 1] === NEWLINE
      ? position + 2
      : -1;
  }

  /** Four bytes at a time: keys are a large part of a file. */
  #afterPrefix(position: number, { length, words, lastWord }: PrefixWords): number {
    const end = position + length;
    if (end > this.#bytes.length) return -1;
    for (let index = 0; index < words.length; index++) {
      if (this.#view.getInt32(position + 4 * index, true) !== words[index]) return -1;
    }
    return this.#view.getInt32(end - 4, true) === lastWord ? end : -1;
  }

  #afterValue(position: number, place: number): number {
    switch (this.#bytes[position]) {
      case QUOTE:
        return this.#afterText(position + 1, place);
      case LOWER_N:
        return this.#afterNull(position, place);
      case OPEN_BRACE:
        return this.#afterTagged(position, place);
      default:
        return this.#afterNumber(position, place);
    }
  }

  #afterText(start: number, place: number): number {
    const bytes = this.#bytes;
    let kind: number = TOKEN.text;
    let position = start;
    for (;;) {
      position = afterOrdinary(bytes, this.#view, position);
      const byte = bytes[position];
      if (byte === QUOTE) break;
      if (byte !== BACKSLASH) return -1;
      kind = TOKEN.escapedText;
      position = this.#afterEscape(position);
      if (position === -1) return -1;
    }
    this.#set(place, kind, start, position);
    return position + 1;
  }

  #afterEscape(backslash: number): number {
    const bytes = this.#bytes;
    if (bytes[backslash + 1] !== LOWER_U) {
      return IS_ESCAPABLE[bytes[backslash + 1] ?? 0] === 1 ? backslash + 2 : -1;
    }
    const unit = hexUnit(bytes, backslash + 2);
    if (unit === -1 || (unit >= 0xdc00 && unit <= 0xdfff)) return -1;
    if (unit < 0xd800 || unit > 0xdbff) return backslash + 6;
    if (bytes[backslash + 6] !== BACKSLASH || bytes[backslash + 7] !== LOWER_U) return -1;
    const low = hexUnit(bytes, backslash + 8);
    return low >= 0xdc00 && low <= 0xdfff ? backslash + 12 : -1;
  }

  #afterNull(start: number, place: number): number {
    const end = start + 4;
    if (end > this.#bytes.length || this.#view.getInt32(start, true) !== NULL_WORD) return -1;
    this.#set(place, TOKEN.null, start, end);
    return end;
  }

  #afterTagged(start: number, place: number): number {
    let end = afterBlob(this.#bytes, start);
    if (end === -1) {
      end = this.#bytes.indexOf(CLOSE_BRACE, start) + 1;
      if (end === 0 || decodeTaggedObject(this.#bytes.toString('utf8', start, end)) === null)
        return -1;
    }
    this.#set(place, TOKEN.tagged, start, end);
    return end;
  }

  #afterNumber(start: number, place: number): number {
    const bytes = this.#bytes;
    const firstDigit = bytes[start] === MINUS ? start + 1 : start;
    const end = afterDigits(bytes, firstDigit);
    const digits = end - firstDigit;
    if (digits === 0 || (digits > 1 && bytes[firstDigit] === ZERO)) return -1;
    if (!isValueEnd(bytes[end])) return this.#afterReal(start, end, place);
    if (bytes[firstDigit] === ZERO && firstDigit !== start) return -1;
    if (digits > CERTAIN_DIGITS && !this.#isNumber(start, end)) return -1;
    this.#set(place, TOKEN.integer, start, end);
    return end;
  }

  #afterReal(start: number, integerEnd: number, place: number): number {
    const bytes = this.#bytes;
    let end = integerEnd;
    if (bytes[end] === POINT) {
      end = afterDigits(bytes, end + 1);
      if (end === integerEnd + 1) return -1;
    }
    const hasExponent = !isValueEnd(bytes[end]);
    while (!isValueEnd(bytes[end]) && bytes[end] !== NEWLINE) end += 1;
    const isCertain = !hasExponent && end - start <= CERTAIN_REAL_LENGTH;
    if (!isCertain && !this.#isNumber(start, end)) return -1;
    this.#set(place, TOKEN.real, start, end);
    return end;
  }

  #isNumber(start: number, end: number): boolean {
    return decodeNumber(this.#bytes.toString('latin1', start, end)) !== null;
  }

  #set(place: number, kind: number, start: number, end: number): void {
    this.#kinds[place] = kind;
    this.#starts[place] = start;
    this.#ends[place] = end;
  }
}

/** The bytes of a key as little-endian words; none is shorter than one, `{"":`. */
interface PrefixWords {
  readonly length: number;
  readonly words: Int32Array;
  /** The last four bytes, some of which may be in the words before. */
  readonly lastWord: number;
}

function prefixWords(prefix: string): PrefixWords {
  const bytes = Buffer.from(prefix);
  const words = new Int32Array(Math.floor(bytes.length / 4));
  for (const index of words.keys()) words[index] = bytes.readInt32LE(4 * index);
  return { length: bytes.length, words, lastWord: bytes.readInt32LE(bytes.length - 4) };
}

function isValueEnd(byte: number | undefined): boolean {
  return byte === COMMA || byte === CLOSE_BRACE;
}

function afterDigits(bytes: Buffer, from: number): number {
  let position = from;
  for (let byte = bytes[position] ?? 0; byte >= ZERO && byte <= NINE; byte = bytes[position] ?? 0) {
    position += 1;
  }
  return position;
}
