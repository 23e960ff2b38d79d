import BetterSqlite3 from 'better-sqlite3';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { typeUnderTest } from '../../../support/converted.ts';

const database = new BetterSqlite3(':memory:');
const strftime = database
  .prepare<[value: unknown], string>("SELECT strftime('%Y-%m-%d %H:%M:%f', ?)")
  .pluck();

const { converted } = typeUnderTest('timestamp', {
  timeUnit: 'julian_day',
  readsNumericText: true,
});

/** SQLite's reading of a Julian day, with the six decimals that PostgreSQL is given. */
function bySqlite(value: number | bigint | string): string {
  return `${strftime.get(value) ?? ''}000`.replace(/\.000000$/, '');
}

/** The Julian days of the years 1 to 9999. */
const FIRST = 1_721_425.5;
const LAST = 5_373_484.4999999;

it('a Julian day is the time that SQLite reads in it, be it REAL, INTEGER or TEXT', () => {
  fc.assert(
    fc.property(
      fc.double({ min: FIRST, max: LAST, noNaN: true }),
      fc.bigInt({ min: 1_721_426n, max: 5_373_484n }),
      fc.tuple(fc.integer({ min: 1_721_426, max: 5_373_483 }), fc.nat(999_999)),
      (real, integer, [day, fraction]) => {
        const text = `${day}.${String(fraction).padStart(6, '0')}`;
        for (const value of [real, integer, text]) expect(converted(value)).toBe(bySqlite(value));
      },
    ),
    { numRuns: 1000 },
  );
});

it.each([FIRST, 2_440_587.5, 2_451_544.499999999, 2_460_341.25, LAST])('%s', (value) => {
  expect(converted(value)).toBe(bySqlite(value));
});
