import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addSeconds,
  formatDate,
  formatOffset,
  formatTime,
  formatTimestamp,
  hasDecimals,
  instantOf,
  isDateDay,
  isTimestampDay,
  roundInstant,
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

const written = (milliseconds: number): string =>
  formatTimestamp(instantOf(BigInt(milliseconds) * 1000n), '');

describe('a moment', () => {
  it('is written as the time that JavaScript computes, before Christ too', () => {
    const min = dateMilliseconds(-4713, 11, 24);
    fc.assert(
      fc.property(fc.integer({ min, max: 8.64e15 }), (milliseconds) => {
        expect(written(milliseconds)).toBe(formattedByDate(milliseconds));
      }),
      { numRuns: 2000 },
    );
  });

  it('has its zone before the era', () => {
    const instant = instantOf(BigInt(dateMilliseconds(0, 1, 31)) * 1000n);
    expect(formatTimestamp(instant, '+00')).toBe('0001-01-31 00:00:00+00 BC');
  });

  it('moves by seconds over the borders of days', () => {
    const midnight = instantOf(0n, '5');
    expect(addSeconds(midnight, -1)).toEqual({
      epochDays: -1,
      microseconds: 86_399_000_000,
      excess: '5',
    });
    expect(addSeconds(midnight, 86_400).epochDays).toBe(1);
  });
});

describe('the range', () => {
  it('of a timestamp is from 24 November 4714 BC to the year 294276', () => {
    const firstDay = dateMilliseconds(-4713, 11, 24) / DAY_MS;
    expect([isTimestampDay(firstDay), isTimestampDay(firstDay - 1)]).toEqual([true, false]);
    // Beyond what a Date can hold: END_TIMESTAMP is 9223371331200000000 microseconds after 2000-01-01.
    const end = instantOf(9_223_371_331_200_000_000n + BigInt(Date.UTC(2000, 0)) * 1000n);
    expect(isTimestampDay(end.epochDays)).toBe(false);
    expect(isTimestampDay(end.epochDays - 1)).toBe(true);
    expect(formatDate(end.epochDays)).toBe('294277-01-01');
  });

  it('of a date ends with the year 5874897', () => {
    const lastDay = 2_145_042_905;
    expect(formatDate(lastDay)).toBe('5874897-12-31');
    expect([isDateDay(lastDay), isDateDay(lastDay + 1)]).toEqual([true, false]);
  });
});

it('days before year 1 are years BC, without a year 0', () => {
  const firstDay = dateMilliseconds(1, 1, 1) / DAY_MS;
  expect(formatDate(firstDay)).toBe('0001-01-01');
  expect(formatDate(firstDay - 1)).toBe('0001-12-31 BC');
  expect(formatDate(firstDay - 366)).toBe('0001-01-01 BC');
  expect(formatDate(firstDay - 367)).toBe('0002-12-31 BC');
});

it('times of day and offsets', () => {
  expect(formatTime(0)).toBe('00:00:00');
  expect(formatTime(86_399_999_999)).toBe('23:59:59.999999');
  expect(formatTime(86_400_000_000)).toBe('24:00:00');
  expect(formatOffset(-(3600 + 30 * 60))).toBe('-01:30:00');
  expect(formatOffset(3208)).toBe('+00:53:28');
});

describe('decimals of a second', () => {
  it.each([
    [0n, '', 0, true],
    [500_000n, '', 0, false],
    [500_000n, '', 1, true],
    [123_456n, '', 6, true],
    [123_456n, '', 5, false],
    [123_000n, '', 3, true],
    [0n, '0000001', 6, false],
  ])('%d and %j have no more than %d: %s', (microseconds, excess, decimals, has) => {
    expect(hasDecimals(instantOf(microseconds, excess), decimals)).toBe(has);
  });
});

describe('rounding', () => {
  it.each([
    ['2024-01-01T00:00:00.499Z', '', 0, '2024-01-01 00:00:00'],
    ['2024-01-01T00:00:00.500Z', '', 0, '2024-01-01 00:00:01'],
    ['2024-12-31T23:59:59.500Z', '', 0, '2025-01-01 00:00:00'],
    ['1999-12-31T23:59:59.500Z', '', 0, '1999-12-31 23:59:59'],
    ['1999-12-31T23:59:59.501Z', '', 0, '2000-01-01 00:00:00'],
    ['1999-12-31T23:59:58.500Z', '1', 0, '1999-12-31 23:59:59'],
    ['2024-01-01T00:00:00.125Z', '', 2, '2024-01-01 00:00:00.130000'],
    ['2024-01-01T00:00:00.000Z', '5', 6, '2024-01-01 00:00:00.000001'],
    ['2024-01-01T00:00:00.000Z', '49', 6, '2024-01-01 00:00:00'],
    ['2024-01-01T00:00:00.000Z', '6', 6, '2024-01-01 00:00:00.000001'],
    ['1990-01-01T00:00:00.000Z', '5', 6, '1990-01-01 00:00:00'],
    ['1990-01-01T00:00:00.000Z', '51', 6, '1990-01-01 00:00:00.000001'],
  ])('%s and %j to %d decimals is %s', (text, excess, decimals, rounded) => {
    const instant = instantOf(BigInt(Date.parse(text)) * 1000n, excess);
    expect(formatTimestamp(roundInstant(instant, decimals), '')).toBe(rounded);
  });
});
