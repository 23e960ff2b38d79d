import { ClockReader } from '../../value/bytes/clock-reader.ts';
import { kindCode } from './kinds.ts';

/** Of a text whose kind only a closer look tells. */
export const UNSURE = -1;

const TEXT = kindCode('text');
const TEXT_EMPTY = kindCode('text-empty');
const TEXT_BOOLEAN = kindCode('text-boolean');
const TEXT_INTEGER = kindCode('text-integer');
const TEXT_DECIMAL = kindCode('text-decimal');
const JSON_SCALAR = kindCode('json-scalar');
const UUID = kindCode('uuid');
const DATE = kindCode('date');
const TIME_OF_DAY = kindCode('time-of-day');
const TIME_WITH_ZONE = kindCode('time-with-zone');
const TIME_WITHOUT_ZONE = kindCode('time-without-zone');

const BLANK = 0x20;
const PLUS = 0x2b;
const HYPHEN = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const TWO = 0x32;
const FOUR = 0x34;
const FIVE = 0x35;
const NINE = 0x39;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const LOWER = 0x20;

const MINUTE_LENGTH = 5;
const SECOND_LENGTH = 8;
const DATE_LENGTH = 10;
const LONGEST_WORD = 5;
const BOOLEANS = new Set(['true', 't', 'yes', 'false', 'f', 'no'].map(packedWord));
const NULL_WORD = packedWord('null');
/** Bytes of the shortest and longest texts that may be UUIDs. */
const SHORTEST_UUID = 32;
const LONGEST_UUID = 48;
const UUID_LENGTH = 36;
const UUID_DIGITS = 32;
const URN = Buffer.from('urn:uuid:');

/** What a text's first byte says of it. */
const FIRST = { word: 0, short: 1, number: 2, open: 3, blank: 4 } as const;
const FIRST_BYTES = new Uint8Array(256);
for (const byte of Buffer.from('tTyYfFnN')) FIRST_BYTES[byte] = FIRST.short;
for (let byte = PLUS; byte <= NINE; byte++) FIRST_BYTES[byte] = FIRST.number;
// What begins with an escape begins with a quote or white space, or is seldom.
for (const byte of Buffer.from('{[\\')) FIRST_BYTES[byte] = FIRST.open;
FIRST_BYTES[BLANK] = FIRST.blank;

/** 1 at what JSON may end with: a bracket, a quote, or white space, perhaps as escapes. */
const IS_JSON_END = new Uint8Array(256);
for (const byte of Buffer.from('}]" nrt')) IS_JSON_END[byte] = 1;

/** 1 at what UUIDs are written with. */
const IS_UUID_BYTE = new Uint8Array(256);
for (const byte of Buffer.from('0123456789abcdefABCDEF-')) IS_UUID_BYTE[byte] = 1;

/**
 * Tells the kinds of texts by their bytes, as `textKindSql` tells them. It keeps what it read last of
 * a number, so that reading makes no object.
 */
export class TextKindReader {
  /** Of a number: digits before its point. */
  digits = 0;
  /** Of a decimal number: digits after its point. */
  decimals = 0;
  readonly #clock = new ClockReader();

  /**
   * The code of a text's kind, or {@link UNSURE}. The text is well-formed UTF-8 without U+0000; it may
   * have the escapes of JSON in it.
   *
   * @param length bytes of the text without escapes
   */
  read(bytes: Uint8Array, start: number, end: number, length: number): number {
    if (length === 0) return TEXT_EMPTY;
    if (length >= SHORTEST_UUID && length <= LONGEST_UUID) {
      if (isOfUuidBytes(bytes, start, end)) return isUsualUuid(bytes, start, end) ? UUID : UNSURE;
      if (bytes[start] === OPEN_BRACE || isUrn(bytes, start)) return UNSURE;
    }
    switch (FIRST_BYTES[bytes[start] ?? 0]) {
      case FIRST.word:
        return TEXT;
      case FIRST.short:
        return shortKind(bytes, start, end);
      case FIRST.number:
        return this.#numberKind(bytes, start, end);
      case FIRST.blank:
        return mayBeJson(bytes, start, end) ? UNSURE : TEXT;
      default:
        return mayEndJson(bytes, end) ? UNSURE : TEXT;
    }
  }

