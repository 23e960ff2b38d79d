import type { ColumnCensus, TextCensus } from '../../model/census.ts';

/**
 * Whether a type may take all values of a census, as the conversions of an import have it. What a
 * census cannot tell, such as the decimals of a second, the values themselves tell later.
 */
export type Fit = (census: ColumnCensus) => boolean;

/** Room is left for twice as much: Int for at most half of 32 bits. */
const INT_ROOM = 2n ** 30n;
const BIG_INT_LIMIT = 2n ** 63n - 1n;
const INT_DIGITS = 9;
const BIG_INT_DIGITS = 18;

/** Int, with room to grow. */
export const fitsInt: Fit = (census) => fitsIntegers(census, INT_ROOM, INT_DIGITS);
/** BigInt. */
export const fitsBigInt: Fit = (census) => fitsIntegers(census, BIG_INT_LIMIT, BIG_INT_DIGITS);

function fitsIntegers(
  { integers, reals, texts, blobs }: ColumnCensus,
  limit: bigint,
  digits: number,
): boolean {
  const isWithin =
    integers === null ||
    (BigInt(integers.maximum) <= limit && BigInt(integers.minimum) >= -limit - 1n);
  const isWhole =
    reals === null ||
    (reals.whole === reals.count &&
      Math.max(Math.abs(Number(reals.minimum)), Math.abs(Number(reals.maximum))) <= Number(limit));
  const areDigits = texts === null || (allOf(texts, texts.integers) && texts.mostDigits <= digits);
  return blobs === null && isWithin && isWhole && areDigits;
}

export const fitsBoolean: Fit = ({ integers, reals, texts, blobs }) =>
  reals === null &&
  blobs === null &&
  (integers === null || integers.zeroOrOne === integers.count) &&
  (texts === null || allOf(texts, texts.booleans));

/** Any number, in binary. */
export const fitsFloat: Fit = ({ texts, blobs }) =>
  blobs === null && (texts === null || allOf(texts, texts.integers + texts.decimals));

/** Numbers that have a decimal form of their own. */
export const fitsDecimal: Fit = ({ reals, texts, blobs }) =>
  blobs === null &&
  (reals === null || reals.whole + reals.decimals === reals.count) &&
  (texts === null || allOf(texts, texts.integers + texts.decimals));

/** Digits before and after the point that all numbers of a census have at most. */
export function digitsOf({ integers, reals, texts }: ColumnCensus): {
  readonly whole: number;
  readonly scale: number;
} {
  const numbers = [integers?.minimum, integers?.maximum, reals?.minimum, reals?.maximum];
  const whole = numbers.map((text) => (text === undefined ? 0 : wholeDigits(text)));
  return {
    whole: Math.max(1, ...whole, texts?.mostDigits ?? 0),
    scale: Math.max(reals?.mostDecimals ?? 0, texts?.mostDecimals ?? 0),
  };
}

function wholeDigits(text: string): number {
  const number = Math.abs(Number(text));
  return number < 1 ? 1 : Math.floor(Math.log10(number)) + 1;
}

/** Text without U+0000, and whole numbers as their digits. */
export const fitsText: Fit = ({ reals, texts, blobs }) =>
  reals === null && blobs === null && (texts === null || texts.withNul === 0);

/** Text of at most so many characters. */
export function fitsVarchar(length: number): Fit {
  return (census) => {
    const { integers, texts } = census;
    const digits = [integers?.minimum, integers?.maximum].map((text) => text?.length ?? 0);
    return (
      fitsText(census) &&
      (texts === null || texts.longestCharacters <= length) &&
      Math.max(...digits) <= length
    );
  };
}

export const fitsUuid: Fit = ({ integers, reals, texts, blobs }) =>
  integers === null &&
  reals === null &&
  (texts === null || allOf(texts, texts.uuids)) &&
  (blobs === null || (blobs.shortestBytes === UUID_BYTES && blobs.longestBytes === UUID_BYTES));

const UUID_BYTES = 16;

/** @param mayBeNumbers numbers stand for times in a unit that is known */
export function fitsTimestamp(mayBeNumbers: boolean): Fit {
  return ({ integers, reals, texts, blobs }) =>
    blobs === null &&
    (mayBeNumbers || (integers === null && reals === null)) &&
    (texts === null || allOf(texts, texts.dates + texts.timesWithZone + texts.timesWithoutZone));
}

export const fitsDate: Fit = ({ integers, reals, texts, blobs }) =>
  integers === null &&
  reals === null &&
  blobs === null &&
  (texts === null || allOf(texts, texts.dates));

export const fitsTimeOfDay: Fit = ({ integers, reals, texts, blobs }) =>
  integers === null &&
  reals === null &&
  blobs === null &&
  (texts === null || allOf(texts, texts.timesOfDay));

export const fitsJson: Fit = ({ reals, texts, blobs }) =>
  blobs === null &&
  (reals === null || reals.infinite === 0) &&
  (texts === null ||
    allOf(
      texts,
      texts.jsonObjects +
        texts.jsonArrays +
        texts.jsonScalars +
        texts.integers +
        texts.decimals +
        texts.booleans,
    ));

export const fitsBytes: Fit = ({ integers, reals }) => integers === null && reals === null;

function allOf({ count }: TextCensus, some: number): boolean {
  return some === count;
}
