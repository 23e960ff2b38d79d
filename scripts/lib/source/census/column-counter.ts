import { VALUE_KINDS, kindCode, type ValueKind } from './kinds.ts';
import { mergeMeasured, type MeasureName, type MeasuredValue } from './measures.ts';
import type { ColumnTally } from './stretch-query.ts';
import { TextKindReader, UNSURE } from './text-kind-bytes.ts';

const NULL = kindCode('null');
const INTEGER = kindCode('integer');
const ZERO_OR_ONE = kindCode('zero-or-one');
const REAL_DECIMAL = kindCode('real-decimal');
const REAL_LONG = kindCode('real-long');
const REAL_WHOLE = kindCode('real-whole');
const REAL_INFINITE = kindCode('real-infinite');
const TEXT_WITH_NUL = kindCode('text-with-nul');
const TEXT_DECIMAL = kindCode('text-decimal');
const TEXT_INTEGER = kindCode('text-integer');
const UUID_OR_INTEGER = kindCode('uuid-or-integer');

const QUOTE = 0x22;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const LOWER_E = 0x65;
const BACKSLASH = 0x5c;
const LOWER_N = 0x6e;
const LOWER_U = 0x75;

const NULL_LENGTH = 4;
/** `\u0000` for one byte, and `\n`. */
const UNIT_ESCAPE_LENGTH = 6;
const ESCAPE_LENGTH = 2;
/** A double holds every integer, and every decimal number, of so many digits. */
const CERTAIN_DIGITS = 15;
const POWERS_OF_TEN = Array.from({ length: CERTAIN_DIGITS + 1 }, (_, exponent) => 10 ** exponent);
/** Doubles nearer to 0 keep fewer than 15 digits. */
const SMALLEST_WITH_ALL_DIGITS = 2.3e-308;

/** Tells the kind of a text by a closer look. */
export type AskKind = (text: string) => number;

/**
 * Counts and measures the values of one column as they stand in lines of JSON that SQLite made. Every
 * value of a database passes here, so it looks at bytes and makes no objects.
 */
export class ColumnCounter {
  /** The column's. */
  readonly name: string;
  /** How many texts took a closer look. */
  asked = 0;
  readonly #ask: AskKind;
  readonly #texts = new TextKindReader();
  readonly #counts = new Float64Array(VALUE_KINDS.length);
  readonly #measured = new Map<MeasureName, MeasuredValue>();
  #smallestInteger = Infinity;
  #largestInteger = -Infinity;
  #smallestReal = Infinity;
  #largestReal = -Infinity;
  #realDecimals = 0;
  #characters = 0;
  #charactersWithNul = 0;
  #textBytes = 0;
  #digitsInText = 0;
  #decimalsInText = 0;

  constructor(name: string, ask: AskKind) {
    this.name = name;
    this.#ask = ask;
  }

  /** Counts the value that begins there. @returns where it ends */
  count(bytes: Buffer, start: number): number {
    switch (bytes[start]) {
      case QUOTE:
        return this.#countText(bytes, start + 1);
      case LOWER_N:
        this.#add(NULL);
        return start + NULL_LENGTH;
      default:
        return this.#countNumber(bytes, start);
    }
  }

  /** What has been counted. */
  tally(): ColumnTally {
    const counts = new Map<ValueKind, number>();
    for (const [code, kind] of VALUE_KINDS.entries()) {
      const count = this.#counts[code] ?? 0;
      if (count > 0) counts.set(kind, count);
    }
    if (this.#smallestInteger <= this.#largestInteger) {
      this.#measure('smallestInteger', BigInt(this.#smallestInteger));
      this.#measure('largestInteger', BigInt(this.#largestInteger));
    }
    if (this.#smallestReal <= this.#largestReal) {
      this.#measure('smallestReal', this.#smallestReal);
      this.#measure('largestReal', this.#largestReal);
    }
    this.#measure('realDecimals', BigInt(this.#realDecimals));
    this.#measure('characters', BigInt(this.#characters));
    this.#measure('charactersWithNul', BigInt(this.#charactersWithNul));
    this.#measure('textBytes', BigInt(this.#textBytes));
    this.#measure('digitsInText', BigInt(this.#digitsInText));
    this.#measure('decimalsInText', BigInt(this.#decimalsInText));
    return { counts, measured: this.#measured };
  }

  #measure(name: MeasureName, value: MeasuredValue): void {
    const known = this.#measured.get(name);
    this.#measured.set(name, known === undefined ? value : mergeMeasured(name, known, value));
  }

