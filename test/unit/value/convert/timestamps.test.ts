import { describe, expect, it } from 'vitest';
import { targetType } from '../../../support/catalogs.ts';
import { typeUnderTest } from '../../../support/converted.ts';

const byPrisma = { timeUnit: 'ms' } as const;
const BERLIN = { timeZone: 'Europe/Berlin' };

describe('a timestamp', () => {
  const withZone = typeUnderTest('timestamptz', byPrisma);
  const withoutZone = typeUnderTest('timestamp', byPrisma);

  it('takes ISO text, in UTC where it names no zone', () => {
    expect(withZone.converted('2024-01-31 12:00:00')).toBe('2024-01-31 12:00:00+00');
    expect(withZone.converted('2024-01-31')).toBe('2024-01-31 00:00:00+00');
    expect(withZone.converted('2024-01-31T12:00:00.5+02:00')).toBe('2024-01-31 10:00:00.500000+00');
    expect(withZone.converted('-004713-11-24T00:00:00Z')).toBe('4714-11-24 00:00:00+00 BC');
    expect(withZone.converted('0000-01-01')).toBe('0001-01-01 00:00:00+00 BC');
  });

  it('without a zone of its own has its clock in UTC', () => {
    expect(withoutZone.converted('2024-01-31T12:00:00+02:00')).toBe('2024-01-31 10:00:00');
    expect(typeUnderTest('timestamp', BERLIN).converted('2024-01-31 12:00')).toBe(
      '2024-01-31 11:00:00',
    );
  });

  it('takes milliseconds in a database that Prisma made, and the same moment as its text', () => {
    for (const milliseconds of [1_706_702_400_123, -1, 4_102_444_800_000, -62_135_596_800_001]) {
      const text = new Date(milliseconds).toISOString();
      expect(withZone.converted(BigInt(milliseconds))).toBe(withZone.converted(text));
      expect(withoutZone.converted(BigInt(milliseconds))).toBe(withoutZone.converted(text));
    }
  });

  it.each([
    ['s', 1_706_702_400n, '2024-01-31 12:00:00+00'],
    ['us', 1_706_702_400_123_456n, '2024-01-31 12:00:00.123456+00'],
    ['s', 1_706_702_400.123456, '2024-01-31 12:00:00.123456+00'],
    ['s', -0.5, '1969-12-31 23:59:59.500000+00'],
    ['ms', 1_706_702_400_123.5, '2024-01-31 12:00:00.123500+00'],
    ['us', 0.5, 'value-precision'],
    ['s', Infinity, 'value-range'],
    ['s', 1e300, 'value-range'],
    ['us', 2n ** 63n - 1n, '294247-01-10 04:00:54.775807+00'],
    ['ms', 2n ** 63n - 1n, 'value-range'],
  ] as const)('takes numbers in the unit that is known: %s %s', (timeUnit, value, written) => {
    expect(typeUnderTest('timestamptz', { timeUnit }).converted(value)).toBe(written);
  });

  it('refuses numbers whose unit nothing tells, but 0', () => {
    const { converted } = typeUnderTest('timestamptz');
    expect(converted(1_706_702_400n)).toBe('value-unit');
    expect(converted(1.5)).toBe('value-unit');
    expect(converted(0n)).toBe('1970-01-01 00:00:00+00');
    expect(converted(-0)).toBe('1970-01-01 00:00:00+00');
  });

  it('takes digits in TEXT for a number only where somebody has said the unit', () => {
    const said = typeUnderTest('timestamptz', { timeUnit: 's', readsNumericText: true });
    expect(said.converted('1706702400')).toBe('2024-01-31 12:00:00+00');
    expect(said.converted('-0.5')).toBe('1969-12-31 23:59:59.500000+00');
    expect(said.converted('2024-01-31')).toBe('2024-01-31 00:00:00+00');
    expect(said.converted('1e9')).toBe('value-format');
    expect(typeUnderTest('timestamptz', { timeUnit: 's' }).converted('1706702400')).toBe(
      'value-format',
    );
  });

  it('takes Julian days where somebody has said so', () => {
    const { converted } = typeUnderTest('timestamptz', {
      timeUnit: 'julian_day',
      readsNumericText: true,
    });
    expect(converted(2_460_341.5)).toBe('2024-02-01 00:00:00+00');
    expect(converted(2_460_341n)).toBe('2024-01-31 12:00:00+00');
    expect(converted('2460341.25')).toBe('2024-01-31 18:00:00+00');
    expect(converted(0n)).toBe('4714-11-24 12:00:00+00 BC');
    expect(converted(-1n)).toBe('value-range');
    expect(converted(5_373_484.5)).toBe('value-range');
    expect(converted(Infinity)).toBe('value-range');
  });

  it('takes text in the format of the column before ISO 8601', () => {
    const { converted, misfit } = typeUnderTest('timestamptz', {
      ...BERLIN,
      dateFormat: 'YYYY-DD-MM HH:mm',
    });
    expect(converted('2024-02-01 12:00')).toBe('2024-01-02 11:00:00+00');
    expect(converted('2024-13-01 12:00')).toBe('2024-01-13 11:00:00+00');
    expect(converted('2024-01-13 12:00')).toBe('value-range');
    expect(converted('2024-01-13T12:00Z')).toBe('2024-01-13 12:00:00+00');
    expect(misfit('13.1.2024').reason).toBe(
      'is not an ISO 8601 date and not like YYYY-DD-MM HH:mm',
    );
  });

  it('takes text without a zone for the time in the zone of the column', () => {
    const { converted, misfit } = typeUnderTest('timestamptz', BERLIN);
    expect(converted('2024-07-01 12:00')).toBe('2024-07-01 10:00:00+00');
    expect(converted('2024-07-01')).toBe('2024-06-30 22:00:00+00');
    expect(converted('2024-07-01 12:00Z')).toBe('2024-07-01 12:00:00+00');
    expect(misfit('2024-03-31 02:30')).toMatchObject({
      code: 'value-range',
      reason: 'is skipped by the clocks of Europe/Berlin',
    });
    expect(misfit('2024-10-27 02:30')).toMatchObject({
      code: 'value-format',
      reason: 'stands for two times in Europe/Berlin',
    });
    expect(converted('+280000-01-01')).toBe('value-range');
  });

  it('refuses a fraction finer than the column, and could round it as PostgreSQL does', () => {
    const milliseconds = typeUnderTest(targetType('timestamptz', { modifier: 3 }), byPrisma);
    expect(milliseconds.converted('2024-01-31T12:00:00.123Z')).toBe(
      '2024-01-31 12:00:00.123000+00',
    );
    expect(milliseconds.remedied('2024-01-31T12:00:00.1235Z')).toBe(
      'round 2024-01-31 12:00:00.124000+00',
    );
    expect(milliseconds.remedied('1999-12-31T12:00:00.1235Z')).toBe(
      'round 1999-12-31 12:00:00.123000+00',
    );
    expect(withZone.remedied('2024-01-01T23:59:59.9999999')).toBe('round 2024-01-02 00:00:00+00');
    expect(withZone.remedied('+294276-12-31T23:59:59.9999999')).toBe('round value-range');
  });

  it('refuses other text, times that do not exist, and BLOBs', () => {
    for (const text of ['yesterday', '', '12:00', '20240131', 'infinity', '2024-01-31 12:00 UTC']) {
      expect(withZone.converted(text)).toBe('value-format');
    }
    for (const text of ['2023-02-29', '2024-01-31 24:00', '2024-01-31 23:59:60']) {
      expect(withZone.converted(text)).toBe('value-range');
    }
    expect(withZone.converted('+294277-01-01')).toBe('value-range');
    expect(withZone.converted('-004713-11-23')).toBe('value-range');
    expect(withZone.converted(new Uint8Array())).toBe('value-class');
  });
});

