import type {
  BlobCensus,
  ColumnCensus,
  IntegerCensus,
  RealCensus,
  TextCensus,
} from '../../model/census.ts';
import { epochUnitOf } from '../../value/convert/epoch-unit.ts';
import { kindsBetween, type ValueKind } from './kinds.ts';
import type { MeasureName } from './measures.ts';
import type { ColumnTally } from './stretch-query.ts';

/** The census of a column, from the tally of all its rows. */
export function columnCensus(tally: ColumnTally): ColumnCensus {
  return {
    nulls: countOf(tally, ['null']),
    integers: integerCensus(tally),
    reals: realCensus(tally),
    texts: textCensus(tally),
    blobs: blobCensus(tally),
  };
}

function integerCensus(tally: ColumnTally): IntegerCensus | null {
  const count = countOf(tally, kindsBetween('integer', 'zero-or-one'));
  if (count === 0) return null;
  const minimum = BigInt(measured(tally, 'smallestInteger'));
  const maximum = BigInt(measured(tally, 'largestInteger'));
  const epoch = epochUnitOf(minimum, maximum);
  return {
    count,
    minimum: minimum.toString(),
    maximum: maximum.toString(),
    zeroOrOne: countOf(tally, ['zero-or-one']),
    epoch,
  };
}

function realCensus(tally: ColumnTally): RealCensus | null {
  const count = countOf(tally, kindsBetween('real-decimal', 'real-infinite'));
  if (count === 0) return null;
  return {
    count,
    minimum: String(measured(tally, 'smallestReal')),
    maximum: String(measured(tally, 'largestReal')),
    infinite: countOf(tally, ['real-infinite']),
    whole: countOf(tally, ['real-whole']),
    decimals: countOf(tally, ['real-decimal']),
    mostDecimals: Number(measured(tally, 'realDecimals')),
  };
}

function textCensus(tally: ColumnTally): TextCensus | null {
  const count = countOf(tally, kindsBetween('text-with-nul', 'uuid-or-integer'));
  if (count === 0) return null;
  const characters = [measured(tally, 'characters'), measured(tally, 'charactersWithNul')];
  return {
    count,
    empty: countOf(tally, ['text-empty']),
    withNul: countOf(tally, ['text-with-nul']),
    longestCharacters: Math.max(...characters.map(Number)),
    longestBytes: Number(measured(tally, 'textBytes')),
    jsonObjects: countOf(tally, ['json-object']),
    jsonArrays: countOf(tally, ['json-array']),
    jsonScalars: countOf(tally, ['json-scalar']),
    dates: countOf(tally, ['date']),
    timesWithZone: countOf(tally, ['time-with-zone']),
    timesWithoutZone: countOf(tally, ['time-without-zone']),
    timesOfDay: countOf(tally, ['time-of-day']),
    uuids: countOf(tally, ['uuid', 'uuid-or-integer']),
    integers: countOf(tally, ['text-integer', 'uuid-or-integer']),
    decimals: countOf(tally, ['text-decimal']),
    booleans: countOf(tally, ['text-boolean']),
    mostDigits: Number(measured(tally, 'digitsInText')),
    mostDecimals: Number(measured(tally, 'decimalsInText')),
  };
}

function blobCensus(tally: ColumnTally): BlobCensus | null {
  const count = countOf(tally, ['blob']);
  if (count === 0) return null;
  return {
    count,
    shortestBytes: Number(measured(tally, 'smallestBlob')),
    longestBytes: Number(measured(tally, 'largestBlob')),
  };
}

function countOf(tally: ColumnTally, kinds: readonly ValueKind[]): number {
  return kinds.reduce((sum, kind) => sum + (tally.counts.get(kind) ?? 0), 0);
}

/** 0 where there was nothing to measure. */
function measured(tally: ColumnTally, name: MeasureName): bigint | number {
  return tally.measured.get(name) ?? 0n;
}
