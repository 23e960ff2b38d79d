import { TOKEN } from '../../artifact/scanned-rows.ts';
import type { NumericLimits } from '../convert/numbers.ts';
import type { ByteEncoder } from './byte-encoder.ts';
import type { ByteWriter } from './byte-writer.ts';

const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;

/** No two decimal numbers of so many digits are the same double: the digits are its shortest form. */
export const SHORTEST_DIGITS = 15;
/** Digits of TEXT beyond which it is left to the converter. */
const TEXT_DIGITS = 100;

/** INTEGER, REAL and TEXT into numeric. */
export function numericEncoder(limits: NumericLimits): ByteEncoder {
  const maxDecimals = limits === null ? Infinity : limits.scale;
  const maxWhole = limits === null ? Infinity : limits.precision - limits.scale;
  return (bytes, kind, start, end, out) => {
    switch (kind) {
      case TOKEN.integer:
      case TOKEN.text:
        return writeDecimal(bytes, start, end, TEXT_DIGITS, maxWhole, maxDecimals, out);
      case TOKEN.real:
        return writeDecimal(bytes, start, end, SHORTEST_DIGITS, maxWhole, maxDecimals, out);
      default:
        return false;
    }
  };
}

/**
 * A plain decimal number, without zeros at the end of its decimals, and zero without a sign.
 *
 * @returns false for other forms, more digits, and what is beyond the limits
 */
function writeDecimal(
  bytes: Uint8Array,
  start: number,
  end: number,
  maxDigits: number,
  maxWhole: number,
  maxDecimals: number,
  out: ByteWriter,
): boolean {
  const first = bytes[start] === MINUS ? start + 1 : start;
  const point = endOfDigits(bytes, first, end);
  const hasWhole = bytes[first] !== ZERO;
  const whole = point - first;
  if (whole === 0 || (!hasWhole && whole > 1)) return false;
  let last = end;
  if (point < end) {
    if (bytes[point] !== POINT || point + 1 === end) return false;
    if (endOfDigits(bytes, point + 1, end) !== end) return false;
    while (bytes[last - 1] === ZERO) last -= 1;
    if (last === point + 1) last = point;
  }
  const decimals = last > point ? last - point - 1 : 0;
  if (whole + decimals > maxDigits || decimals > maxDecimals) return false;
  if ((hasWhole ? whole : 0) > maxWhole) return false;
  const isZero = !hasWhole && decimals === 0;
  out.copy(bytes, isZero ? first : start, last);
  return true;
}

function endOfDigits(bytes: Uint8Array, start: number, end: number): number {
  let position = start;
  while (position < end) {
    const byte = bytes[position] ?? 0;
    if (byte < ZERO || byte > NINE) break;
    position += 1;
  }
  return position;
}