describe('a date', () => {
  const date = typeUnderTest('date', byPrisma);

  it('takes a day, and a time of exactly midnight UTC', () => {
    expect(date.converted('2024-02-29')).toBe('2024-02-29');
    expect(date.converted('2024-02-29T00:00:00.000Z')).toBe('2024-02-29');
    expect(date.converted('2024-02-29T01:00:00+01:00')).toBe('2024-02-29');
    expect(date.converted(-86_400_000n)).toBe('1969-12-31');
    expect(date.converted('+500000-01-01')).toBe('500000-01-01');
  });

  it('is the day that a text without a zone names, whatever the zone of the column', () => {
    const { converted, remedied } = typeUnderTest('date', BERLIN);
    expect(converted('2024-03-31')).toBe('2024-03-31');
    expect(converted('2024-03-31 00:00')).toBe('2024-03-31');
    expect(remedied('2024-03-31 02:30')).toBe('truncate 2024-03-31');
  });

  it('refuses a time of day that it would lose, and could cut it off', () => {
    expect(date.remedied('2024-02-29T00:00:00.000001Z')).toBe('truncate 2024-02-29');
    expect(date.remedied('2024-02-29T00:00:00.0000001')).toBe('truncate 2024-02-29');
    expect(date.remedied('2024-02-29T00:00+01:00')).toBe('truncate 2024-02-28');
    expect(date.remedied(-1n)).toBe('truncate 1969-12-31');
  });

  it('refuses what is beyond its years', () => {
    expect(date.converted(2_145_042_905n * 86_400_000n)).toBe('5874897-12-31');
    expect(date.converted(2_145_042_906n * 86_400_000n)).toBe('value-range');
  });
});

