import type { ColumnCensus } from '../../model/census.ts';
import type { Conversion } from '../../mapping/file/schema.ts';
import type { DecisionKind } from '../../model/decision-kinds.ts';
import { isNamedAsTime } from '../../source/census/expected-kinds.ts';
import { saysTrueOrFalse } from '../names/telling-names.ts';
import { declaredKind, declaredLength, declaredPrecision, type DeclaredKind } from './declared.ts';
import { describeEpoch, describeValues } from './describe-values.ts';
import {
  ANY_DECIMAL,
  BIG_INT,
  BOOLEAN,
  BYTES,
  DATE,
  FLOAT,
  INT,
  JSONB,
  TEXT,
  UUID,
  decimal,
  timeOfDay,
  timestamp,
  varchar,
  type DraftedType,
} from './drafted-type.ts';
import { valueCount } from './evidence.ts';
import {
  digitsOf,
  fitsBigInt,
  fitsBoolean,
  fitsBytes,
  fitsDate,
  fitsDecimal,
  fitsFloat,
  fitsInt,
  fitsJson,
  fitsText,
  fitsTimeOfDay,
  fitsTimestamp,
  fitsUuid,
  fitsVarchar,
  type Fit,
} from './fits.ts';

/** A type that a column may get, and what the mapping does to its values on the way. */
export interface Candidate {
  readonly type: DraftedType;
  readonly convert: readonly Conversion[];
  /** What a person should know when it is taken. */
  readonly note: { readonly kind: DecisionKind; readonly text: string } | null;
}

/** What is known of a column, or of columns that must be of one type. */
export interface ColumnFacts {
  readonly name: string;
  readonly declaredType: string;
  readonly census: ColumnCensus;
  /** It is part of a primary key, a unique key or a foreign key. */
  readonly isInKey: boolean;
  /** Integers of a column declared as one of times are milliseconds. */
  readonly madeByPrisma: boolean;
  /** A CHECK says that it is JSON. */
  readonly isCheckedJson: boolean;
  /** A CHECK lists its values. */
  readonly enumType: DraftedType | null;
}

interface Wish {
  readonly type: DraftedType;
  readonly fit: Fit;
  readonly convert?: readonly Conversion[];
  readonly note?: Candidate['note'];
}

/**
 * The types that a column may get, the most fitting first; each may take all values as far as the
 * census tells, and the last one takes any value.
 */
export function candidatesFor(facts: ColumnFacts): readonly [Candidate, ...Candidate[]] {
  const { census, declaredType } = facts;
  const wished = wishesFor(facts).map(({ type, fit, convert = [], note = null }) => ({
    candidate: { type, convert, note },
    fit,
  }));
  const others = [...numberWishes(facts), ...TEXT_WISHES].map(({ type, fit, convert = [] }) => ({
    candidate: { type, convert, note: asOther(declaredType, type, convert, census) },
    fit,
  }));
  const [first, ...more] = [...wished, ...others]
    .filter(({ fit }) => fit(census))
    .map(({ candidate }) => candidate);
  const last = lastResort(facts);
  return first === undefined ? [last] : [first, ...more, last];
}

/** bytea takes whatever has been made text, and BLOBs as they are. */
function lastResort({ declaredType, census }: ColumnFacts): Candidate {
  const convert: Conversion[] = ['digits'];
  return { type: BYTES, convert, note: asOther(declaredType, BYTES, convert, census) };
}

function asOther(
  declaredType: string,
  type: DraftedType,
  convert: readonly Conversion[],
  census: ColumnCensus,
): Candidate['note'] {
  const declared = declaredType === '' ? 'declared without a type' : `declared ${declaredType}`;
  const how =
    convert.length === 0 ? '' : ` through the conversion ${convert.map(String).join(', ')}`;
  return {
    kind: 'kept-differently',
    text: `${declared}, drafted as ${type.postgres.display}${how}, for the values that there are: ${describeValues(census)}`,
  };
}

function wishesFor(facts: ColumnFacts): readonly Wish[] {
  const kind = declaredKind(facts.declaredType);
  if (facts.enumType !== null) return [{ type: facts.enumType, fit: fitsText }];
  if (facts.isCheckedJson && !facts.isInKey) return [{ type: JSONB, fit: fitsJson }];
  return [...guesses(facts, kind), ...declaredWishes(facts, kind)];
}

