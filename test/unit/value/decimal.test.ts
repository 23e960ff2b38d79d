import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimalOf, fitsPrecision, parseDecimal } from '../../../scripts/lib/value/decimal.ts';

const SCALE = 60;

/** The value of a plain decimal literal times 10^60, by string arithmetic alone. */
function scaled(text: string, exponent = 0): bigint {
  const isNegative = text.startsWith('-');
  const [whole = '', fraction = ''] = text.replace(/^[+-]/, '').split('.');
  const digits = BigInt(`0${whole}${fraction}`) * 10n ** BigInt(SCALE - fraction.length + exponent);
  return isNegative ? -digits : digits;
}

function formatted(text: string): string | null {
  const decimal = parseDecimal(text);
  return decimal === null ? null : decimalOf(decimal);
}

const digits = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 20 }).map((d) => d.join(''));
const sign = fc.constantFrom('', '-', '+');
const mantissa = fc
  .tuple(sign, digits, fc.option(digits))
  .filter(([, whole, fraction]) => whole !== '' || (fraction ?? '') !== '')
  .map(([sign, whole, fraction]) => `${sign}${whole}${fraction === null ? '' : `.${fraction}`}`);

describe('a decimal read and written again', () => {
  it('is the same number, whatever its signs, zeros, point and exponent', () => {
    fc.assert(
      fc.property(mantissa, fc.integer({ min: -30, max: 30 }), (text, exponent) => {
        const written = formatted(`${text}e${exponent}`);
        expect(written).toMatch(/^-?(0|[1-9][0-9]*)(\.[0-9]*[1-9])?$/);
        expect(scaled(written ?? '')).toBe(scaled(text, exponent));
        expect(formatted(text)).toBe(formatted(`${text}E+0`));
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['1', '1'],
    ['-0', '0'],
    ['+1', '1'],
    ['1.', '1'],
    ['.5', '0.5'],
    ['007.500', '7.5'],
    ['1e3', '1000'],
    ['1.5e-3', '0.0015'],
    ['-12.34E1', '-123.4'],
    ['0e999999', '0'],
    ['123456789012345678901234567890.1', '123456789012345678901234567890.1'],
  ])('%s is %s', (text, written) => {
    expect(formatted(text)).toBe(written);
  });

  it('reaches the limits of numeric and not beyond', () => {
    expect(formatted('1e131071')).toHaveLength(131_072);
    expect(formatted('1e131072')).toBeNull();
    expect(formatted('1e-16383')).toHaveLength(16_385);
    expect(formatted('1e-16384')).toBeNull();
  });
});

it.each([
  '',
  '.',
  '-',
  'e5',
  '.e5',
  '1e',
  '1,5',
  '1 000',
  ' 1',
  '1 ',
  '1\n',
  '0x1',
  'NaN',
  'Infinity',
  '1e1.5',
  '--1',
  '1e1234567',
  '１',
])('refuses %j', (text) => {
  expect(parseDecimal(text)).toBeNull();
});

describe('numeric(precision, scale)', () => {
  it.each([
    ['0', 2, 2, 'fits'],
    ['12345678.90', 10, 2, 'fits'],
    ['99999999.99', 10, 2, 'fits'],
    ['100000000', 10, 2, 'too-large'],
    ['-100000000', 10, 2, 'too-large'],
    ['1.005', 10, 2, 'too-many-decimals'],
    ['1.000', 10, 0, 'fits'],
    ['0.001', 2, 3, 'fits'],
    ['0.1', 2, 3, 'too-large'],
    ['12300', 3, -2, 'fits'],
    ['12340', 3, -2, 'too-many-decimals'],
    ['100000', 3, -2, 'too-large'],
  ] as const)('%s in numeric(%d,%d): %s', (text, precision, scale, verdict) => {
    const decimal = parseDecimal(text);
    expect(decimal && fitsPrecision(decimal, precision, scale)).toBe(verdict);
  });
});
