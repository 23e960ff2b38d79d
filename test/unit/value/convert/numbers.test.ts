import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MalformedText } from '../../../../scripts/lib/model/values.ts';
import type { Converter } from '../../../../scripts/lib/value/convert/converter.ts';
import {
  booleanConverter,
  doubleConverter,
  integerConverter,
  numericConverter,
} from '../../../../scripts/lib/value/convert/numbers.ts';
import { converted } from '../../../support/converted.ts';
import { INT64_MAX, INT64_MIN, anyReal, exactly } from '../../../support/values.ts';

const blob = new Uint8Array([1]);
const malformed = new MalformedText(new Uint8Array([0xff]));

describe.each([
  [16, -32_768n, 32_767n],
  [32, -2_147_483_648n, 2_147_483_647n],
  [64, INT64_MIN, INT64_MAX],
] as const)('an integer of %d bits', (bits, min, max) => {
  const convert = integerConverter(bits);

  it('takes its whole range and nothing beyond', () => {
    expect(converted(convert, min)).toBe(String(min));
    expect(converted(convert, max)).toBe(String(max));
    expect(converted(convert, min - 1n)).toBe('value-range');
    expect(converted(convert, max + 1n)).toBe('value-range');
  });

  it('takes a whole REAL, and refuses a fraction, infinity and inexact ones', () => {
    expect(converted(convert, 17)).toBe('17');
    expect(converted(convert, -0)).toBe('0');
    expect(converted(convert, 1.5)).toBe('value-precision');
    expect(converted(convert, Infinity)).toBe('value-precision');
    expect(converted(convert, 2 ** 53)).toBe('value-precision');
  });

  it('refuses TEXT and BLOB', () => {
    for (const value of ['1', '', blob, malformed]) {
      expect(converted(convert, value)).toBe('value-class');
    }
  });
});

describe('double precision', () => {
  it('takes every REAL so that it reads back to the same bits', () => {
    fc.assert(
      fc.property(anyReal, (real) => {
        expect(exactly(Number(converted(doubleConverter, real)))).toBe(exactly(real));
      }),
      { numRuns: 1000 },
    );
  });

  it('takes an INTEGER only where a double holds it exactly', () => {
    expect(converted(doubleConverter, 2n ** 53n)).toBe('9007199254740992');
    expect(converted(doubleConverter, INT64_MIN)).toBe('-9223372036854775808');
    expect(converted(doubleConverter, 2n ** 53n + 1n)).toBe('value-precision');
    expect(converted(doubleConverter, INT64_MAX)).toBe('value-precision');
  });

  it('refuses TEXT and BLOB', () => {
    for (const value of ['1.5', blob, malformed]) {
      expect(converted(doubleConverter, value)).toBe('value-class');
    }
  });
});

describe('numeric', () => {
  const cases: readonly [string, Converter, Parameters<Converter>[0], string][] = [
    ['an INTEGER', numericConverter(null), INT64_MAX, '9223372036854775807'],
    ['a REAL by its shortest digits', numericConverter(null), 0.1, '0.1'],
    ['a tiny REAL', numericConverter(null), 1.5e-7, '0.00000015'],
    ['a huge REAL', numericConverter(null), 1e21, '1000000000000000000000'],
    ['minus zero, which it does not have', numericConverter(null), -0, '0'],
    [
      'decimal text of any length',
      numericConverter(null),
      '12345678901234567890.123',
      '12345678901234567890.123',
    ],
    ['text with an exponent', numericConverter(null), '1e3', '1000'],
    ['infinity', numericConverter(null), -Infinity, '-Infinity'],
    ['what fits its precision', numericConverter({ precision: 5, scale: 2 }), '999.99', '999.99'],
  ];
  it.each(cases)('takes %s', (_, convert, value, written) => {
    expect(converted(convert, value)).toBe(written);
  });

  it('refuses what it would have to round or cannot hold', () => {
    const convert = numericConverter({ precision: 5, scale: 2 });
    expect(converted(convert, 1.005)).toBe('value-precision');
    expect(converted(convert, '0.001')).toBe('value-precision');
    expect(converted(convert, 1000n)).toBe('value-range');
    expect(converted(convert, Infinity)).toBe('value-range');
  });

  it('refuses text that is no number, BLOBs and malformed text', () => {
    const convert = numericConverter(null);
    for (const text of ['', 'abc', '1,5', 'NaN', ' 1']) {
      expect(converted(convert, text)).toBe('value-format');
    }
    expect(converted(convert, blob)).toBe('value-class');
    expect(converted(convert, malformed)).toBe('value-class');
  });
});

describe('boolean', () => {
  it('takes 0 and 1 and the usual words in any case', () => {
    for (const value of [1n, 'true', 'TRUE', 'T', 'Yes']) {
      expect(converted(booleanConverter, value)).toBe('t');
    }
    for (const value of [0n, 'false', 'F', 'no']) {
      expect(converted(booleanConverter, value)).toBe('f');
    }
  });

  it('refuses everything else', () => {
    for (const value of [2n, -1n, 1, 0, '1', '', 'on', ' true', blob, malformed]) {
      expect(converted(booleanConverter, value)).toBe('value-format');
    }
  });
});
