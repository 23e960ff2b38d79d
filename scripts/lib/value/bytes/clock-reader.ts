import type { ByteWriter } from './byte-writer.ts';

const BLANK = 0x20;
const PLUS = 0x2b;
const HYPHEN = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const UPPER_T = 0x54;
const UPPER_Z = 0x5a;

/** `YYYY-MM-DD`, `YYYY-MM-DDTHH:MM`, `YYYY-MM-DDTHH:MM:SS`. */
const DATE_LENGTH = 10;
const MINUTE_LENGTH = 16;
const SECOND_LENGTH = 19;
const MONTH_DAYS = [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/**
 * Reads the usual forms of a day and a time from their bytes: `YYYY-MM-DD`, then perhaps `T` or a
 * blank and `HH:MM[:SS[.fraction]]`, then perhaps `Z` or `+00:00`; of years from 1, and no 24:00. It
 * keeps what it read last, so that reading makes no object.
 */
export class ClockReader {
  hasZone = false;
  isMidnight = false;
  /** Of the second's fraction, without zeros at the end. */
  decimals = 0;
  #length = 0;

  /** False when the text is in another form, or no such day or time. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    const length = end - start;
    this.hasZone = false;
    this.isMidnight = true;
    this.decimals = 0;
    this.#length = DATE_LENGTH;
    if (length < DATE_LENGTH || !isDay(bytes, start)) return false;
    if (length === DATE_LENGTH) return true;
    if (length < MINUTE_LENGTH || !this.#readMinute(bytes, start)) return false;
    let position = start + MINUTE_LENGTH;
    if (bytes[position] === COLON && length >= SECOND_LENGTH) {
      const second = numberAt(bytes, position + 1);
      if (second === -1 || second > 59) return false;
      if (second > 0) this.isMidnight = false;
      this.#length = SECOND_LENGTH;
      position = this.#readFraction(bytes, start + SECOND_LENGTH, end);
      if (position === -1) return false;
    }
    return position === end || this.#readZone(bytes, position, end);
  }

  /** Writes a blank and the time just read, with seconds; `start` is that of the day. */
  writeTime(bytes: Uint8Array, start: number, out: ByteWriter): void {
    out.byte(BLANK);
    if (this.#length === SECOND_LENGTH) {
      const end = start + SECOND_LENGTH + (this.decimals === 0 ? 0 : this.decimals + 1);
      out.copy(bytes, start + DATE_LENGTH + 1, end);
      return;
    }
    if (this.#length === MINUTE_LENGTH) {
      out.copy(bytes, start + DATE_LENGTH + 1, start + MINUTE_LENGTH);
    } else {
      writeZeros(out);
      out.byte(COLON);
      writeZeros(out);
    }
    out.byte(COLON);
    writeZeros(out);
  }

  #readMinute(bytes: Uint8Array, start: number): boolean {
    const separator = bytes[start + DATE_LENGTH];
    if (separator !== UPPER_T && separator !== BLANK) return false;
    const hour = numberAt(bytes, start + 11);
    const minute = numberAt(bytes, start + 14);
    if (hour === -1 || hour > 23 || minute === -1 || minute > 59) return false;
    if (bytes[start + 13] !== COLON) return false;
    if (hour + minute > 0) this.isMidnight = false;
    this.#length = MINUTE_LENGTH;
    return true;
  }

  /** Where the fraction ends, if there is one; -1 when a point stands alone. */
  #readFraction(bytes: Uint8Array, start: number, end: number): number {
    if (start >= end || bytes[start] !== POINT) return start;
    let position = start + 1;
    while (position < end && isDigit(bytes[position] ?? 0)) {
      if (bytes[position] !== ZERO) this.decimals = position - start;
      position += 1;
    }
    if (position === start + 1) return -1;
    if (this.decimals > 0) this.isMidnight = false;
    return position;
  }

  #readZone(bytes: Uint8Array, start: number, end: number): boolean {
    this.hasZone = true;
    if (end - start === 1) return bytes[start] === UPPER_Z;
    return (
      end - start === 6 &&
      bytes[start] === PLUS &&
      bytes[start + 3] === COLON &&
      numberAt(bytes, start + 1) === 0 &&
      numberAt(bytes, start + 4) === 0
    );
  }
}

function writeZeros(out: ByteWriter): void {
  out.byte(ZERO);
  out.byte(ZERO);
}

function isDay(bytes: Uint8Array, start: number): boolean {
  if (bytes[start + 4] !== HYPHEN || bytes[start + 7] !== HYPHEN) return false;
  const century = numberAt(bytes, start);
  const ofCentury = numberAt(bytes, start + 2);
  const month = numberAt(bytes, start + 5);
  const day = numberAt(bytes, start + 8);
  if (century === -1 || ofCentury === -1 || month < 1 || month > 12 || day < 1) return false;
  const isLeap = ofCentury === 0 ? century % 4 === 0 : ofCentury % 4 === 0;
  const days = month === 2 && isLeap ? 29 : (MONTH_DAYS[month] ?? 0);
  return day <= days && century + ofCentury > 0;
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE;
}

/** The number of two digits; -1 when they are none. */
function numberAt(bytes: Uint8Array, start: number): number {
  const tens = (bytes[start] ?? 0) - ZERO;
  const ones = (bytes[start + 1] ?? 0) - ZERO;
  // Below zero, they are far above nine so.
  return tens >>> 0 <= 9 && ones >>> 0 <= 9 ? tens * 10 + ones : -1;
}