  #add(code: number): void {
    this.#counts[code] = (this.#counts[code] ?? 0) + 1;
  }

  #countNumber(bytes: Buffer, start: number): number {
    const isNegative = bytes[start] === MINUS;
    const firstDigit = isNegative ? start + 1 : start;
    let position = firstDigit;
    let digits = 0;
    let byte = bytes[position] ?? 0;
    while (byte >= ZERO && byte <= NINE) {
      digits = digits * 10 + byte - ZERO;
      position += 1;
      byte = bytes[position] ?? 0;
    }
    if (byte === POINT || byte === LOWER_E) {
      return this.#countReal(bytes, start, position, digits);
    }
    if (position - firstDigit > CERTAIN_DIGITS) {
      this.#countLongInteger(bytes.toString('latin1', start, position));
      return position;
    }
    const value = isNegative ? -digits : digits;
    this.#add(value === 0 || value === 1 ? ZERO_OR_ONE : INTEGER);
    if (value < this.#smallestInteger) this.#smallestInteger = value;
    if (value > this.#largestInteger) this.#largestInteger = value;
    return position;
  }

  #countLongInteger(written: string): void {
    const value = BigInt(written);
    this.#add(INTEGER);
    this.#measure('smallestInteger', value);
    this.#measure('largestInteger', value);
  }

  /** @param digits the number that stands before the point */
  #countReal(bytes: Buffer, start: number, point: number, wholeDigits: number): number {
    let position = point + 1;
    let digits = wholeDigits;
    let decimals = 0;
    let byte = bytes[position] ?? 0;
    while (byte >= ZERO && byte <= NINE) {
      digits = digits * 10 + byte - ZERO;
      position += 1;
      if (byte !== ZERO) decimals = position - point - 1;
      byte = bytes[position] ?? 0;
    }
    if (bytes[point] !== POINT || byte === LOWER_E || position - start > CERTAIN_DIGITS) {
      return this.#countLongReal(bytes, start, position);
    }
    const value = digits / (POWERS_OF_TEN[position - point - 1] ?? 1);
    this.#addReal(
      decimals === 0 ? REAL_WHOLE : REAL_DECIMAL,
      bytes[start] === MINUS ? -value : value,
    );
    if (decimals > this.#realDecimals) this.#realDecimals = decimals;
    return position;
  }

  /** A REAL with an exponent, or with more digits than are certain. */
  #countLongReal(bytes: Buffer, start: number, from: number): number {
    let end = from;
    while (IS_NUMBER_BYTE[bytes[end] ?? 0] === 1) end += 1;
    const value = Number(bytes.toString('latin1', start, end));
    const kind = realKind(value);
    this.#addReal(kind, value);
    if (kind === REAL_DECIMAL) {
      this.#realDecimals = Math.max(this.#realDecimals, decimalsOf(value));
    }
    return end;
  }

  #addReal(kind: number, value: number): void {
    this.#add(kind);
    if (value < this.#smallestReal) this.#smallestReal = value;
    if (value > this.#largestReal) this.#largestReal = value;
  }

  #countText(bytes: Buffer, start: number): number {
    let end = start;
    for (let byte = bytes[end]; byte !== QUOTE; byte = bytes[end]) {
      if (byte === BACKSLASH) return this.#countEscapedText(bytes, start, end);
      end += 1;
    }
    this.#addText(bytes, start, end, end - start);
    return end + 1;
  }

  #countEscapedText(bytes: Buffer, start: number, firstEscape: number): number {
    let end = firstEscape;
    let length = firstEscape - start;
    let hasNul = false;
    for (let byte = bytes[end]; byte !== QUOTE; byte = bytes[end]) {
      if (byte !== BACKSLASH) {
        end += 1;
      } else if (bytes[end + 1] === LOWER_U) {
        if (bytes[end + 4] === ZERO && bytes[end + 5] === ZERO) hasNul = true;
        end += UNIT_ESCAPE_LENGTH;
      } else {
        end += ESCAPE_LENGTH;
      }
      length += 1;
    }
    if (hasNul) this.#addTextWithNul(bytes, start, end, length);
    else this.#addText(bytes, start, end, length);
    return end + 1;
  }

  #addTextWithNul(bytes: Buffer, start: number, end: number, length: number): void {
    this.#add(TEXT_WITH_NUL);
    if (length > this.#textBytes) this.#textBytes = length;
    const characters = length - continuationBytes(bytes, start, end);
    if (characters > this.#charactersWithNul) this.#charactersWithNul = characters;
  }

  /** @param length bytes of the text without escapes */
  #addText(bytes: Buffer, start: number, end: number, length: number): void {
    if (length > this.#textBytes) this.#textBytes = length;
    if (length > this.#characters) {
      const characters = length - continuationBytes(bytes, start, end);
      if (characters > this.#characters) this.#characters = characters;
    }
    const kind = this.#texts.read(bytes, start, end, length);
    if (kind === UNSURE) {
      this.#addAsked(JSON.parse(bytes.toString('utf8', start - 1, end + 1)) as string);
      return;
    }
    this.#add(kind);
    if (kind === TEXT_INTEGER || kind === TEXT_DECIMAL) {
      const { digits, decimals } = this.#texts;
      if (digits > this.#digitsInText) this.#digitsInText = digits;
      if (kind === TEXT_DECIMAL && decimals > this.#decimalsInText) this.#decimalsInText = decimals;
    }
  }

  #addAsked(text: string): void {
    this.asked += 1;
    const kind = this.#ask(text);
    this.#add(kind);
    // Other numbers are told by their bytes.
    if (kind !== TEXT_INTEGER && kind !== UUID_OR_INTEGER) return;
    const digits = text.startsWith('-') ? text.length - 1 : text.length;
    if (digits > this.#digitsInText) this.#digitsInText = digits;
  }
}

/** 1 at what a number is written with. */
const IS_NUMBER_BYTE = new Uint8Array(256);
for (const byte of Buffer.from('0123456789+-.e')) IS_NUMBER_BYTE[byte] = 1;

function realKind(value: number): number {
  if (!Number.isFinite(value)) return REAL_INFINITE;
  if (Number.isInteger(value)) return REAL_WHOLE;
  const isDecimal =
    Number(value.toPrecision(CERTAIN_DIGITS)) === value &&
    Math.abs(value) >= SMALLEST_WITH_ALL_DIGITS;
  return isDecimal ? REAL_DECIMAL : REAL_LONG;
}

/** Digits after the point, without an exponent. */
function decimalsOf(value: number): number {
  const [mantissa = '', exponent = '0'] = String(value).split('e');
  const [, fraction = ''] = mantissa.split('.');
  return fraction.length - Number(exponent);
}

/** How many bytes of a text in UTF-8 begin no character. */
function continuationBytes(bytes: Buffer, start: number, end: number): number {
  let count = 0;
  for (let position = start; position < end; position++) {
    if (((bytes[position] ?? 0) & 0xc0) === 0x80) count += 1;
  }
  return count;
}