describe('a time', () => {
  const time = typeUnderTest('time', byPrisma);

  it('takes the clock, to the end of the day', () => {
    expect(time.converted('12:30')).toBe('12:30:00');
    expect(time.converted('23:59:59.999999')).toBe('23:59:59.999999');
    expect(time.converted('24:00:00')).toBe('24:00:00');
    expect(typeUnderTest('time', { dateFormat: 'H.mm' }).converted('9.05')).toBe('09:05:00');
  });

  it('takes a moment of 1970-01-01, as Prisma writes a time, and no other day', () => {
    expect(time.converted('1970-01-01T10:00:00.000Z')).toBe('10:00:00');
    expect(time.converted(36_000_000n)).toBe('10:00:00');
    expect(time.remedied('2024-01-31T10:00:00Z')).toBe('truncate 10:00:00');
    expect(time.remedied(-1n)).toBe('truncate 23:59:59.999000');
  });

  it('refuses a zone, times that do not exist, and fractions that it would round', () => {
    expect(time.converted('12:00+01')).toBe('value-precision');
    expect(time.converted('24:00:01')).toBe('value-range');
    expect(time.converted('12:00:60')).toBe('value-range');
    expect(time.converted('noon')).toBe('value-format');
    const whole = typeUnderTest(targetType('time', { modifier: 0 }));
    expect(whole.remedied('12:00:00.5')).toBe('round 12:00:01');
    expect(whole.remedied('23:59:59.5')).toBe('round 24:00:00');
  });
});

describe('a time with a zone', () => {
  it('keeps the offset that the text names', () => {
    const { converted, remedied } = typeUnderTest('timetz', byPrisma);
    expect(converted('12:00:00.5-03:30')).toBe('12:00:00.500000-03:30:00');
    expect(converted('24:00+00')).toBe('24:00:00+00:00:00');
    expect(converted('12:00')).toBe('12:00:00+00:00:00');
    expect(converted('1970-01-01T10:00:00+01:00')).toBe('09:00:00+00');
    expect(remedied('2024-01-31T10:00:00Z')).toBe('truncate 10:00:00+00');
  });

  it('without one is refused where the offset depends on the day', () => {
    expect(typeUnderTest('timetz', BERLIN).converted('12:00')).toBe('value-format');
    expect(typeUnderTest('timetz', { timeZone: 'Etc/UTC' }).converted('12:00')).toBe(
      '12:00:00+00:00:00',
    );
    expect(typeUnderTest('timetz', BERLIN).converted('1970-01-01 12:00')).toBe('11:00:00+00');
  });
});
