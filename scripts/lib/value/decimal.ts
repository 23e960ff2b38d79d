/** A decimal number: `digits` × 10^`exponent`, digits without zeros at either end ('0' for zero). */
export interface Decimal {
  readonly isNegative: boolean;
  readonly digits: string;
  readonly exponent: number;
}

const DECIMAL = /^([+-]?)([0-9]+)?(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]{1,6}))?$/;
/** PostgreSQL's numeric holds no more. Source: https://www.postgresql.org/docs/current/datatype-numeric.html */
const MAX_DIGITS_BEFORE_POINT = 131072;
const MAX_DIGITS_AFTER_POINT = 16383;

/** Reads a decimal literal; null when it is none, or beyond what numeric can hold. */
export function parseDecimal(text: string): Decimal | null {
  const match = DECIMAL.exec(text);
  if (match === null) return null;
  const [, sign = '', whole = '', fraction = '', exponentText = '0'] = match;
  if (whole === '' && fraction === '') return null;
  const significant = (whole + fraction).replace(/^0+/, '');
  const digits = significant.replace(/0+$/, '');
  if (digits === '') return { isNegative: false, digits: '0', exponent: 0 };
  const trailingZeros = significant.length - digits.length;
  const exponent = Number(exponentText) - fraction.length + trailingZeros;
  const isTooLarge = digits.length + exponent > MAX_DIGITS_BEFORE_POINT;
  if (isTooLarge || -exponent > MAX_DIGITS_AFTER_POINT) return null;
  return { isNegative: sign === '-', digits, exponent };
}

/** The number without an exponent, e.g. `-0.0012`. */
export function decimalOf({ isNegative, digits, exponent }: Decimal): string {
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
