import { READ, sentInterval, sentTimetz } from '../../support/readings.ts';
import { INT64_MAX, INT64_MIN } from '../../support/values.ts';
import type { Exact } from './exact-case.ts';

const HOUR = 3_600_000_000n;

const micros = (iso: string): string => `${BigInt(Date.parse(iso)) * 1000n}`;

export const TIMES: readonly Exact[] = [
  {
    type: 'timestamptz(3)',
    read: READ.microseconds,
    context: { timeUnit: 'ms' },
    cases: [
      [1_706_702_400_123n, micros('2024-01-31T12:00:00.123Z')],
      ['2024-01-31T12:00:00.123Z', micros('2024-01-31T12:00:00.123Z')],
      ['2024-01-31 13:00:00.123+01:00', micros('2024-01-31T12:00:00.123Z')],
      ['2024-01-31', micros('2024-01-31T00:00:00Z')],
      [-1n, '-1000'],
      [0n, '0'],
      [4_102_444_800_000n, micros('2100-01-01T00:00:00Z')],
      ['0000-01-01T00:00:00Z', micros('0000-01-01T00:00:00Z')],
      ['-004713-11-24T00:00:00Z', micros('-004713-11-24T00:00:00Z')],
      [9_224_318_015_999_999n, '9224318015999999000'],
      ['+294276-12-31T23:59:59.999Z', '9224318015999999000'],
      [9_224_318_016_000_000n, null],
      ['-004713-11-23T23:59:59Z', null],
      ['2024-01-31T12:00:00.1234Z', null],
    ],
  },
  {
    type: 'timestamp',
    read: READ.microseconds,
    context: { timeUnit: 'us', timeZone: 'Europe/Berlin' },
    cases: [
      [1_706_702_400_123_456n, '1706702400123456'],
      ['2024-01-31T12:00:00+02:00', micros('2024-01-31T10:00:00Z')],
      ['2024-07-01 12:00', micros('2024-07-01T10:00:00Z')],
      ['2024-03-31 02:30', null],
      ['2024-10-27 02:30', null],
    ],
  },
  {
    type: 'timestamptz',
    read: READ.microseconds,
    context: { timeUnit: 's', dateFormat: 'DD.MM.YYYY HH:mm' },
    cases: [
      [1_706_702_400n, micros('2024-01-31T12:00:00Z')],
      [1_706_702_400.123456, '1706702400123456'],
      [-0.000001, '-1'],
      ['05.04.2024 12:00', micros('2024-04-05T12:00:00Z')],
      [1.23456789, null],
    ],
  },
  {
    type: 'date',
    read: READ.days,
    context: { timeUnit: 'ms' },
    cases: [
      ['1970-01-02', '1'],
      ['1969-12-31', '-1'],
      ['2024-02-29T00:00:00Z', '19782'],
      [86_400_000n, '1'],
      ['-004713-11-24', '-2440588'],
      [2_145_042_905n * 86_400_000n, '2145042905'],
      [1n, null],
      ['2023-02-29', null],
    ],
  },
  {
    type: 'time(3)',
    read: READ.microseconds,
    cases: [
      ['12:30', `${45_000n * 1_000_000n}`],
      ['24:00', `${24n * HOUR}`],
      ['00:00:00.001', '1000'],
      ['1970-01-01T01:00:00Z', `${HOUR}`],
      ['00:00:00.0001', null],
      ['23:59:60', null],
    ],
  },
  {
    type: 'timetz',
    read: READ.timetz,
    cases: [
      ['12:00:00.000001+05:30', sentTimetz(12n * HOUR + 1n, 19_800)],
      ['24:00-15:59:59', sentTimetz(24n * HOUR, -57_599)],
      ['00:00', sentTimetz(0n, 0)],
    ],
  },
  {
    type: 'interval',
    read: READ.interval,
    cases: [
      ['P1Y2M3W4DT5H6M7.8S', sentInterval(14, 25, 5n * HOUR + 367_800_000n)],
      ['-1 mons +2 days -03:04:05', sentInterval(-1, 2, -(3n * HOUR + 245_000_000n))],
      ['-1 day, 23:59:59', sentInterval(0, -1, 24n * HOUR - 1_000_000n)],
      ['PT-0.000001S', sentInterval(0, 0, -1n)],
      ['PT2562047788H54.775807S', sentInterval(0, 0, INT64_MAX)],
      ['PT-2562047788H-54.775808S', sentInterval(0, 0, INT64_MIN)],
      ['P2147483647M-2147483648D', sentInterval(2_147_483_647, -2_147_483_648, 0n)],
      [0n, sentInterval(0, 0, 0n)],
      [1n, null],
      ['PT0.0000001S', null],
    ],
  },
  {
    type: 'interval day to minute',
    read: READ.interval,
    cases: [
      ['P1M1DT1H1M', sentInterval(1, 1, HOUR + 60_000_000n)],
      ['PT1S', null],
    ],
  },
];