  #numberKind(bytes: Uint8Array, start: number, end: number): number {
    const firstDigit = bytes[start] === HYPHEN ? start + 1 : start;
    const wholeEnd = afterDigits(bytes, firstDigit, end);
    this.digits = wholeEnd - firstDigit;
    const fraction = bytes[wholeEnd] === POINT ? wholeEnd + 1 : wholeEnd;
    if (wholeEnd < end && afterDigits(bytes, fraction, end) < end) {
      return this.#timeKind(bytes, start, end);
    }
    this.decimals = end - fraction;
    if (this.digits === 0 || (this.digits > 1 && bytes[firstDigit] === ZERO)) return TEXT;
    if (wholeEnd < end) return this.decimals === 0 ? TEXT : TEXT_DECIMAL;
    return bytes[firstDigit] === ZERO && firstDigit > start ? TEXT : TEXT_INTEGER;
  }

  #timeKind(bytes: Uint8Array, start: number, end: number): number {
    if (!mayBeTime(bytes, start)) return TEXT;
    if (isUsualTimeOfDay(bytes, start, end)) return TIME_OF_DAY;
    if (!this.#clock.read(bytes, start, end)) return UNSURE;
    if (end - start === DATE_LENGTH) return DATE;
    return this.#clock.hasZone ? TIME_WITH_ZONE : TIME_WITHOUT_ZONE;
  }
}

/** The kind of a text that begins as a word with a meaning does. */
function shortKind(bytes: Uint8Array, start: number, end: number): number {
  if (end - start > LONGEST_WORD) return TEXT;
  let asWritten = 0;
  let inLowerCase = 0;
  for (let position = start; position < end; position++) {
    const byte = bytes[position] ?? 0;
    asWritten = asWritten * 256 + byte;
    inLowerCase = inLowerCase * 256 + (byte | LOWER);
  }
  if (asWritten === NULL_WORD) return JSON_SCALAR;
  return BOOLEANS.has(inLowerCase) ? TEXT_BOOLEAN : TEXT;
}

/** The bytes of a word of at most six as one number. */
function packedWord(word: string): number {
  return Buffer.from(word).readUIntBE(0, word.length);
}

function isOfUuidBytes(bytes: Uint8Array, start: number, end: number): boolean {
  let position = start;
  while (position < end && IS_UUID_BYTE[bytes[position] ?? 0] === 1) position += 1;
  return position === end;
}

function isUrn(bytes: Uint8Array, start: number): boolean {
  for (let index = 0; index < URN.length; index++) {
    if (((bytes[start + index] ?? 0) | LOWER) !== URN[index]) return false;
  }
  return true;
}

/** Whether a text of digits and hyphens is a UUID as they are usually written, and no integer. */
function isUsualUuid(bytes: Uint8Array, start: number, end: number): boolean {
  const length = end - start;
  if (length !== UUID_LENGTH && length !== UUID_DIGITS) return false;
  let hasLetter = false;
  for (let index = 0; index < length; index++) {
    const byte = bytes[start + index] ?? 0;
    const isHyphen = index === 8 || index === 13 || index === 18 || index === 23;
    if ((byte === HYPHEN) !== (isHyphen && length === UUID_LENGTH)) return false;
    if (byte > NINE) hasLetter = true;
  }
  return hasLetter || length === UUID_LENGTH;
}

/** Whether the separators of a day or a time stand where ISO 8601 has them. */
function mayBeTime(bytes: Uint8Array, start: number): boolean {
  const first = bytes[start];
  const year = first === PLUS || first === HYPHEN ? 7 : 4;
  if (bytes[start + year] === HYPHEN && bytes[start + year + 3] === HYPHEN) return true;
  return bytes[start + 2] === COLON;
}

/** Whether a text is `HH:MM` or `HH:MM:SS`, and no 24:00. */
function isUsualTimeOfDay(bytes: Uint8Array, start: number, end: number): boolean {
  const length = end - start;
  if (length !== MINUTE_LENGTH && length !== SECOND_LENGTH) return false;
  for (let position = start; position < end; position++) {
    const byte = bytes[position] ?? 0;
    // The first of two digits, the second of them, what comes after them.
    const part = (position - start) % 3;
    const isRight =
      part === 2 ? byte === COLON : byte >= ZERO && byte <= (part === 0 ? FIVE : NINE);
    if (!isRight) return false;
  }
  const tens = bytes[start] ?? 0;
  return tens < TWO || (tens === TWO && (bytes[start + 1] ?? 0) < FOUR);
}

/** Whether a text that begins with a bracket or an escape may be JSON, by its last byte. */
function mayEndJson(bytes: Uint8Array, end: number): boolean {
  return IS_JSON_END[bytes[end - 1] ?? 0] === 1;
}

/** Whether a text with blanks before it may be JSON. */
function mayBeJson(bytes: Uint8Array, start: number, end: number): boolean {
  let position = start;
  while (position < end && bytes[position] === BLANK) position += 1;
  return position < end && FIRST_BYTES[bytes[position] ?? 0] === FIRST.open;
}

function afterDigits(bytes: Uint8Array, from: number, end: number): number {
  let position = from;
  while (position < end) {
    const byte = bytes[position] ?? 0;
    if (byte < ZERO || byte > NINE) break;
    position += 1;
  }
  return position;
}
