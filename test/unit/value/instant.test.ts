import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatDate,
  formatTimestamp,
  instantFromMilliseconds,
  parseInstant,
} from '../../../scripts/lib/value/instant.ts';

const DAY_MS = 86_400_000;

function pad(value: number, width = 2): string {
  return String(value).padStart(width, '0');
}

/** Milliseconds as JavaScript's own calendar has them; right for every year a Date can hold. */
function dateMilliseconds(year: number, month: number, day: number): number {
  return new Date(0).setUTCFullYear(year, month - 1, day);
}

/** `YYYY-MM-DD HH:MM:SS.mmm`, with BC, by JavaScript's own calendar. */
function formattedByDate(milliseconds: number): string {
  const date = new Date(milliseconds);
  const year = date.getUTCFullYear();
  const day = `${pad(year > 0 ? year : 1 - year, 4)}-${pad(date.getUTCMonth() + 1)}-${pad(date.getUTCDate())}`;
  const clock = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()]
    .map((part) => pad(part))
    .join(':');
  const ms = date.getUTCMilliseconds();
  return `${day} ${clock}${ms === 0 ? '' : `.${pad(ms, 3)}000`}${year > 0 ? '' : ' BC'}`;
}

const year = fc.oneof(
  fc.integer({ min: 1, max: 9999 }),
  fc.constantFrom(1, 4, 100, 400, 1900, 2000, 2024),
);
const clock = fc.record({
  hour: fc.integer({ min: 0, max: 23 }),
  minute: fc.integer({ min: 0, max: 59 }),
  second: fc.integer({ min: 0, max: 59 }),
  micros: fc.integer({ min: 0, max: 999_999 }),
  offset: fc.integer({ min: -15 * 60 - 59, max: 15 * 60 + 59 }),
});

