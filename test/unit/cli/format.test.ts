import { expect, it } from 'vitest';
import {
  formatBytes,
  formatColumns,
  formatCount,
  formatDuration,
  formatPlural,
} from '../../../scripts/lib/cli/format.ts';

it.each([
  [0, '0'],
  [999, '999'],
  [1_234_567, '1,234,567'],
  [12.6, '13'],
])('the count %d is %s', (value, text) => {
  expect(formatCount(value)).toBe(text);
});

it('one is singular, all else plural', () => {
  expect([0, 1, 2, 1000].map((value) => formatPlural(value, 'row'))).toEqual([
    '0 rows',
    '1 row',
    '2 rows',
    '1,000 rows',
  ]);
});

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 KB'],
  [220_000, '220.0 KB'],
  [4_200_000, '4.2 MB'],
  [1_500_000_000, '1.5 GB'],
  [3e15, '3000.0 TB'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

it.each([
  [0, '0 ms'],
  [85.4, '85 ms'],
  [1000, '1.0 s'],
  [4210, '4.2 s'],
  [60_000, '1 min 00 s'],
  [200_900, '3 min 21 s'],
  [59_999, '1 min 00 s'],
  [999.7, '1.0 s'],
  [3_600_000, '1 h 00 min'],
  [7_500_000, '2 h 05 min'],
  [360_000_000, '100 h 00 min'],
])('%d milliseconds are %s', (milliseconds, text) => {
  expect(formatDuration(milliseconds)).toBe(text);
});

it('columns are as wide as their widest cell, numbers to the right, without blanks at the end', () => {
  expect(
    formatColumns(
      [
        ['users', '7', 'rows'],
        ['pfa_records', '100,000', ''],
      ],
      new Set([1]),
    ),
  ).toEqual(['users              7  rows', 'pfa_records  100,000']);
  expect(formatColumns([])).toEqual([]);
});
