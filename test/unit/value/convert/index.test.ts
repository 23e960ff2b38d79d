import { describe, expect, it } from 'vitest';
import { converterFor } from '../../../../scripts/lib/value/convert/index.ts';
import { targetType } from '../../../support/catalogs.ts';
import { converted } from '../../../support/converted.ts';

const context = { madeByPrisma: true };

/** atttypmod of numeric(precision, scale), as PostgreSQL's make_numeric_typmod packs it. */
function numericModifier(precision: number, scale: number): number {
  return ((precision << 16) | (scale & 0x7ff)) + 4;
}

describe('the converter of a type', () => {
  it.each([
    ['int2', 32_768n, 'value-range'],
    ['int4', 32_768n, '32768'],
    ['int4', 2n ** 31n, 'value-range'],
    ['int8', 2n ** 31n, '2147483648'],
    ['float8', -0, '-0'],
    ['numeric', '1.50', '1.5'],
    ['bool', 1n, 't'],
    ['text', 'a', 'a'],
    ['varchar', 'a'.repeat(300), 'a'.repeat(300)],
    ['bpchar', 'a', 'a'],
    ['timestamp', 0n, '1970-01-01 00:00:00'],
    ['timestamptz', 0n, '1970-01-01 00:00:00+00'],
    ['date', 0n, '1970-01-01'],
    ['json', '{}', '{}'],
    ['jsonb', '{', 'value-format'],
    ['bytea', 'a', '\\x61'],
    ['uuid', '0'.repeat(32), '00000000-0000-0000-0000-000000000000'],
  ])('%s makes of %s: %s', (name, value, written) => {
    expect(converted(converterFor(targetType(name), context), value)).toBe(written);
  });

  it('reads the length of varchar and char out of the modifier', () => {
    for (const name of ['varchar', 'bpchar']) {
      const convert = converterFor(targetType(name, { modifier: 3 + 4 }), context);
      expect(converted(convert, 'abc')).toBe('abc');
      expect(converted(convert, 'abcd')).toBe('value-length');
    }
  });

  it('reads precision and scale of numeric out of the modifier, negative scales too', () => {
    const money = converterFor(
      targetType('numeric', { modifier: numericModifier(10, 2) }),
      context,
    );
    expect(converted(money, '99999999.99')).toBe('99999999.99');
    expect(converted(money, '100000000')).toBe('value-range');
    expect(converted(money, '0.001')).toBe('value-precision');
    const hundreds = converterFor(
      targetType('numeric', { modifier: numericModifier(3, -2) }),
      context,
    );
    expect(converted(hundreds, 99_900n)).toBe('99900');
    expect(converted(hundreds, 99_950n)).toBe('value-precision');
  });

  it('reads the precision of a timestamp out of the modifier', () => {
    const convert = converterFor(targetType('timestamptz', { modifier: 0 }), context);
    expect(converted(convert, 1n)).toBe('value-precision');
  });

  it('is by the labels for an enum, whatever its name', () => {
    const type = targetType('text', { kind: 'enum', enumLabels: ['A'] });
    expect(converted(converterFor(type, context), 'A')).toBe('A');
    expect(converted(converterFor(type, context), 'B')).toBe('value-label');
  });

  it('is missing for arrays, domains and types that the toolkit does not know', () => {
    expect(converterFor(targetType('text', { kind: 'array' }), context)).toBeUndefined();
    expect(converterFor(targetType('text', { kind: 'other' }), context)).toBeUndefined();
    for (const name of ['inet', 'interval', 'float4', 'time', 'money', 'xml']) {
      expect(converterFor(targetType(name), context)).toBeUndefined();
    }
  });
});
