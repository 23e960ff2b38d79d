import { KINDS_OF_CLASS, kindCode, kindsBetween, type ValueKind } from './kinds.ts';
import { decimalsSql, partName, type Part } from './parts-sql.ts';

/** What a measure gives: a double where it is about REALs, else an integer. */
export type MeasuredValue = bigint | number;

interface Measure {
  /** The kinds that it is about, side by side. */
  readonly kinds: readonly ValueKind[];
  readonly aggregate: 'min' | 'max';
  readonly over: Part;
  /** SQL of what is compared; by default the part itself. */
  readonly of?: (part: string) => string;
}

const { integer: INTEGERS, real: REALS, text: TEXTS } = KINDS_OF_CLASS;
const TEXTS_WITHOUT_NUL = kindsBetween('text', 'uuid-or-integer');
const NUMBERS_IN_TEXT = kindsBetween('text-decimal', 'uuid-or-integer');

/** What is measured of a column, beside the number of values of each kind. */
const MEASURES = {
  smallestInteger: { kinds: INTEGERS, aggregate: 'min', over: 'value' },
  largestInteger: { kinds: INTEGERS, aggregate: 'max', over: 'value' },
  smallestReal: { kinds: REALS, aggregate: 'min', over: 'value' },
  largestReal: { kinds: REALS, aggregate: 'max', over: 'value' },
  realDecimals: {
    kinds: ['real-decimal'],
    aggregate: 'max',
    over: 'digits',
    of: decimalsSql,
  },
  characters: {
    kinds: TEXTS_WITHOUT_NUL,
    aggregate: 'max',
    over: 'characters',
  },
  charactersWithNul: {
    kinds: ['text-with-nul'],
    aggregate: 'max',
    over: 'value',
    of: (text) => `census_characters(${text})`,
  },
  textBytes: { kinds: TEXTS, aggregate: 'max', over: 'bytes' },
  digitsInText: {
    kinds: NUMBERS_IN_TEXT,
    aggregate: 'max',
    over: 'value',
    of: (text) => `instr(ltrim(${text}, '-') || '.', '.') - 1`,
  },
  decimalsInText: {
    kinds: ['text-decimal'],
    aggregate: 'max',
    over: 'value',
    of: (text) => `length(${text}) - instr(${text}, '.')`,
  },
  smallestBlob: { kinds: ['blob'], aggregate: 'min', over: 'bytes' },
  largestBlob: { kinds: ['blob'], aggregate: 'max', over: 'bytes' },
} as const satisfies Record<string, Measure>;

export type MeasureName = keyof typeof MEASURES;

const BY_NAME: ReadonlyMap<MeasureName, Measure> = new Map(
  Object.entries(MEASURES) as [MeasureName, Measure][],
);

/** The measures that are about any of these kinds. */
export function measuresOf(kinds: ReadonlySet<ValueKind>): ReadonlyMap<MeasureName, Measure> {
  return new Map(
    [...BY_NAME].filter(([, measure]) => measure.kinds.some((kind) => kinds.has(kind))),
  );
}

/** The aggregate of a measure, of the column that has this number in a query for these kinds. */
export function measureSql(measure: Measure, asked: ReadonlySet<ValueKind>, index: number): string {
  const part = partName(measure.over, index);
  const aggregate = `${measure.aggregate}(${measure.of?.(part) ?? part})`;
  // Aggregates leave NULL out by themselves.
  const others = [...asked].filter((kind) => kind !== 'null' && !measure.kinds.includes(kind));
  if (others.length === 0) return aggregate;
  const codes = measure.kinds.map(kindCode);
  return `${aggregate} FILTER (WHERE ${partName('kind', index)} BETWEEN ${Math.min(...codes)} AND ${Math.max(...codes)})`;
}

/** Of two values of a measure the one that counts for both. */
export function mergeMeasured(
  name: MeasureName,
  a: MeasuredValue,
  b: MeasuredValue,
): MeasuredValue {
  const isSmaller = a < b;
  return (MEASURES[name].aggregate === 'min') === isSmaller ? a : b;
}
