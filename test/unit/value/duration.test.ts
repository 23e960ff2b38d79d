import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatDuration,
  parseDuration,
  timeIn,
  type Duration,
} from '../../../scripts/lib/value/duration.ts';

/** Months, days and microseconds of a text; null when it is no duration. */
function brief(text: string): unknown {
  const duration = parseDuration(text);
  if (duration === null) return null;
  return [Number(duration.months), Number(duration.days), Number(timeIn(duration, 1n, 6).rounded)];
}

function durationOf(text: string): Duration {
  const duration = parseDuration(text);
  if (duration === null) throw new Error(text);
  return duration;
}

const SECOND = 1_000_000;
const HOUR = 3600 * SECOND;

describe('a duration', () => {
  it.each([
    ['P1Y2M3W4DT5H6M7.5S', [14, 25, 5 * HOUR + 367.5 * SECOND]],
    ['P1D', [0, 1, 0]],
    ['PT0S', [0, 0, 0]],
    ['PT90M', [0, 0, 1.5 * HOUR]],
    ['P-1M2DT-3H', [-1, 2, -3 * HOUR]],
    ['P+1Y', [12, 0, 0]],
    ['PT-0.5S', [0, 0, -0.5 * SECOND]],
    ['PT-1M30S', [0, 0, -30 * SECOND]],
    ['1 year 2 mons 3 days 04:05:06.789', [14, 3, 4 * HOUR + 306_789_000]],
    ['-1 mons +2 days -03:04:05', [-1, 2, -(3 * HOUR + 245 * SECOND)]],
    ['1 day, 2:03:04', [0, 1, 2 * HOUR + 184 * SECOND]],
    ['-1 day, 23:59:59', [0, -1, 24 * HOUR - SECOND]],
    ['100:00', [0, 0, 100 * HOUR]],
    ['00:00:00', [0, 0, 0]],
    ['2 weeks', [0, 14, 0]],
    ['1 hour 30 minutes 0.5 seconds', [0, 0, 1.5 * HOUR + 0.5 * SECOND]],
    ['90 mins -1 sec', [0, 0, 1.5 * HOUR - SECOND]],
  ])('%s', (text, parts) => {
    expect(brief(text)).toEqual(parts);
  });

  it.each([
    '',
    ' ',
    'P',
    'PT',
    'P1DT',
    'P1',
    '1',
    '-P1D',
    'p1d',
    'P1.5D',
    'PT1.5H',
    'P1H',
    'PT1D',
    'P1D ',
    'P0001-02-03T04:05:06',
    '1.5 days',
    '1 fortnight',
    'day',
    'day 1',
    '1  day',
    '1 day ago',
    '1 day 1 day',
    '1 hour 02:03',
    '02:03 1 day',
    '1:2:3',
    '00:60',
    '00:00:60',
    '12',
    'infinity',
    '1 constructor',
    '1 mon 1 month',
  ])('is not %j', (text) => {
    expect(parseDuration(text)).toBeNull();
  });

  it('is what it was after it has been written', () => {
    const count = fc.bigInt({ min: -(2n ** 31n), max: 2n ** 31n - 1n });
    const time = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
    fc.assert(
      fc.property(count, count, time, (months, days, microseconds) => {
        const duration = parseDuration(formatDuration(months, days, microseconds));
        expect(duration && [duration.months, duration.days]).toEqual([months, days]);
        expect(duration && timeIn(duration, 1n, 6)).toMatchObject({
          rounded: microseconds,
          isExact: true,
        });
      }),
    );
  });
});

describe('the time of a duration', () => {
  it('is rounded with halves away from zero', () => {
    expect(timeIn(durationOf('PT0.5S'), 1n, 0).rounded).toBe(1n);
    expect(timeIn(durationOf('PT-0.5S'), 1n, 0).rounded).toBe(-1n);
    expect(timeIn(durationOf('PT0.49S'), 1n, 0).rounded).toBe(0n);
    expect(timeIn(durationOf('PT1.12345678S'), 1n, 6)).toEqual({
      truncated: 1_123_456n,
      rounded: 1_123_457n,
      isExact: false,
    });
  });

  it('is cut towards zero', () => {
    expect(timeIn(durationOf('-01:59:59'), 3600n, 0).truncated).toBe(-1n);
    expect(timeIn(durationOf('01:59:59'), 60n, 0).truncated).toBe(119n);
  });
});