describe('ISO text', () => {
  it('names the days and only the days that JavaScript calendar has', () => {
    const month = fc.integer({ min: 0, max: 13 });
    const day = fc.integer({ min: 0, max: 32 });
    fc.assert(
      fc.property(year, month, day, (year, month, day) => {
        const instant = parseInstant(`${pad(year, 4)}-${pad(month)}-${pad(day)}`);
        const milliseconds = dateMilliseconds(year, month, day);
        const exists = new Date(milliseconds).getUTCMonth() === month - 1 && day > 0;
        const expected = { epochDays: milliseconds / DAY_MS, microseconds: 0 };
        expect(instant).toEqual(exists ? expected : 'no-such-time');
      }),
      { numRuns: 2000 },
    );
  });

  it('is the moment that JavaScript computes, to the microsecond and in any zone', () => {
    fc.assert(
      fc.property(year, fc.integer({ min: 1, max: 365 }), clock, (year, dayOfYear, time) => {
        const day = new Date(dateMilliseconds(year, 1, dayOfYear));
        const sign = time.offset < 0 ? '-' : '+';
        const zone = `${sign}${pad(Math.trunc(Math.abs(time.offset) / 60))}:${pad(Math.abs(time.offset) % 60)}`;
        const text = `${pad(year, 4)}-${pad(day.getUTCMonth() + 1)}-${pad(day.getUTCDate())}T${pad(time.hour)}:${pad(time.minute)}:${pad(time.second)}.${pad(time.micros, 6)}${zone}`;
        const seconds = time.hour * 3600 + (time.minute - time.offset) * 60 + time.second;
        const expected =
          (BigInt(day.getTime()) + BigInt(seconds * 1000)) * 1000n + BigInt(time.micros);
        const instant = parseInstant(text);
        if (typeof instant === 'string') throw new Error(`${text}: ${instant}`);
        expect(
          BigInt(instant.epochDays) * BigInt(DAY_MS) * 1000n + BigInt(instant.microseconds),
        ).toBe(expected);
        expect(instant.microseconds).toBeGreaterThanOrEqual(0);
        expect(instant.microseconds).toBeLessThan(DAY_MS * 1000);
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['2024-02-29', '2024-02-29 00:00:00'],
    ['2000-02-29T12:00', '2000-02-29 12:00:00'],
    ['2024-01-31 23:59:59', '2024-01-31 23:59:59'],
    ['2024-01-31T23:59:59.5Z', '2024-01-31 23:59:59.500000'],
    ['2024-01-31T23:59:59.123456000z', '2024-01-31 23:59:59.123456'],
    ['2024-01-31T23:59:59+0230', '2024-01-31 21:29:59'],
    ['2024-01-31T23:59:59-01', '2024-02-01 00:59:59'],
    ['2024-01-31 23:59:59 +01:00', '2024-01-31 22:59:59'],
    ['0001-01-01T00:00:00+00:01', '0001-12-31 23:59:00 BC'],
    ['9999-12-31T23:59:59-00:01', '10000-01-01 00:00:59'],
  ])('%s is %s', (text, written) => {
    const instant = parseInstant(text);
    expect(typeof instant === 'string' ? instant : formatTimestamp(instant, '')).toBe(written);
  });

  it.each([
    ['not-iso', ''],
    ['not-iso', '1700000000000'],
    ['not-iso', '2024-1-1'],
    ['not-iso', '31.01.2024'],
    ['not-iso', '2024-01-31T'],
    ['not-iso', '2024-01-31T23'],
    ['not-iso', '2024-01-31T23:59:59.'],
    ['not-iso', '2024-01-31T23:59:59 UTC'],
    ['not-iso', '2024-01-31Z'],
    ['not-iso', '+2024-01-31'],
    ['not-iso', '2024-01-31\n'],
    ['not-iso', '12024-01-31'],
    ['no-such-time', '0000-01-01'],
    ['no-such-time', '2023-02-29'],
    ['no-such-time', '1900-02-29'],
    ['no-such-time', '2024-04-31'],
    ['no-such-time', '2024-13-01'],
    ['no-such-time', '2024-01-31T24:00'],
    ['no-such-time', '2024-01-31T23:60'],
    ['no-such-time', '2024-01-31T23:59:60'],
    ['no-such-time', '2024-01-31T00:00:00+16:00'],
    ['no-such-time', '2024-01-31T00:00:00+01:60'],
    ['too-precise', '2024-01-31T00:00:00.0000001'],
  ])('%s: %j', (fault, text) => {
    expect(parseInstant(text)).toBe(fault);
  });
});

const written = (milliseconds: bigint): string | null => {
  const instant = instantFromMilliseconds(milliseconds);
  return instant && formatTimestamp(instant, '+00');
};

describe('milliseconds', () => {
  it('are written as the time that JavaScript computes, before Christ too', () => {
    const min = dateMilliseconds(-4712, 1, 1);
    fc.assert(
      fc.property(fc.integer({ min, max: 8.64e15 }), (milliseconds) => {
        const instant = instantFromMilliseconds(BigInt(milliseconds));
        expect(instant && formatTimestamp(instant, '')).toBe(formattedByDate(milliseconds));
      }),
      { numRuns: 2000 },
    );
  });

  it('reach from 4713 BC to the year 294276, where PostgreSQL ends', () => {
    const first = BigInt(dateMilliseconds(-4712, 1, 1));
    expect(written(first)).toBe('4713-01-01 00:00:00+00 BC');
    expect(written(first - 1n)).toBeNull();
    // PostgreSQL's END_TIMESTAMP is 9223371331200000000 microseconds after 2000-01-01.
    const last = 9_223_371_331_200_000n + BigInt(Date.UTC(2000, 0, 1)) - 1n;
    expect(written(last)).toBe('294276-12-31 23:59:59.999000+00');
    expect(written(last + 1n)).toBeNull();
    expect(written(2n ** 63n - 1n)).toBeNull();
    expect(written(-(2n ** 63n))).toBeNull();
  });
});

it('writes days before year 1 as years BC, without a year 0', () => {
  const firstDay = dateMilliseconds(1, 1, 1) / DAY_MS;
  expect(formatDate(firstDay)).toBe('0001-01-01');
  expect(formatDate(firstDay - 1)).toBe('0001-12-31 BC');
  expect(formatDate(firstDay - 366)).toBe('0001-01-01 BC');
  expect(formatDate(firstDay - 367)).toBe('0002-12-31 BC');
});
