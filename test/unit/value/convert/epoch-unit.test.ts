import { describe, expect, it } from 'vitest';
import { epochUnitOf, isTimeType } from '../../../../scripts/lib/value/convert/epoch-unit.ts';
import { targetType } from '../../../support/catalogs.ts';
import { arrayType } from '../../../support/converted.ts';

const seconds = (text: string): bigint => BigInt(Date.parse(text) / 1000);

describe('the unit of a column of integers', () => {
  it.each([
    ['s', 1n],
    ['ms', 1000n],
    ['us', 1_000_000n],
  ])(
    'is %s when that puts the latest between 1990 and 2200 and all between 1900 and 2200',
    (unit, factor) => {
      const of = (min: string, max: string): string | null =>
        epochUnitOf(seconds(min) * factor, seconds(max) * factor);
      expect(of('2024-01-31T00:00:00Z', '2024-01-31T00:00:00Z')).toBe(unit);
      expect(of('1900-01-01T00:00:00Z', '1990-01-01T00:00:00Z')).toBe(unit);
      expect(of('1970-01-01T00:00:01Z', '2199-12-31T23:59:59Z')).toBe(unit);
      expect(of('1899-12-31T23:59:59Z', '2024-01-31T00:00:00Z')).toBeNull();
      expect(of('1970-01-01T00:00:01Z', '1989-12-31T23:59:59Z')).toBeNull();
      expect(of('2024-01-31T00:00:00Z', '2200-01-01T00:00:00Z')).toBeNull();
    },
  );

  it('is none for numbers that are no times', () => {
    for (const [min, max] of [
      [1n, 1000n],
      [20_240_131n, 20_241_231n],
      [-(2n ** 63n), 2n ** 63n - 1n],
    ] as const) {
      expect(epochUnitOf(min, max)).toBeNull();
    }
  });

  it('is none when two units are mixed', () => {
    expect(epochUnitOf(1_706_659_200n, 1_706_659_200_000n)).toBe('ms');
    expect(epochUnitOf(-3_000_000_000_000n, 1_706_659_200n)).toBeNull();
  });
});

it('numbers stand for points in time in dates, times and timestamps only', () => {
  for (const name of ['date', 'time', 'timetz', 'timestamp', 'timestamptz']) {
    expect(isTimeType(targetType(name))).toBe(true);
    expect(isTimeType(arrayType(targetType(name)))).toBe(false);
    expect(isTimeType(targetType(name, { kind: 'enum' }))).toBe(false);
  }
  for (const name of ['interval', 'int8', 'text']) expect(isTimeType(targetType(name))).toBe(false);
});
