import { describe, expect, it } from 'vitest';
import { MalformedText } from '../../../../scripts/lib/model/values.ts';
import {
  dateConverter,
  timestampConverter,
} from '../../../../scripts/lib/value/convert/instants.ts';
import { converted } from '../../../support/converted.ts';

const byPrisma = { madeByPrisma: true };
const byOthers = { madeByPrisma: false };

describe('a timestamp', () => {
  const withZone = timestampConverter(true, 6, byPrisma);
  const withoutZone = timestampConverter(false, 6, byPrisma);

  it('takes ISO text, in UTC where it names no zone', () => {
    expect(converted(withZone, '2024-01-31 12:00:00')).toBe('2024-01-31 12:00:00+00');
    expect(converted(withZone, '2024-01-31T12:00:00.5+02:00')).toBe(
      '2024-01-31 10:00:00.500000+00',
    );
    expect(converted(withoutZone, '2024-01-31T12:00:00+02:00')).toBe('2024-01-31 10:00:00');
  });

  it('takes milliseconds in a database that Prisma made', () => {
    expect(converted(withZone, 1_706_702_400_123n)).toBe('2024-01-31 12:00:00.123000+00');
    expect(converted(withoutZone, -1n)).toBe('1969-12-31 23:59:59.999000');
  });

  it('refuses integers whose unit nothing tells', () => {
    expect(converted(timestampConverter(true, 6, byOthers), 1_706_702_400n)).toBe('value-unit');
  });

  it('refuses a fraction finer than the column', () => {
    const milliseconds = timestampConverter(true, 3, byPrisma);
    expect(converted(milliseconds, '2024-01-31T12:00:00.123Z')).toBe(
      '2024-01-31 12:00:00.123000+00',
    );
    expect(converted(milliseconds, '2024-01-31T12:00:00.1234Z')).toBe('value-precision');
    expect(converted(timestampConverter(true, 0, byPrisma), 1500n)).toBe('value-precision');
    expect(converted(timestampConverter(true, 0, byPrisma), 1000n)).toBe('1970-01-01 00:00:01+00');
  });

  it('refuses other text, times that do not exist, and other classes', () => {
    expect(converted(withZone, 'yesterday')).toBe('value-format');
    expect(converted(withZone, '2023-02-29')).toBe('value-range');
    expect(converted(withZone, '2024-01-01T00:00:00.1234567')).toBe('value-precision');
    expect(converted(withZone, 2n ** 62n)).toBe('value-range');
    for (const value of [2_460_341.5, new Uint8Array(), new MalformedText(new Uint8Array([255]))]) {
      expect(converted(withZone, value)).toBe('value-class');
    }
  });
});

describe('a date', () => {
  const date = dateConverter(byPrisma);

  it('takes a day, and a time of exactly midnight UTC', () => {
    expect(converted(date, '2024-02-29')).toBe('2024-02-29');
    expect(converted(date, '2024-02-29T00:00:00.000Z')).toBe('2024-02-29');
    expect(converted(date, '2024-02-29T01:00:00+01:00')).toBe('2024-02-29');
    expect(converted(date, -86_400_000n)).toBe('1969-12-31');
  });

  it('refuses a time of day that it would lose', () => {
    expect(converted(date, '2024-02-29T00:00:00.000001Z')).toBe('value-precision');
    expect(converted(date, 1n)).toBe('value-precision');
  });

  it('refuses integers whose unit nothing tells, and other classes', () => {
    expect(converted(dateConverter(byOthers), 0n)).toBe('value-unit');
    expect(converted(date, 1.5)).toBe('value-class');
  });
});
