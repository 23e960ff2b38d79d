import type { TargetType } from '../../model/target-catalog.ts';
import type { IntervalLimits } from './intervals.ts';
import type { NumericLimits } from './numbers.ts';

const NO_MODIFIER = -1;
/** varchar, char and numeric store their modifier with this much added (VARHDRSZ). */
const HEADER = 4;
const MAX_DECIMALS = 6;

/** The n of varchar(n) and char(n); null for none. */
export function lengthOf({ modifier }: TargetType): number | null {
  return modifier === NO_MODIFIER ? null : modifier - HEADER;
}

/**
 * Precision and scale of numeric(p,s); null for none.
 *
 * Source: numeric_typmod_precision and numeric_typmod_scale in PostgreSQL's numeric.c
 */
export function numericLimitsOf({ modifier }: TargetType): NumericLimits {
  if (modifier === NO_MODIFIER) return null;
  const packed = modifier - HEADER;
  // Eleven bits, signed: a scale may be negative since PostgreSQL 15.
  const scale = ((packed & 0x7ff) ^ 1024) - 1024;
  return { precision: (packed >> 16) & 0xffff, scale };
}

/** Decimals of a second that a timestamp or time keeps. */
export function decimalsOf({ modifier }: TargetType): number {
  return modifier === NO_MODIFIER ? MAX_DECIMALS : modifier;
}

const FULL_PRECISION = 0xffff;
/** Bits of the fields that an interval may be restricted to, the smallest first. */
const FIELD_BITS: readonly (readonly [bit: number, field: IntervalLimits['leastField']])[] = [
  [12, 'second'],
  [11, 'minute'],
  [10, 'hour'],
  [3, 'day'],
  [1, 'month'],
  [2, 'year'],
];

/**
 * What an interval column keeps. Without a restriction all bits of the fields are set.
 *
 * Source: INTERVAL_TYPMOD and INTERVAL_MASK in PostgreSQL's utils/timestamp.h, datetime.h
 */
export function intervalLimitsOf({ modifier }: TargetType): IntervalLimits {
  if (modifier === NO_MODIFIER) return { decimals: MAX_DECIMALS, leastField: 'second' };
  const precision = modifier & 0xffff;
  const range = (modifier >> 16) & 0x7fff;
  const [, leastField] = FIELD_BITS.find(([bit]) => (range & (1 << bit)) !== 0) ?? [];
  return {
    decimals: precision === FULL_PRECISION ? MAX_DECIMALS : precision,
    leastField: leastField ?? 'second',
  };
}