/** What names and values say together, and the declared type does not. */
function guesses(facts: ColumnFacts, kind: DeclaredKind): readonly Wish[] {
  const { name, census, isInKey, madeByPrisma, declaredType } = facts;
  // Prisma's own schema said what it meant.
  if (madeByPrisma || valueCount(census) === 0) return [];
  const { integers, texts } = census;
  const isText = kind === 'text' || kind === 'unknown';
  if (isText && isUuidWide(facts)) return [{ type: UUID, fit: fitsUuid, note: uuidNote(census) }];
  if (isInKey) return [];
  const isInteger = ['integer', 'bigint', 'unknown'].includes(kind);
  if (isInteger && integers?.zeroOrOne === valueCount(census) && saysTrueOrFalse(name)) {
    const text = `taken for Boolean: only 0 and 1 under this name (${describeValues(census)})`;
    return [{ type: BOOLEAN, fit: fitsBoolean, note: { kind: 'guess', text } }];
  }
  const epoch = describeEpoch(census);
  if (isInteger && epoch !== null && texts === null && isNamedAsTime(facts)) {
    return timestampWishes(facts, `taken for times by name and values, in ${epoch}`);
  }
  if (isText && texts?.count === valueCount(census) && isNamedAsTime(facts)) {
    const note = (what: string): Candidate['note'] => ({
      kind: 'guess',
      text: `taken for ${what}: all ${texts.count} texts are such (declared ${declaredType || 'without a type'})`,
    });
    return [
      { type: DATE, fit: fitsDate, note: note('days') },
      { type: timestamp(3), fit: fitsTimestamp(false), note: note('times') },
      { type: timestamp(6), fit: fitsTimestamp(false), note: note('times') },
    ];
  }
  return [];
}

/** Declared as wide as a UUID is written. */
function isUuidWide({ declaredType }: ColumnFacts): boolean {
  return [32, 36].includes(declaredLength(declaredType) ?? 0);
}

function uuidNote({ texts }: ColumnCensus): Candidate['note'] {
  return {
    kind: 'guess',
    text: `taken for Uuid: all ${texts?.count ?? 0} texts are UUIDs; PostgreSQL writes them in lower case with hyphens`,
  };
}

function declaredWishes(facts: ColumnFacts, kind: DeclaredKind): readonly Wish[] {
  const { census, declaredType } = facts;
  switch (kind) {
    case 'boolean':
      return [{ type: BOOLEAN, fit: fitsBoolean }];
    case 'json':
      return facts.isInKey ? [] : [{ type: JSONB, fit: fitsJson }];
    case 'uuid':
      return [{ type: UUID, fit: fitsUuid }];
    case 'date':
      return [{ type: DATE, fit: fitsDate }, ...timestampWishes(facts, null)];
    case 'datetime':
      return timestampWishes(facts, null);
    case 'time':
      return [
        { type: timeOfDay(0), fit: fitsTimeOfDay },
        { type: timeOfDay(6), fit: fitsTimeOfDay },
      ];
    case 'decimal':
      return decimalWishes(declaredType, census);
    case 'bytes':
      return [{ type: BYTES, fit: fitsBytes }];
    case 'float':
      return [{ type: FLOAT, fit: fitsFloat }];
    case 'bigint':
      return [{ type: BIG_INT, fit: fitsBigInt }];
    case 'integer':
      return [
        { type: INT, fit: fitsInt },
        { type: BIG_INT, fit: fitsBigInt },
      ];
    case 'text':
      return textWishes(declaredType, census);
    case 'unknown':
      return valueWishes(census);
    default:
      return kind satisfies never;
  }
}

