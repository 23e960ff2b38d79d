/**
 * What the matrix of types says, stated a second time and in another way than the converters: exact
 * fractions instead of digit strings, JavaScript's calendar, bytes. Null: the value must be refused.
 */
import type { NonNullValue } from '../../../scripts/lib/value/convert/converter.ts';
import { MalformedText } from '../../../scripts/lib/model/values.ts';

/** A decimal number as an exact fraction over a power of ten. */
interface Fraction {
  readonly numerator: bigint;
  readonly decimals: number;
}

/** The fraction that a decimal literal is; null when it is none. */
function fraction(text: string): Fraction | null {
  const [mantissa = '', exponent = '0', ...others] = text.toLowerCase().split('e');
  if (others.length > 0 || !/^[+-]?(\d+\.?\d*|\.\d+)$/.test(mantissa)) return null;
  if (!/^[+-]?\d+$/.test(exponent)) return null;
  const decimals = (mantissa.split('.')[1] ?? '').length - Number(exponent);
  const numerator = BigInt(mantissa.replace(/[.+]/g, ''));
  return decimals >= 0
    ? { numerator, decimals }
    : { numerator: numerator * 10n ** BigInt(-decimals), decimals: 0 };
}

function isSame(a: Fraction, b: Fraction): boolean {
  return a.numerator * 10n ** BigInt(b.decimals) === b.numerator * 10n ** BigInt(a.decimals);
}

/** Whether two decimal literals are one number. */
export function isSameNumber(a: string, b: string): boolean {
  const [first, second] = [fraction(a), fraction(b)];
  return first !== null && second !== null && isSame(first, second);
}

/** smallint, integer, bigint, as text. */
export function statedInteger(value: NonNullValue, bits: number): string | null {
  const integer =
    typeof value === 'bigint' ||
    (typeof value === 'number' && Number.isSafeInteger(value)) ||
    (typeof value === 'string' && value.length < 100 && /^-?\d+$/.test(value))
      ? BigInt(value)
      : null;
  if (
    integer === null ||
    integer < -(2n ** BigInt(bits - 1)) ||
    integer >= 2n ** BigInt(bits - 1)
  ) {
    return null;
  }
  return typeof value === 'string' && String(integer) !== value ? null : String(integer);
}

/** real and double precision, as the number that the column holds. */
export function statedFloat(value: NonNullValue, size: 32 | 64): number | null {
  const nearest = size === 64 ? (real: number): number => real : Math.fround;
  if (typeof value === 'number') return Object.is(nearest(value), value) ? value : null;
  if (typeof value === 'bigint') {
    const real = nearest(Number(value));
    return BigInt(real) === value ? real : null;
  }
  const written = typeof value === 'string' ? fraction(value) : null;
  if (written === null) return null;
  const real = Number(value);
  const shortest = Number.isFinite(real) ? fraction(String(real)) : null;
  return shortest !== null && isSame(shortest, written) && Object.is(nearest(real), real)
    ? real
    : null;
}

/** numeric, as a decimal literal of the same value. */
export function statedNumeric(
  value: NonNullValue,
  limits: { readonly precision: number; readonly scale: number } | null,
): string | null {
  if (typeof value === 'object') return null;
  if (typeof value === 'number' && !Number.isFinite(value)) {
    return limits === null ? String(value) : null;
  }
  const written = fraction(String(value));
  if (written === null) return null;
  if (limits !== null) {
    const { precision, scale } = limits;
    const up = 10n ** BigInt(Math.max(scale, 0));
    const down = 10n ** BigInt(Math.max(-scale, 0) + written.decimals);
    const digits = (written.numerator * up) / down;
    if ((written.numerator * up) % down !== 0n) return null;
    if (digits >= 10n ** BigInt(precision) || -digits >= 10n ** BigInt(precision)) return null;
  }
  return String(value);
}

/** boolean, as text. */
export function statedBoolean(value: NonNullValue): string | null {
  if (value === 0n || value === 1n) return String(value === 1n);
  if (typeof value !== 'string') return null;
  if (/^(true|t|yes)$/i.test(value)) return 'true';
  return /^(false|f|no)$/i.test(value) ? 'false' : null;
}

/** text and varchar(n), in UTF-8 as hexadecimal digits. */
export function statedText(value: NonNullValue, maxCharacters = Infinity): string | null {
  if (typeof value !== 'bigint' && typeof value !== 'string') return null;
  const text = String(value);
  if (text.includes('\0') || Array.from(text).length > maxCharacters) return null;
  return Buffer.from(text, 'utf8').toString('hex');
}

/** bytea, as hexadecimal digits. */
export function statedBytes(value: NonNullValue): string | null {
  if (typeof value === 'string') return Buffer.from(value, 'utf8').toString('hex');
  if (typeof value !== 'object') return null;
  return Buffer.from(value instanceof MalformedText ? value.bytes : value).toString('hex');
}

/** uuid, as 32 hexadecimal digits. */
export function statedUuid(value: NonNullValue): string | null {
  if (value instanceof Uint8Array) {
    return value.length === 16 ? Buffer.from(value).toString('hex') : null;
  }
  if (typeof value !== 'string') return null;
  let text = value.toLowerCase();
  if (text.startsWith('urn:uuid:')) text = text.slice(9);
  else if (text.startsWith('{') && text.endsWith('}')) text = text.slice(1, -1);
  const groups = text.split('-');
  const isSpelled = groups.every((group) => group !== '' && group.length % 4 === 0);
  return isSpelled && /^[0-9a-f]{32}$/.test(groups.join('')) ? groups.join('') : null;
}

/** json and jsonb: whether the text is JSON without U+0000 and without half characters. */
export function isStorableJson(text: string): boolean {
  try {
    JSON.parse(text);
  } catch {
    return false;
  }
  // Each string by itself, hidden ones too: what stands between quotes that are not escaped.
  const strings = text.match(/"(?:[^"\\]|\\.)*"/gs) ?? [];
  return strings.every((string) => {
    const content = JSON.parse(string) as string;
    return !content.includes('\0') && content.isWellFormed();
  });
}
