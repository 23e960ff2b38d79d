import {
  decimalOfNumber,
  fitsPrecision,
  formatDecimal,
  parseDecimal,
  roundDecimal,
  type Decimal,
} from '../decimal.ts';
import { Misfit, type Remedy } from './converter.ts';

const INFINITE = new Misfit('value-range', 'is infinite, which the type cannot hold');

/** An INTEGER within so many bits. */
export function integerWithin(bits: 16 | 32 | 64): (value: bigint) => string | Misfit {
  return (value) =>
    BigInt.asIntN(bits, value) === value
      ? value.toString()
      : new Misfit('value-range', `is out of range for ${bits} bits`);
}

/** A REAL that is a whole number which no other number rounds to. */
export function wholeReal(bits: 16 | 32 | 64): (value: number) => string | Misfit {
  const within = integerWithin(bits);
  return (value) => {
    if (Number.isSafeInteger(value)) return within(BigInt(value));
    if (!Number.isFinite(value)) return INFINITE;
    const isWhole = Number.isInteger(value);
    const rounded = (): bigint =>
      isWhole ? BigInt(value) : BigInt(formatDecimal(roundDecimal(decimalOfNumber(value), 0)));
    const reason = isWhole ? 'is beyond what a REAL holds exactly' : 'has a fraction';
    return new Misfit('value-precision', reason, {
      policy: 'round',
      apply: () => within(rounded()),
    });
  };
}

const PLAIN_INTEGER = /^(?:0|-?[1-9][0-9]*)$/;
/** The digits of 2^63, with a sign. */
const MAX_INTEGER_LENGTH = 20;

/** TEXT that is an integer in plain digits: no blanks, no plus sign, no zeros in front. */
export function integerText(bits: 16 | 32 | 64): (value: string) => string | Misfit {
  const within = integerWithin(bits);
  return (value) => {
    if (!PLAIN_INTEGER.test(value)) {
      return new Misfit('value-format', 'is not an integer in plain digits');
    }
    // Digits without end would take long to read.
    return within(value.length > MAX_INTEGER_LENGTH ? 2n ** 64n : BigInt(value));
  };
}

/** A floating-point type: how it shows a number that it may hold, and what it makes of one that it does not. */
interface FloatingPoint {
  /** The nearest number that the type holds. */
  readonly nearest: (value: number) => number;
  readonly name: string;
}

export const DOUBLE: FloatingPoint = { nearest: (value) => value, name: 'a double' };
export const SINGLE: FloatingPoint = { nearest: Math.fround, name: 'a float4' };

/** A REAL that the type holds to the last bit. */
export function exactReal(type: FloatingPoint): (value: number) => string | Misfit {
  return (value) => {
    const nearest = type.nearest(value);
    return Object.is(nearest, value)
      ? formatReal(value)
      : inexact(type, nearest, value, formatReal(nearest));
  };
}

/** An INTEGER that the type holds exactly. */
export function exactInteger(type: FloatingPoint): (value: bigint) => string | Misfit {
  return (value) => {
    const nearest = type.nearest(Number(value));
    const text = value.toString();
    return BigInt(nearest) === value ? text : inexact(type, nearest, Number(value), text);
  };
}

/** TEXT that is the shortest decimal form of a REAL which the type holds, whatever zeros and exponent it is written with. */
export function decimalText(type: FloatingPoint): (value: string) => string | Misfit {
  return (value) => {
    const decimal = parseDecimal(value);
    if (decimal === 'not-decimal') return new Misfit('value-format', 'is not a decimal number');
    const real = Number(value);
    const isZero = decimal !== 'beyond-numeric' && decimal.digits === '0';
    if (!Number.isFinite(real) || (real === 0 && !isZero)) return outOfRange(type);
    const isShortest = decimal !== 'beyond-numeric' && sameDecimal(decimal, decimalOfNumber(real));
    const nearest = type.nearest(real);
    return isShortest && Object.is(nearest, real)
      ? formatReal(real)
      : inexact(type, nearest, real, value);
  };
}

function sameDecimal(a: Decimal, b: Decimal): boolean {
  return a.digits === b.digits && a.exponent === b.exponent && a.isNegative === b.isNegative;
}

/** @param rounded what PostgreSQL rounds to the nearest */
function inexact(type: FloatingPoint, nearest: number, value: number, rounded: string): Misfit {
  const vanishes = nearest === 0 && value !== 0;
  if (!Number.isFinite(nearest) || vanishes) return outOfRange(type);
  return new Misfit('value-precision', `has more digits than ${type.name} holds`, {
    policy: 'round',
    apply: () => rounded,
  });
}

function outOfRange(type: FloatingPoint): Misfit {
  return new Misfit('value-range', `is out of range for ${type.name}`);
}

/** The shortest digits that read back to the same double. */
function formatReal(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

/** What numeric can hold: precision and scale, or null without them. */
export type NumericLimits = { readonly precision: number; readonly scale: number } | null;

const NUMERIC_INFINITY_SINCE = 140_000;

/** An INTEGER or a REAL by its shortest decimal form; infinity where numeric has it. */
export function numericNumber(
  limits: NumericLimits,
  serverVersion: number,
): (value: bigint | number) => string | Misfit {
  return (value) => {
    if (typeof value === 'bigint' || Number.isFinite(value)) {
      return withinLimits(decimalOfNumber(value), limits);
    }
    return limits === null && serverVersion >= NUMERIC_INFINITY_SINCE ? String(value) : INFINITE;
  };
}

/** TEXT that is a plain decimal number, with an exponent or without. */
export function numericText(limits: NumericLimits): (value: string) => string | Misfit {
  return (value) => {
    const decimal = parseDecimal(value);
    if (decimal === 'not-decimal') return new Misfit('value-format', 'is not a decimal number');
    if (decimal === 'beyond-numeric') {
      return new Misfit('value-range', 'has more digits than numeric holds');
    }
    return withinLimits(decimal, limits);
  };
}

function withinLimits(decimal: Decimal, limits: NumericLimits): string | Misfit {
  if (limits === null) return formatDecimal(decimal);
  const { precision, scale } = limits;
  switch (fitsPrecision(decimal, precision, scale)) {
    case 'fits':
      return formatDecimal(decimal);
    case 'too-many-decimals': {
      const round: Remedy = {
        policy: 'round',
        apply: () => withinLimits(roundDecimal(decimal, scale), limits),
      };
      return new Misfit('value-precision', `would be rounded to ${scale} decimals`, round);
    }
    case 'too-large': {
      const reason =
        precision > scale
          ? `has more than ${precision - scale} digits before the point`
          : `is not below 1e${precision - scale}`;
      return new Misfit('value-range', reason);
    }
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

/** 0 and 1. */
export function booleanInteger(value: bigint): string | Misfit {
  if (value === 0n) return 'f';
  return value === 1n ? 't' : new Misfit('value-format', 'is neither 0 nor 1');
}

/** true/false/t/f/yes/no in any case. */
export function booleanText(value: string): string | Misfit {
  return (
    BOOLEAN_TEXT.get(value.toLowerCase()) ??
    new Misfit('value-format', 'is none of true/false/t/f/yes/no')
  );
}
