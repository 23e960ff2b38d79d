import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { targetType } from '../../../support/catalogs.ts';
import { typeUnderTest, type TypeUnderTest } from '../../../support/converted.ts';
import { INT64_MAX, INT64_MIN, anyReal, exactly } from '../../../support/values.ts';

function numeric(precision: number, scale: number): TypeUnderTest {
  const modifier = ((precision << 16) | (scale & 0x7ff)) + 4;
  return typeUnderTest(targetType('numeric', { modifier }));
}

describe.each([
  ['int2', -32_768n, 32_767n],
  ['int4', -2_147_483_648n, 2_147_483_647n],
  ['int8', INT64_MIN, INT64_MAX],
] as const)('%s', (name, min, max) => {
  const { converted, remedied } = typeUnderTest(name);

  it('takes its whole range and nothing beyond, be it INTEGER or TEXT', () => {
    for (const form of [(value: bigint) => value, String]) {
      expect(converted(form(min))).toBe(String(min));
      expect(converted(form(max))).toBe(String(max));
      expect(converted(form(min - 1n))).toBe('value-range');
      expect(converted(form(max + 1n))).toBe('value-range');
    }
    expect(converted('9'.repeat(100_000))).toBe('value-range');
  });

  it('takes a whole REAL, and refuses a fraction, infinity and inexact ones', () => {
    expect(converted(17)).toBe('17');
    expect(converted(-0)).toBe('0');
    expect(converted(1.5)).toBe('value-precision');
    expect(converted(Infinity)).toBe('value-range');
    expect(converted(2 ** 53)).toBe('value-precision');
  });

  it('would round a fraction with halves away from zero', () => {
    expect(remedied(1.5)).toBe('round 2');
    expect(remedied(-2.5)).toBe('round -3');
    expect(remedied(0.49)).toBe('round 0');
    expect(remedied(Number(max) + 0.5)).toBe('round value-range');
  });

  it.each(['', '01', '-0', '+1', '1.0', '1e3', ' 1', '1\n', '0x1', '1_000', '１'])(
    'refuses the TEXT %j',
    (text) => {
      expect(converted(text)).toBe('value-format');
    },
  );
});

it('a large whole REAL would be rounded to the number that it is', () => {
  expect(typeUnderTest('int8').remedied(2 ** 60)).toBe('round 1152921504606846976');
  expect(typeUnderTest('int8').remedied(2 ** 63)).toBe('round value-range');
});

describe('double precision', () => {
  const { converted, remedied } = typeUnderTest('float8');

  it('takes every REAL, and its shortest form as TEXT, so that it reads back to the same bits', () => {
    fc.assert(
      fc.property(anyReal, (real) => {
        expect(exactly(Number(converted(real)))).toBe(exactly(real));
        if (!Number.isFinite(real) || Object.is(real, -0)) return;
        expect(exactly(Number(converted(String(real))))).toBe(exactly(real));
      }),
      { numRuns: 1000 },
    );
  });

  it('takes an INTEGER only where a double holds it exactly', () => {
    expect(converted(2n ** 53n)).toBe('9007199254740992');
    expect(converted(INT64_MIN)).toBe('-9223372036854775808');
    expect(converted(2n ** 53n + 1n)).toBe('value-precision');
    expect(converted(INT64_MAX)).toBe('value-precision');
    expect(remedied(2n ** 53n + 1n)).toBe('round 9007199254740993');
  });

  it.each([
    ['1.50', '1.5'],
    ['-0', '-0'],
    ['1E3', '1000'],
    ['.5', '0.5'],
    ['0.1', '0.1'],
    ['0.10000000000000001', 'value-precision'],
    ['123456789012345678901234567890', 'value-precision'],
    ['1e400', 'value-range'],
    ['1e-400', 'value-range'],
    [`1e-${'9'.repeat(20)}`, 'value-range'],
    ['0e999', '0'],
    ['', 'value-format'],
    ['Infinity', 'value-format'],
    ['NaN', 'value-format'],
    ['1,5', 'value-format'],
  ])('makes of the TEXT %j: %s', (text, written) => {
    expect(converted(text)).toBe(written);
  });
});

