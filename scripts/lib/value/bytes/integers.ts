import { TOKEN } from '../../artifact/scanned-rows.ts';
import type { ByteEncoder } from './byte-encoder.ts';

const MINUS = 0x2d;
const ZERO = 0x30;
const ONE = 0x31;
const TRUE = 0x74;
const FALSE = 0x66;

/** An integer of so many digits is exact as a number, and times ten it still is. */
export const EXACT_DIGITS = 15;

/** Digits of the largest number of so many bits; one with fewer fits whatever they are. */
const DIGITS = { 16: 5, 32: 10, 64: 19 } as const;

/** INTEGER into int2, int4 or int8. */
export function integerEncoder(bits: 16 | 32 | 64): ByteEncoder {
  const certainDigits = bits === 64 ? DIGITS[64] : DIGITS[bits] - 1;
  const limit = 2 ** (bits - 1);
  return (bytes, kind, start, end, out) => {
    if (kind !== TOKEN.integer) return false;
    const digits = bytes[start] === MINUS ? end - start - 1 : end - start;
    if (digits > certainDigits) {
      if (digits > EXACT_DIGITS) return false;
      const value = integerOf(bytes, start, end);
      if (value < -limit || value >= limit) return false;
    }
    out.copy(bytes, start, end);
    return true;
  };
}

/** INTEGER 0 and 1 into bool. */
export const booleanEncoder: ByteEncoder = (bytes, kind, start, end, out) => {
  if (kind !== TOKEN.integer || end - start !== 1) return false;
  const digit = bytes[start];
  if (digit !== ZERO && digit !== ONE) return false;
  out.byte(digit === ONE ? TRUE : FALSE);
  return true;
};

/** The integer that a token of at most {@link EXACT_DIGITS} digits, and perhaps a sign, says. */
export function integerOf(bytes: Uint8Array, start: number, end: number): number {
  const isNegative = bytes[start] === MINUS;
  let value = 0;
  for (let index = isNegative ? start + 1 : start; index < end; index++) {
    value = value * 10 + (bytes[index] ?? ZERO) - ZERO;
  }
  return isNegative ? -value : value;
}
