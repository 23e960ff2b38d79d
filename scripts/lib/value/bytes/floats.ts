import { TOKEN } from '../../artifact/scanned-rows.ts';
import type { ByteEncoder } from './byte-encoder.ts';
import { EXACT_DIGITS, integerOf } from './integers.ts';

const MINUS = 0x2d;
const ZERO = 0x30;
const LETTERS_AFTER_NINE = 0x27;

const BITS = new DataView(new ArrayBuffer(8));

/** INTEGER and REAL into float8, as the shortest digits. */
export const doubleEncoder: ByteEncoder = (bytes, kind, start, end, out) => {
  if (kind === TOKEN.integer) {
    if (!isExact(bytes, start, end)) return false;
    out.copy(bytes, start, end);
    return true;
  }
  if (kind !== TOKEN.real) return false;
  const value = realOf(bytes, start, end);
  out.text(Object.is(value, -0) ? '-0' : String(value));
  return true;
};

/** INTEGER and REAL into float8, by its bits in hexadecimal. */
export const doubleBitsEncoder: ByteEncoder = (bytes, kind, start, end, out) => {
  if (kind === TOKEN.integer) {
    if (!isExact(bytes, start, end)) return false;
    BITS.setFloat64(0, integerOf(bytes, start, end));
  } else if (kind === TOKEN.real) {
    BITS.setFloat64(0, realOf(bytes, start, end));
  } else {
    return false;
  }
  for (let index = 0; index < 8; index++) {
    const byte = BITS.getUint8(index);
    out.byte(hexDigit(byte >> 4));
    out.byte(hexDigit(byte & 15));
  }
  return true;
};

/** The digit of a number below 16. */
export function hexDigit(value: number): number {
  return value < 10 ? ZERO + value : ZERO + LETTERS_AFTER_NINE + value;
}

function isExact(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start <= (bytes[start] === MINUS ? EXACT_DIGITS + 1 : EXACT_DIGITS);
}

/** A finite REAL by its token. */
function realOf(bytes: Uint8Array, start: number, end: number): number {
  let text = '';
  for (let index = start; index < end; index++) text += String.fromCharCode(bytes[index] ?? 0);
  return Number(text);
}