describe('real', () => {
  const { converted, remedied } = typeUnderTest('float4');

  it('takes what 32 bits hold exactly', () => {
    for (const real of [0.5, -0, 1.401298464324817e-45, 3.4028234663852886e38, -Infinity]) {
      expect(exactly(Math.fround(Number(converted(real))))).toBe(exactly(real));
    }
    expect(converted(16_777_216n)).toBe('16777216');
    expect(converted('0.25')).toBe('0.25');
  });

  it('refuses digits that it would lose, and what is too large or too small', () => {
    expect(converted(0.1)).toBe('value-precision');
    expect(converted('0.1')).toBe('value-precision');
    expect(converted(16_777_217n)).toBe('value-precision');
    expect(converted(1e39)).toBe('value-range');
    expect(converted(1e-46)).toBe('value-range');
    expect(Math.fround(0.1)).toBe(Number(remedied(0.1).replace('round ', '')));
  });

  it('would be rounded once: by way of a double, this text would become 1', () => {
    expect(remedied('1.0000000596046448')).toBe('round 1.0000000596046448');
  });
});

describe('numeric', () => {
  const { converted } = typeUnderTest('numeric');

  it.each([
    ['an INTEGER', INT64_MAX, '9223372036854775807'],
    ['a REAL by its shortest digits', 0.1, '0.1'],
    ['a tiny REAL', 1.5e-7, '0.00000015'],
    ['a huge REAL', 1e21, '1000000000000000000000'],
    ['minus zero, which it does not have', -0, '0'],
    ['decimal text of any length', '12345678901234567890.123', '12345678901234567890.123'],
    ['text with an exponent', '1e3', '1000'],
    ['infinity', -Infinity, '-Infinity'],
  ])('takes %s', (_, value, written) => {
    expect(converted(value)).toBe(written);
  });

  it('has infinity since PostgreSQL 14, without a precision', () => {
    expect(typeUnderTest('numeric', { serverVersion: 139_999 }).converted(Infinity)).toBe(
      'value-range',
    );
    expect(numeric(5, 2).converted(Infinity)).toBe('value-range');
  });

  it('with a precision refuses what it would have to round or cannot hold', () => {
    const { converted, remedied } = numeric(5, 2);
    expect(converted('999.99')).toBe('999.99');
    expect(converted(12.3)).toBe('12.3');
    expect(converted(1.005)).toBe('value-precision');
    expect(converted('0.001')).toBe('value-precision');
    expect(converted(1000n)).toBe('value-range');
    expect(remedied(1.005)).toBe('round 1.01');
    expect(remedied(-1.005)).toBe('round -1.01');
    expect(remedied('999.995')).toBe('round value-range');
  });

  it('may have a scale below zero or above the precision', () => {
    expect(numeric(3, -2).remedied(99_949n)).toBe('round 99900');
    expect(numeric(3, -2).remedied(99_950n)).toBe('round value-range');
    expect(numeric(2, 3).converted(0.099)).toBe('0.099');
    expect(numeric(2, 3).misfit(0.1).reason).toBe('is not below 1e-1');
    expect(numeric(5, 2).misfit(1000n).reason).toBe('has more than 3 digits before the point');
  });

  it('refuses text that is no number, and more digits than it has', () => {
    for (const text of ['', 'abc', '1,5', 'NaN', ' 1']) {
      expect(converted(text)).toBe('value-format');
    }
    expect(converted('1e131072')).toBe('value-range');
  });
});

describe('boolean', () => {
  const { converted } = typeUnderTest('bool');

  it('takes 0 and 1 and the usual words in any case', () => {
    for (const value of [1n, 'true', 'TRUE', 'T', 'Yes']) expect(converted(value)).toBe('t');
    for (const value of [0n, 'false', 'F', 'no']) expect(converted(value)).toBe('f');
  });

  it('refuses everything else', () => {
    for (const value of [2n, -1n, '1', '0', '', 'on', 'y', ' true']) {
      expect(converted(value)).toBe('value-format');
    }
    expect(converted(1)).toBe('value-class');
  });
});
