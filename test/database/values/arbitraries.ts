import fc from 'fast-check';
import type { NonNullValue } from '../../../scripts/lib/value/convert/converter.ts';
import { anyInteger, anyReal, anyValue } from '../../support/values.ts';

/** Any value of any storage class. */
export const nonNull = anyValue.filter((value): value is NonNullValue => value !== null);

function digits(maxLength: number): fc.Arbitrary<string> {
  return fc.string({ unit: fc.constantFrom(...Array.from('0123456789')), maxLength });
}

/** Text that is a decimal number, or nearly one. */
export const decimalText = fc
  .tuple(
    fc.constantFrom('', '', '-', '+', ' '),
    digits(22),
    fc.option(digits(22)),
    fc.option(fc.integer({ min: -40, max: 40 })),
  )
  .map(([sign, whole, decimals, exponent]) =>
    [
      sign,
      whole,
      decimals === null ? '' : `.${decimals}`,
      exponent === null ? '' : `e${exponent}`,
    ].join(''),
  );

const integerText = fc.oneof(
  anyInteger.map(String),
  fc.bigInt({ min: -(2n ** 66n), max: 2n ** 66n }).map(String),
  digits(6),
);

/** Amounts as an application writes them. */
const money = fc.integer({ min: -1e9, max: 1e9 }).map((cents) => cents / 100);

/** Any value, and numbers of every kind and size more often. */
export const anyNumber: fc.Arbitrary<NonNullValue> = fc.oneof(
  nonNull,
  anyInteger,
  fc.bigInt({ min: -40_000n, max: 40_000n }),
  anyReal,
  fc.float({ noNaN: true }),
  money,
  integerText,
  decimalText,
  anyReal.map(String),
);
