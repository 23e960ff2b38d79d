import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MalformedText } from '../../../scripts/lib/model/values.ts';
import { decodeNumber, decodeTagged, encodeValue } from '../../../scripts/lib/value/codec.ts';
import { INT64_MAX, INT64_MIN, anyReal, exactly } from '../../support/values.ts';

describe('what a value is written as', () => {
  it.each([
    [null, 'null'],
    [0n, '0'],
    [INT64_MIN, '-9223372036854775808'],
    [INT64_MAX, '9223372036854775807'],
    [17, '17.0'],
    [0, '0.0'],
    [-0, '-0.0'],
    [0.1 + 0.2, '0.30000000000000004'],
    [1e21, '1e+21'],
    [5e-324, '5e-324'],
    [Infinity, '{"$real":"Infinity"}'],
    [-Infinity, '{"$real":"-Infinity"}'],
    ['', '""'],
    ['17', '"17"'],
    ['a"\\\n\u0000', String.raw`"a\"\\\n\u0000"`],
    ['é😀\u2028', '"é😀\u2028"'],
    [new Uint8Array(), '{"$blob":""}'],
    [new Uint8Array([0, 255]), '{"$blob":"AP8="}'],
    [new MalformedText(new Uint8Array([0x61, 0xff])), '{"$text":"Yf8="}'],
  ])('%o is %s', (value, written) => {
    expect(encodeValue(value)).toBe(written);
  });

  it('takes only the bytes of a view into a larger buffer', () => {
    const view = new Uint8Array(new Uint8Array([1, 2, 3, 4]).buffer, 1, 2);
    expect(encodeValue(view)).toBe('{"$blob":"AgM="}');
  });
});

describe('numbers read back', () => {
  it('keep every double to the last bit', () => {
    fc.assert(
      fc.property(anyReal.filter(Number.isFinite), (real) => {
        expect(exactly(decodeNumber(encodeValue(real)))).toBe(exactly(real));
      }),
      { numRuns: 2000 },
    );
  });

  it('keep the 64-bit limits', () => {
    expect(decodeNumber('9223372036854775807')).toBe(INT64_MAX);
    expect(decodeNumber('-9223372036854775808')).toBe(INT64_MIN);
  });

  it.each(['1e5', '1E5', '1e+5', '1e-5', '-1.5', '0.0', '0e0', '1.50'])(
    'take %s as REAL',
    (token) => {
      expect(exactly(decodeNumber(token))).toBe(exactly(Number(token)));
    },
  );

  it.each([
    ['nothing', ''],
    ['a lone minus', '-'],
    ['a plus sign', '+1'],
    ['a leading zero', '01'],
    ['a leading zero behind a minus', '-01'],
    ['an integer minus zero', '-0'],
    ['a point without digits behind it', '1.'],
    ['a point without digits before it', '.5'],
    ['an exponent without digits', '1e'],
    ['a fraction and an exponent without digits', '1.5e+'],
    ['NaN', 'NaN'],
    ['Infinity', 'Infinity'],
    ['hexadecimal', '0x10'],
    ['a big-integer suffix', '1n'],
    ['a digit separator', '1_000'],
    ['a blank before', ' 1'],
    ['a blank behind', '1 '],
    ['a newline behind', '1\n'],
    ['true', 'true'],
    ['2^63', '9223372036854775808'],
    ['-2^63 - 1', '-9223372036854775809'],
    ['an integer of 30 digits', '1'.repeat(30)],
    ['a REAL beyond the largest double', '1e309'],
    ['a negative REAL beyond the largest double', '-1.8e308'],
    ['digits of another script', '１'],
  ])('refuse %s', (_, token) => {
    expect(decodeNumber(token)).toBeNull();
  });
});

describe('tagged objects read back', () => {
  it.each([
    ['$real', 'Infinity', Infinity],
    ['$real', '-Infinity', -Infinity],
    ['$blob', 'AP8=', new Uint8Array([0, 255])],
    ['$blob', '', new Uint8Array()],
    ['$text', 'Yf8=', new MalformedText(new Uint8Array([0x61, 0xff]))],
  ])('%s %s', (tag, content, value) => {
    expect(exactly(decodeTagged(tag, content))).toBe(exactly(value));
  });

  it.each([
    ['NaN', '$real', 'NaN'],
    ['a finite REAL', '$real', '1.5'],
    ['infinity in another spelling', '$real', '+Infinity'],
    ['an unknown tag', '$date', 'AP8='],
    ['base64 without its padding', '$blob', 'AP8'],
    ['base64 with too much padding', '$blob', 'AP8=='],
    ['base64 with bits that no byte holds', '$blob', 'AP9='],
    ['the URL alphabet of base64', '$blob', '-_8='],
    ['a blank within base64', '$blob', 'AP 8='],
    ['a character that base64 does not have', '$text', 'AP8!'],
  ])('refuse %s', (_, tag, content) => {
    expect(decodeTagged(tag, content)).toBeNull();
  });
});
