import { describe, expect, it } from 'vitest';
import type { TargetType } from '../../../../scripts/lib/model/target-catalog.ts';
import { MalformedText } from '../../../../scripts/lib/model/values.ts';
import { BASE_TYPES, converterFor } from '../../../../scripts/lib/value/convert/index.ts';
import { targetType } from '../../../support/catalogs.ts';
import { arrayType, conversionContext, typeUnderTest } from '../../../support/converted.ts';

/** atttypmod of numeric(precision, scale), as PostgreSQL's make_numeric_typmod packs it. */
function numericModifier(precision: number, scale: number): number {
  return ((precision << 16) | (scale & 0x7ff)) + 4;
}

function converterOf(type: TargetType): unknown {
  return converterFor(type, conversionContext());
}

describe('the converter of a type', () => {
  it.each([
    ['int2', 32_768n, 'value-range'],
    ['int4', 32_768n, '32768'],
    ['int4', 2n ** 31n, 'value-range'],
    ['int8', 2n ** 31n, '2147483648'],
    ['float4', 0.5, '0.5'],
    ['float8', -0, '-0'],
    ['numeric', '1.50', '1.5'],
    ['bool', 1n, 't'],
    ['text', 'a', 'a'],
    ['varchar', 'a'.repeat(300), 'a'.repeat(300)],
    ['bpchar', 'a', 'a'],
    ['citext', 'aA', 'aA'],
    ['timestamp', 0n, '1970-01-01 00:00:00'],
    ['timestamptz', 0n, '1970-01-01 00:00:00+00'],
    ['date', 0n, '1970-01-01'],
    ['time', '12:00', '12:00:00'],
    ['timetz', '12:00+01', '12:00:00+01:00:00'],
    ['interval', 'P1D', 'P1DT0S'],
    ['json', '{}', '{}'],
    ['jsonb', '{', 'value-format'],
    ['bytea', 'a', '\\x61'],
    ['uuid', '0'.repeat(32), '00000000-0000-0000-0000-000000000000'],
    ['inet', '10.0.0.1/8', '10.0.0.1/8'],
    ['cidr', '10.0.0.1/8', 'value-format'],
    ['macaddr', '08:00:2b:01:02:03', '08:00:2b:01:02:03'],
  ])('%s makes of %s: %s', (name, value, written) => {
    expect(typeUnderTest(name).converted(value)).toBe(written);
  });

  it.each(Object.keys(BASE_TYPES).filter((name) => name !== 'bytea'))(
    '%s refuses malformed text and BLOBs of three bytes',
    (name) => {
      const { converted } = typeUnderTest(name);
      expect(converted(new MalformedText(new Uint8Array([0xff])))).toBe('value-encoding');
      expect(converted(new Uint8Array(3))).toMatch(/^value-(class|format)$/);
    },
  );

  it('says which class it is and which type', () => {
    expect(typeUnderTest('uuid').misfit(1n).reason).toBe('is INTEGER, which uuid does not take');
  });

  it('reads the length of varchar and char out of the modifier', () => {
    for (const name of ['varchar', 'bpchar']) {
      const { converted } = typeUnderTest(targetType(name, { modifier: 3 + 4 }));
      expect(converted('abc')).toBe('abc');
      expect(converted('abcd')).toBe('value-length');
    }
  });

  it('reads precision and scale of numeric out of the modifier, negative scales too', () => {
    const money = typeUnderTest(targetType('numeric', { modifier: numericModifier(10, 2) }));
    expect(money.converted('99999999.99')).toBe('99999999.99');
    expect(money.converted('100000000')).toBe('value-range');
    expect(money.converted('0.001')).toBe('value-precision');
    const hundreds = typeUnderTest(targetType('numeric', { modifier: numericModifier(3, -2) }));
    expect(hundreds.converted(99_900n)).toBe('99900');
    expect(hundreds.converted(99_950n)).toBe('value-precision');
  });

  it.each(['timestamp', 'timestamptz', 'time', 'timetz'])(
    'reads the precision of %s out of the modifier',
    (name) => {
      const { converted } = typeUnderTest(targetType(name, { modifier: 0 }), { timeUnit: 'ms' });
      expect(converted(1n)).toBe('value-precision');
      expect(converted(1000n)).toMatch(/00:00:01(\+00)?$/);
    },
  );

  it('is by the labels for an enum, whatever its name', () => {
    const type = targetType('text', { kind: 'enum', enumLabels: ['A'] });
    expect(typeUnderTest(type).converted('A')).toBe('A');
    expect(typeUnderTest(type).converted('B')).toBe('value-label');
  });

  it('is that of the base type for a domain, and of the elements for an array', () => {
    const domain = targetType('int2', {
      sql: 'small',
      domain: { name: 'small', checks: [], notNull: true },
    });
    expect(typeUnderTest(domain).converted(1n)).toBe('1');
    expect(typeUnderTest(arrayType(domain)).converted('[1, 32768]')).toBe('value-range');
  });

  it('is missing for types that the toolkit does not know', () => {
    for (const name of ['money', 'xml', 'bit', 'char', 'oid', 'toString', 'int4range']) {
      expect(converterOf(targetType(name))).toBeUndefined();
      expect(converterOf(arrayType(targetType(name)))).toBeUndefined();
    }
    expect(converterOf(targetType('text', { kind: 'other' }))).toBeUndefined();
  });
});