/** @param guess why it is taken for times though not declared so */
function timestampWishes(facts: ColumnFacts, guess: string | null): readonly Wish[] {
  const { census, madeByPrisma } = facts;
  const { integers, reals } = census;
  const epoch = describeEpoch(census);
  const isZero = integers?.minimum === '0' && integers.maximum === '0';
  const isKnown = (madeByPrisma || epoch !== null || isZero) && reals === null;
  const unit = integers?.epoch ?? null;
  const convert: Conversion[] = !madeByPrisma && unit !== null ? [`epoch_${unit}`] : [];
  const text = guess ?? (convert.length === 0 ? null : `integers are read as ${epoch ?? ''}`);
  const note: Candidate['note'] = text === null ? null : { kind: 'guess', text };
  const fit = fitsTimestamp(isKnown);
  return [
    { type: timestamp(3), fit, convert, note },
    { type: timestamp(6), fit, convert, note },
  ];
}

/** PostgreSQL takes more, and nobody means it. */
const MAX_PRECISION = 1000;
/** Digits before the point where nothing is declared: room for what is to come. */
const WHOLE_DIGITS = 10;
const ROOM = 2;
/** Digits after it, as money has them. */
const USUAL_SCALE = 2;

function decimalWishes(declaredType: string, census: ColumnCensus): readonly Wish[] {
  const declared = declaredPrecision(declaredType);
  const { whole, scale } = digitsOf(census);
  const fitsDeclared =
    declared !== null &&
    declared.precision <= MAX_PRECISION &&
    declared.precision >= Math.max(1, declared.scale) &&
    declared.scale >= scale &&
    declared.precision - declared.scale >= whole;
  if (fitsDeclared)
    return [{ type: decimal(declared.precision, declared.scale), fit: fitsDecimal }];
  if (valueCount(census) === 0) return [{ type: decimal(65, 30), fit: fitsDecimal }];
  const wanted = Math.max(scale, declared?.scale ?? USUAL_SCALE);
  const precision = Math.max(whole + ROOM, WHOLE_DIGITS) + wanted;
  if (precision > MAX_PRECISION) return [];
  const text = `drafted as Decimal(${precision}, ${wanted}) by the values: up to ${whole} digits before the point and ${scale} after it`;
  const note: Candidate['note'] = { kind: declared === null ? 'guess' : 'kept-differently', text };
  return [{ type: decimal(precision, wanted), fit: fitsDecimal, note }];
}

/** PostgreSQL's limit of varchar(n). Source: https://www.postgresql.org/docs/current/datatype-character.html */
const MAX_LENGTH = 10_485_760;

function textWishes(declaredType: string, census: ColumnCensus): readonly Wish[] {
  const length = declaredLength(declaredType);
  const text: Wish = { type: TEXT, fit: fitsText };
  if (length === null || length < 1 || length > MAX_LENGTH) return [text];
  const longest = census.texts?.longestCharacters ?? 0;
  const note: Candidate['note'] = {
    kind: 'kept-differently',
    text: `declared ${declaredType}, drafted as text: the longest has ${longest} characters`,
  };
  return [
    { type: varchar(length), fit: fitsVarchar(length) },
    { ...text, note },
  ];
}

/** By the values alone. */
function valueWishes(census: ColumnCensus): readonly Wish[] {
  const { integers, reals, texts, blobs } = census;
  if (blobs !== null || valueCount(census) === 0) return [];
  if (texts !== null) return [{ type: TEXT, fit: fitsText }];
  if (reals !== null) return [{ type: FLOAT, fit: fitsFloat }];
  return integers === null ? [] : [{ type: INT, fit: fitsInt }];
}

/** For columns of numbers, whatever was declared. */
function numberWishes({ census }: ColumnFacts): readonly Wish[] {
  if (census.texts !== null || census.blobs !== null || valueCount(census) === 0) return [];
  return [
    { type: INT, fit: fitsInt },
    { type: BIG_INT, fit: fitsBigInt },
    { type: FLOAT, fit: fitsFloat },
    { type: ANY_DECIMAL, fit: fitsFloat },
  ];
}

const TEXT_WISHES: readonly Wish[] = [
  { type: TEXT, fit: fitsText },
  { type: BYTES, fit: (census) => fitsBytes(census) && census.blobs !== null },
  {
    type: TEXT,
    fit: (census) => census.texts === null || census.texts.withNul === 0,
    convert: ['text'],
  },
  { type: BYTES, fit: fitsBytes },
];
