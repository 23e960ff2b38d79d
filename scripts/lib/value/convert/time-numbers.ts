import { decimalOfNumber, floorShifted, parseDecimal, type Decimal } from '../decimal.ts';
import { instantOf, type Instant } from '../instant.ts';
import { Misfit, type EpochUnit, type TimeUnit } from './converter.ts';

/** A number as a column holds it; TEXT by its digits. */
type WrittenNumber = bigint | number | string;

/** Microseconds, and the digits of what is finer, rounded down. */
interface Microseconds {
  readonly whole: bigint;
  readonly rest: string;
}

/** Powers of ten from a unit to microseconds, and what they are. */
const SHIFTS: Readonly<Record<EpochUnit, number>> = { s: 6, ms: 3, us: 0 };
const FACTORS: Readonly<Record<EpochUnit, bigint>> = { s: 1_000_000n, ms: 1000n, us: 1n };

const INFINITE = new Misfit('value-range', 'is infinite, and no time is');

/** What is a number of a time column where a unit has been given: plain decimal digits. */
export const PLAIN_NUMBER = /^-?\d+(?:\.\d+)?$/;

/**
 * The microseconds that a number of seconds, milliseconds or microseconds stands for, a REAL by its
 * shortest decimal form. Zero needs no unit.
 */
export function microsecondsOf(value: WrittenNumber, unit: TimeUnit | null): Microseconds | Misfit {
  if (typeof value === 'number' && !Number.isFinite(value)) return INFINITE;
  const isZero = typeof value !== 'string' && Number(value) === 0;
  if (unit === null || unit === 'julian_day') {
    return isZero ? { whole: 0n, rest: '' } : unknownUnit(value);
  }
  if (typeof value === 'bigint') return { whole: value * FACTORS[unit], rest: '' };
  const decimal = readDecimal(value);
  if (decimal === null) return new Misfit('value-range', 'has more digits than a time can have');
  return floorShifted(decimal, SHIFTS[unit]);
}

function readDecimal(value: number | string): Decimal | null {
  if (typeof value === 'number') return decimalOfNumber(value);
  const decimal = parseDecimal(value);
  return typeof decimal === 'string' ? null : decimal;
}

function unknownUnit(value: WrittenNumber): Misfit {
  const kind = typeof value === 'bigint' ? 'an integer' : 'a number';
  return new Misfit(
    'value-unit',
    `is ${kind}, and nothing says whether it counts seconds, milliseconds or microseconds`,
  );
}

/** The moment that a number in a time column stands for. */
export function instantOfNumber(value: WrittenNumber, unit: TimeUnit | null): Instant | Misfit {
  if (unit === 'julian_day') return instantOfJulianDay(Number(value));
  const microseconds = microsecondsOf(value, unit);
  return microseconds instanceof Misfit
    ? microseconds
    : instantOf(microseconds.whole, microseconds.rest);
}

const DAY_MILLISECONDS = 86_400_000;
/** The Julian day of 1970-01-01 00:00 UTC, in milliseconds. */
const EPOCH_JULIAN_MILLISECONDS = 2_440_587.5 * DAY_MILLISECONDS;
/** SQLite's last Julian day is that of 9999-12-31. */
const JULIAN_END = 5_373_484.5;

/**
 * A Julian day as SQLite's date functions read it: to the nearest millisecond.
 *
 * Source: `setRawDateNumber` in https://sqlite.org/src/file/src/date.c
 */
function instantOfJulianDay(day: number): Instant | Misfit {
  if (!(day >= 0 && day < JULIAN_END)) {
    return new Misfit('value-range', 'is no Julian day from 0 to the end of the year 9999');
  }
  const milliseconds = Math.floor(day * DAY_MILLISECONDS + 0.5) - EPOCH_JULIAN_MILLISECONDS;
  return instantOf(BigInt(milliseconds) * 1000n);
}
