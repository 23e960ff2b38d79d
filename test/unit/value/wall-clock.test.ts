import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readIsoDate, readIsoTime, type ReadTime } from '../../../scripts/lib/value/wall-clock.ts';

const DAY_MS = 86_400_000;

function pad(value: number, width = 2): string {
  return String(value).padStart(width, '0');
}

/** What a text says, briefly: day, microseconds, what is finer, offset. */
function brief(read: ReadTime): unknown {
  if (read === null || typeof read === 'string') return read;
  const { epochDays, microseconds, excess, offsetSeconds } = read;
  return [epochDays, microseconds, excess, offsetSeconds];
}

const HOUR = 3_600_000_000;

describe('an ISO date', () => {
  it('names the days and only the days that the calendar of JavaScript has', () => {
    const year = fc.integer({ min: 0, max: 9999 });
    const month = fc.integer({ min: 0, max: 13 });
    const day = fc.integer({ min: 0, max: 32 });
    fc.assert(
      fc.property(year, month, day, (year, month, day) => {
        const read = readIsoDate(`${pad(year, 4)}-${pad(month)}-${pad(day)}`);
        const milliseconds = new Date(0).setUTCFullYear(year, month - 1, day);
        const exists = new Date(milliseconds).getUTCMonth() === month - 1 && day > 0;
        expect(brief(read)).toEqual(
          exists ? [milliseconds / DAY_MS, null, '', null] : 'no-such-time',
        );
      }),
      { numRuns: 2000 },
    );
  });

  it('is read as JavaScript writes it, in years of six digits too', () => {
    fc.assert(
      fc.property(fc.date({ noInvalidDate: true }), (date) => {
        const days = Math.floor(date.getTime() / DAY_MS);
        const expected = [days, (date.getTime() - days * DAY_MS) * 1000, '', 0];
        expect(brief(readIsoDate(date.toISOString()))).toEqual(expected);
      }),
      { numRuns: 1000 },
    );
  });

  const day = Date.UTC(2024, 0, 31) / DAY_MS;
  it.each([
    ['2024-01-31', [day, null, '', null]],
    ['2024-01-31T12:00', [day, 12 * HOUR, '', null]],
    ['2024-01-31 01:00:00', [day, HOUR, '', null]],
    ['2024-01-31T00:00:00.5Z', [day, 500_000, '', 0]],
    ['2024-01-31T00:00:00.123456000z', [day, 123_456, '', 0]],
    ['2024-01-31T00:00:00.123456700', [day, 123_456, '7', null]],
    ['2024-01-31T00:00:00+0230', [day, 0, '', 9000]],
    ['2024-01-31T00:00:00-01', [day, 0, '', -3600]],
    ['2024-01-31 00:00:00 +00:53:28', [day, 0, '', 3208]],
    ['2024-01-31T24:00', [day, 24 * HOUR, '', null]],
    ['+002024-01-31', [day, null, '', null]],
  ])('%s', (text, said) => {
    expect(brief(readIsoDate(text))).toEqual(said);
  });

  it.each([
    '',
    '1700000000000',
    '2024-1-1',
    '31.01.2024',
    '2024-01-31T',
    '2024-01-31T23',
    '2024-01-31T23:59:59.',
    '2024-01-31T23:59:59 UTC',
    '2024-01-31Z',
    '+2024-01-31',
    '2024-01-31\n',
    ' 2024-01-31',
    '12024-01-31',
    '12:00',
  ])('is not %j', (text) => {
    expect(readIsoDate(text)).toBeNull();
  });

  it.each([
    '-000000-01-01',
    '2023-02-29',
    '1900-02-29',
    '2024-04-31',
    '2024-13-01',
    '2024-01-31T24:00:01',
    '2024-01-31T24:00:00.0000001',
    '2024-01-31T25:00',
    '2024-01-31T23:60',
    '2024-01-31T23:59:60',
    '2024-01-31T00:00:00+16:00',
    '2024-01-31T00:00:00+01:60',
  ])('%s is no day or time that there is', (text) => {
    expect(readIsoDate(text)).toBe('no-such-time');
  });
});

describe('an ISO time', () => {
  it.each([
    ['00:00', [null, 0, '', null]],
    ['23:59:59.9999999', [null, 86_399_999_999, '9', null]],
    ['24:00:00', [null, 24 * HOUR, '', null]],
    ['12:00:00.000+02', [null, 12 * HOUR, '', 7200]],
    ['12:60', 'no-such-time'],
    ['12:00:60', 'no-such-time'],
    ['24:01', 'no-such-time'],
    ['1:00', null],
    ['12', null],
    ['2024-01-31', null],
  ])('%s', (text, said) => {
    expect(brief(readIsoTime(text))).toEqual(said);
  });
});
