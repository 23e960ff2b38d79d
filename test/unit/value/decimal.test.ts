import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decimalOfNumber,
  fitsJsonb,
  fitsPrecision,
  floorShifted,
  formatDecimal,
  parseDecimal,
  roundDecimal,
  type Decimal,
} from '../../../scripts/lib/value/decimal.ts';

const SCALE = 60;

/** The value of a plain decimal literal times 10^60, by string arithmetic alone. */
function scaled(text: string, exponent = 0): bigint {
  const isNegative = text.startsWith('-');
  const [whole = '', fraction = ''] = text.replace(/^[+-]/, '').split('.');
  const digits = BigInt(`0${whole}${fraction}`) * 10n ** BigInt(SCALE - fraction.length + exponent);
  return isNegative ? -digits : digits;
}

function formatted(text: string): string {
  const decimal = parseDecimal(text);
  return typeof decimal === 'string' ? decimal : formatDecimal(decimal);
}

function decimalOf(text: string): Decimal {
  const decimal = parseDecimal(text);
  if (typeof decimal === 'string') throw new Error(`${text}: ${decimal}`);
  return decimal;
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
        expect(scaled(written)).toBe(scaled(text, exponent));
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
    expect(formatted('1e131072')).toBe('beyond-numeric');
    expect(formatted('1e-16383')).toHaveLength(16_385);
    expect(formatted('1e-16384')).toBe('beyond-numeric');
    expect(formatted(`1e${'9'.repeat(400)}`)).toBe('beyond-numeric');
    expect(formatted(`-1e-${'9'.repeat(400)}`)).toBe('beyond-numeric');
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
  '１',
])('refuses %j', (text) => {
  expect(parseDecimal(text)).toBe('not-decimal');
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
    expect(fitsPrecision(decimalOf(text), precision, scale)).toBe(verdict);
  });
});

describe('rounding', () => {
  it.each([
    ['1.005', 2, '1.01'],
    ['-1.005', 2, '-1.01'],
    ['1.00499999', 2, '1'],
    ['0.5', 0, '1'],
    ['0.49', 0, '0'],
    ['-0.4', 0, '0'],
    ['9.99', 1, '10'],
    ['0.05', 1, '0.1'],
    ['0.005', 1, '0'],
    ['149', -2, '100'],
    ['150', -2, '200'],
    ['50', -2, '100'],
    ['49', -2, '0'],
    ['5', -2, '0'],
    ['12', 5, '12'],
  ])('%s to %d decimals is %s', (text, scale, rounded) => {
    expect(formatDecimal(roundDecimal(decimalOf(text), scale))).toBe(rounded);
  });

  it('is never off by more than half of the last digit, and no digit is left after it', () => {
    fc.assert(
      fc.property(mantissa, fc.integer({ min: -5, max: 25 }), (text, scale) => {
        const rounded = formatDecimal(roundDecimal(decimalOf(text), scale));
        const unit = 10n ** BigInt(SCALE - scale);
        const distance = scaled(rounded) - scaled(text);
        expect((distance < 0n ? -distance : distance) * 2n).toBeLessThanOrEqual(unit);
        expect(scaled(rounded) % unit).toBe(0n);
      }),
    );
  });
});

it('a shifted number is its floor and the digits above it', () => {
  fc.assert(
    fc.property(mantissa, fc.integer({ min: 0, max: 6 }), (text, shift) => {
      const { whole, rest } = floorShifted(decimalOf(text), shift);
      const fraction = BigInt(rest.padEnd(SCALE, '0').slice(0, SCALE));
      expect(whole * 10n ** BigInt(SCALE) + fraction).toBe(scaled(text, shift));
      expect(rest).toMatch(/^[0-9]*$/);
      expect(rest).not.toMatch(/0$/);
    }),
    { numRuns: 500 },
  );
});

it('a double is its shortest form', () => {
  expect(formatDecimal(decimalOfNumber(0.1))).toBe('0.1');
  expect(formatDecimal(decimalOfNumber(-1e21))).toBe('-1000000000000000000000');
  expect(formatDecimal(decimalOfNumber(-0))).toBe('0');
  expect(formatDecimal(decimalOfNumber(2n ** 63n))).toBe('9223372036854775808');
});

describe('a JSON number', () => {
  it.each([
    ['1e131071', true],
    ['1e131072', false],
    ['-1E+131072', false],
    ['1e-16383', true],
    ['1e-16384', false],
    ['0e999999', true],
    ['12345678901234567890.12', true],
  ])('%s is one that jsonb can hold: %s', (token, fits) => {
    expect(fitsJsonb(token)).toBe(fits);
  });

  it('counts the zeros at the end of its fraction, which jsonb keeps', () => {
    expect(fitsJsonb(`0.${'0'.repeat(16_383)}`)).toBe(true);
    expect(fitsJsonb(`0.${'0'.repeat(16_384)}`)).toBe(false);
  });
});
