import { describe, expect, it } from 'vitest';
import { targetType } from '../../../support/catalogs.ts';
import { typeUnderTest, type TypeUnderTest } from '../../../support/converted.ts';

/** Bits of fields as PostgreSQL numbers them, in utils/datetime.h. */
const BITS = { month: 1, year: 2, day: 3, hour: 10, minute: 11, second: 12 };

function restricted(fields: readonly (keyof typeof BITS)[], decimals = 0xffff): TypeUnderTest {
  const range = fields.reduce((bits, field) => bits | (1 << BITS[field]), 0);
  return typeUnderTest(targetType('interval', { modifier: (range << 16) | decimals }));
}

describe('an interval', () => {
  const { converted, remedied } = typeUnderTest('interval');

  it('takes durations of ISO 8601 and of PostgreSQL, and is written so that no setting changes it', () => {
    expect(converted('P1Y2M3DT4H5M6.7S')).toBe('P14M3DT4H5M6.700000S');
    expect(converted('1 day -02:03:04')).toBe('P1DT-2H-3M-4S');
    expect(converted('PT0S')).toBe('PT0S');
  });

  it('takes numbers only where their unit is known, but 0', () => {
    expect(converted(90n)).toBe('value-unit');
    expect(converted(0n)).toBe('PT0S');
    expect(typeUnderTest('interval', { timeUnit: 's' }).converted(90n)).toBe('PT1M30S');
    expect(typeUnderTest('interval', { timeUnit: 's' }).converted(-1.5)).toBe('PT-1.500000S');
    expect(typeUnderTest('interval', { timeUnit: 'us' }).converted(1n)).toBe('PT0.000001S');
    expect(typeUnderTest('interval', { timeUnit: 'julian_day' }).converted(1n)).toBe('value-unit');
    const said = typeUnderTest('interval', { timeUnit: 'ms', readsNumericText: true });
    expect(said.converted('1500')).toBe('PT1.500000S');
  });

  it('refuses what it would round, and could round it', () => {
    expect(remedied('PT0.1234567S')).toBe('round PT0.123457S');
    expect(remedied('PT-0.0000005S')).toBe('round PT-0.000001S');
    expect(typeUnderTest('interval', { timeUnit: 'us' }).remedied(-0.5)).toBe('round PT-0.000001S');
  });

  it('reaches as far as its parts', () => {
    expect(converted('P2147483647M-2147483648D')).toBe('P2147483647M-2147483648DT0S');
    expect(converted('P2147483648M')).toBe('value-range');
    expect(converted('P-2147483649D')).toBe('value-range');
    expect(converted('PT2562047788H54.775807S')).toBe('PT2562047788H54.775807S');
    expect(converted('PT2562047788H54.775808S')).toBe('value-range');
    expect(converted('PT2562047788H54.7758079S')).toBe('value-range');
  });

  it('refuses other text and BLOBs', () => {
    for (const text of ['', 'soon', '1.5 days', '-P1D', '12']) {
      expect(converted(text)).toBe('value-format');
    }
    expect(converted(new Uint8Array())).toBe('value-class');
  });
});

describe('an interval of some fields', () => {
  it.each([
    [['year'], 'P1Y', 'P1Y1M2DT3H', 'truncate P12MT0S'],
    [['month'], 'P13M', 'P1Y1M2DT3H', 'truncate P13MT0S'],
    [['year', 'month'], 'P13M', 'P1M-1D', 'truncate P1MT0S'],
    [['day'], 'P1M2D', 'P1M2DT3H', 'truncate P1M2DT0S'],
    [['day', 'hour'], 'P1DT2H', 'P1DT-2H-59M', 'truncate P1DT-2H0S'],
    [['hour', 'minute'], 'PT2H3M', 'PT2H3M4.5S', 'truncate PT2H3M0S'],
    [['day', 'hour', 'minute', 'second'], 'P1DT0.123456S', 'PT0.1234567S', 'round PT0.123457S'],
  ] as const)('%j', (fields, fits, loses, remedy) => {
    const { converted, remedied } = restricted(fields);
    expect(converted(fits)).toMatch(/^P/);
    expect(converted(loses)).toBe('value-precision');
    expect(remedied(loses)).toBe(remedy);
  });

  it('may have fewer decimals', () => {
    const { converted, remedied } = restricted(['day', 'hour', 'minute', 'second'], 3);
    expect(converted('PT0.123S')).toBe('PT0.123000S');
    expect(remedied('PT0.1235S')).toBe('round PT0.124000S');
    const anyField = typeUnderTest(targetType('interval', { modifier: (0x7fff << 16) | 0 }));
    expect(anyField.converted('P1Y2DT3S')).toBe('P12M2DT3S');
    expect(anyField.remedied('PT-0.5S')).toBe('round PT-1S');
  });
});
