import type { ColumnCensus, TextCensus } from '../../model/census.ts';
import { epochUnitOf } from '../../value/convert/epoch-unit.ts';

/** What several columns hold that are to be of one type, counted together. */
export function mergedCensus(censuses: readonly ColumnCensus[]): ColumnCensus {
  const [first, ...others] = censuses;
  if (first === undefined)
    return { nulls: 0, integers: null, reals: null, texts: null, blobs: null };
  return others.reduce(merged, first);
}

function merged(a: ColumnCensus, b: ColumnCensus): ColumnCensus {
  return {
    nulls: a.nulls + b.nulls,
    integers: both(a.integers, b.integers, (one, other) => {
      const minimum = smaller(BigInt(one.minimum), BigInt(other.minimum));
      const maximum = -smaller(-BigInt(one.maximum), -BigInt(other.maximum));
      return {
        count: one.count + other.count,
        minimum: minimum.toString(),
        maximum: maximum.toString(),
        zeroOrOne: one.zeroOrOne + other.zeroOrOne,
        epoch: epochUnitOf(minimum, maximum),
      };
    }),
    reals: both(a.reals, b.reals, (one, other) => ({
      count: one.count + other.count,
      minimum: Number(one.minimum) < Number(other.minimum) ? one.minimum : other.minimum,
      maximum: Number(one.maximum) > Number(other.maximum) ? one.maximum : other.maximum,
      infinite: one.infinite + other.infinite,
      whole: one.whole + other.whole,
      decimals: one.decimals + other.decimals,
      mostDecimals: Math.max(one.mostDecimals, other.mostDecimals),
    })),
    texts: both(a.texts, b.texts, mergedTexts),
    blobs: both(a.blobs, b.blobs, (one, other) => ({
      count: one.count + other.count,
      shortestBytes: Math.min(one.shortestBytes, other.shortestBytes),
      longestBytes: Math.max(one.longestBytes, other.longestBytes),
    })),
  };
}

/** Of these the largest counts; all else is added up. */
const LARGEST: ReadonlySet<string> = new Set([
  'longestCharacters',
  'longestBytes',
  'mostDigits',
  'mostDecimals',
]);

function mergedTexts(one: TextCensus, other: TextCensus): TextCensus {
  const names = Object.keys(one) as (keyof TextCensus)[];
  const entries = names.map((name) => [
    name,
    LARGEST.has(name) ? Math.max(one[name], other[name]) : one[name] + other[name],
  ]);
  return Object.fromEntries(entries) as TextCensus;
}

function both<T>(one: T | null, other: T | null, merge: (one: T, other: T) => T): T | null {
  if (one === null || other === null) return one ?? other;
  return merge(one, other);
}

function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

/** How many values there are, NULL aside. */
export function valueCount({ integers, reals, texts, blobs }: ColumnCensus): number {
  return [integers, reals, texts, blobs].reduce((sum, part) => sum + (part?.count ?? 0), 0);
}
