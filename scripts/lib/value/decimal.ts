/** A decimal number: `digits` × 10^`exponent`, digits without zeros at either end ('0' for zero). */
export interface Decimal {
  readonly isNegative: boolean;
  readonly digits: string;
  readonly exponent: number;
}

const DECIMAL = /^([+-]?)([0-9]+)?(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]+))?$/;
/** PostgreSQL's numeric holds no more. Source: https://www.postgresql.org/docs/current/datatype-numeric.html */
const MAX_DIGITS_BEFORE_POINT = 131_072;
const MAX_DIGITS_AFTER_POINT = 16_383;
const ZERO: Decimal = { isNegative: false, digits: '0', exponent: 0 };

/** Reads a decimal literal, or says that it is none or beyond what numeric can hold. */
export function parseDecimal(text: string): Decimal | 'not-decimal' | 'beyond-numeric' {
  const match = DECIMAL.exec(text);
  if (match === null) return 'not-decimal';
  const [, sign = '', whole = '', fraction = '', exponentText = '0'] = match;
  if (whole === '' && fraction === '') return 'not-decimal';
  const decimal = normalized(
    sign === '-',
    whole + fraction,
    Number(exponentText) - fraction.length,
  );
  const isTooLarge = decimal.digits.length + decimal.exponent > MAX_DIGITS_BEFORE_POINT;
  if (isTooLarge || -decimal.exponent > MAX_DIGITS_AFTER_POINT) return 'beyond-numeric';
  return decimal;
}

/** The decimal that a finite number's shortest form is. */
export function decimalOfNumber(value: number | bigint): Decimal {
  const decimal = parseDecimal(String(value));
  if (typeof decimal === 'string') throw new Error(`${value} has no decimal form`);
  return decimal;
}

/**
 * Whether numeric holds a JSON number as it is written. Zeros at the end of a fraction count, for
 * jsonb keeps them.
 */
export function fitsJsonb(token: string): boolean {
  const [, , , fraction = '', exponent = '0'] = DECIMAL.exec(token) ?? [];
  const decimals = fraction.length - Number(exponent);
  return decimals <= MAX_DIGITS_AFTER_POINT && typeof parseDecimal(token) !== 'string';
}

function normalized(isNegative: boolean, allDigits: string, exponent: number): Decimal {
  const significant = allDigits.replace(/^0+/, '');
  const digits = significant.replace(/0+$/, '');
  if (digits === '') return ZERO;
  return { isNegative, digits, exponent: exponent + significant.length - digits.length };
}

/** The number without an exponent, e.g. `-0.0012`. */
export function formatDecimal({ isNegative, digits, exponent }: Decimal): string {
  const sign = isNegative ? '-' : '';
  if (exponent >= 0) return sign + digits + '0'.repeat(exponent);
  const padded = digits.padStart(1 - exponent, '0');
  const point = padded.length + exponent;
  return `${sign}${padded.slice(0, point)}.${padded.slice(point)}`;
}

/** Whether numeric(precision, scale) holds the number without rounding. */
export function fitsPrecision(
  { digits, exponent }: Decimal,
  precision: number,
  scale: number,
): 'fits' | 'too-many-decimals' | 'too-large' {
  if (digits === '0') return 'fits';
  if (exponent < -scale) return 'too-many-decimals';
  return digits.length + exponent <= precision - scale ? 'fits' : 'too-large';
}

/** Rounded to so many decimals, halves away from zero, as PostgreSQL's numeric does; a scale may be negative. */
export function roundDecimal(decimal: Decimal, scale: number): Decimal {
  const { isNegative, digits, exponent } = decimal;
  const dropped = -scale - exponent;
  if (dropped <= 0) return decimal;
  const kept = digits.length > dropped ? BigInt(digits.slice(0, -dropped)) : 0n;
  const roundsUp = digits.length >= dropped && (digits.at(-dropped) ?? '0') >= '5';
  return normalized(isNegative, String(kept + (roundsUp ? 1n : 0n)), -scale);
}

/** The whole number at or below `decimal` × 10^`shift`, and the digits of what is above it. */
export function floorShifted(
  { isNegative, digits, exponent }: Decimal,
  shift: number,
): { readonly whole: bigint; readonly rest: string } {
  const cut = -(exponent + shift);
  if (cut <= 0) {
    const whole = BigInt(digits + '0'.repeat(-cut));
    return { whole: isNegative ? -whole : whole, rest: '' };
  }
  const padded = digits.padStart(cut + 1, '0');
  const whole = BigInt(padded.slice(0, -cut));
  const rest = padded.slice(-cut);
  if (!isNegative) return { whole, rest };
  return { whole: -whole - 1n, rest: String(10n ** BigInt(cut) - BigInt(rest)).padStart(cut, '0') };
}
