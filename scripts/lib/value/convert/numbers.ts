import { decimalOf, fitsPrecision, parseDecimal, type Decimal } from '../decimal.ts';
import { Misfit, wrongClass, type Converter } from './converter.ts';

/** smallint, integer and bigint. A REAL that is a whole number is that integer. */
export function integerConverter(bits: 16 | 32 | 64): Converter {
  const limit = 2n ** BigInt(bits - 1);
  return (value) => {
    const integer =
      typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : value;
    if (typeof integer === 'number') {
      return new Misfit('value-precision', 'has a fraction or is beyond what a REAL holds exactly');
    }
    if (typeof integer !== 'bigint') return wrongClass(value, 'an integer column');
    if (integer >= -limit && integer < limit) return integer.toString();
    return new Misfit('value-range', `is out of range for ${bits} bits`);
  };
}

/** double precision: REAL bit for bit, INTEGER where a double holds it exactly. */
export const doubleConverter: Converter = (value) => {
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (typeof value !== 'bigint') return wrongClass(value, 'double precision');
  const double = Number(value);
  if (BigInt(double) === value) return value.toString();
  return new Misfit('value-precision', 'has more digits than a double holds');
};

/**
 * numeric: INTEGER, REAL by its shortest decimal form, TEXT that is a plain decimal number. Nothing
 * is ever rounded.
 *
 * @param limits precision and scale, or null for numeric without them
 */
export function numericConverter(
  limits: { readonly precision: number; readonly scale: number } | null,
): Converter {
  return (value) => {
    if (typeof value === 'object') return wrongClass(value, 'numeric');
    if (typeof value === 'number' && !Number.isFinite(value)) {
      return limits === null
        ? String(value)
        : new Misfit('value-range', 'is infinite, which numeric with a precision cannot hold');
    }
    const decimal = parseDecimal(String(value));
    if (decimal === null) return new Misfit('value-format', 'is not a decimal number');
    if (limits === null) return decimalOf(decimal);
    return limited(decimal, limits.precision, limits.scale);
  };
}

function limited(decimal: Decimal, precision: number, scale: number): string | Misfit {
  switch (fitsPrecision(decimal, precision, scale)) {
    case 'fits':
      return decimalOf(decimal);
    case 'too-many-decimals':
      return new Misfit('value-precision', `would be rounded to ${scale} decimals`);
    case 'too-large':
      return new Misfit(
        'value-range',
        `has more than ${precision - scale} digits before the point`,
      );
  }
}

const BOOLEAN_TEXT: ReadonlyMap<string, string> = new Map([
  ['true', 't'],
  ['t', 't'],
  ['yes', 't'],
  ['false', 'f'],
  ['f', 'f'],
  ['no', 'f'],
]);

/** boolean: 0 and 1, and true/false/t/f/yes/no in any case. */
export const booleanConverter: Converter = (value) => {
  if (value === 0n) return 'f';
  if (value === 1n) return 't';
  const text = typeof value === 'string' ? BOOLEAN_TEXT.get(value.toLowerCase()) : undefined;
  return text ?? new Misfit('value-format', 'is neither 0 or 1 nor true/false/t/f/yes/no');
};
