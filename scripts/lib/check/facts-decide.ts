import type { ColumnPlan, TablePlan } from '../mapping/plan.ts';
import type { PlannedTable } from '../mapping/source-shape.ts';
import type { ColumnFacts } from '../model/column-facts.ts';
import type { TargetType } from '../model/target-catalog.ts';
import { UNIT_DECIMALS } from '../value/bytes/times.ts';
import type { ConversionContext } from '../value/convert/converter.ts';
import { decimalsOf, lengthOf, numericLimitsOf } from '../value/convert/modifiers.ts';

type Integers = NonNullable<ColumnFacts['integers']>;
type Reals = NonNullable<ColumnFacts['reals']>;
type Texts = NonNullable<ColumnFacts['texts']>;

/** Whether facts of each storage class show that all values of it fit a type; absent: they cannot. */
interface TypeRule {
  readonly integers?: (integers: Integers) => boolean;
  readonly reals?: (reals: Reals) => boolean;
  readonly texts?: (texts: Texts) => boolean;
  readonly blobs?: true;
}

/**
 * The columns of a table of which the facts do not show that every value fits the target, and is
 * loaded as it is. To be tried: all others need no look.
 *
 * @param facts of the source's columns, in their order
 */
export function undecidedColumns(
  { columns }: TablePlan<PlannedTable>,
  facts: readonly ColumnFacts[],
): ColumnPlan[] {
  return columns.filter((column) => {
    // A constant was tried when it was planned.
    if (column.source === null) return false;
    const ofColumn = facts[column.sourceIndex];
    return ofColumn === undefined || !factsDecide(column, ofColumn);
  });
}

/**
 * Whether the facts show that every value of a column fits its target, and that no mapping changes
 * any. False says nothing: the values have to be tried.
 */
function factsDecide(
  {
    target,
    isPlain,
    convert,
    context,
  }: Pick<ColumnPlan, 'target' | 'isPlain' | 'convert' | 'context'>,
  { nulls, integers, reals, texts, blobs, others }: ColumnFacts,
): boolean {
  const { type } = target;
  if (!isPlain || context === null || type.domain !== null || type.kind !== 'base') return false;
  if (others > 0 || (nulls > 0 && target.notNull)) return false;
  const fitsAsIs = (integer: bigint): boolean =>
    typeof convert(integer, () => undefined) === 'string';
  const rule = Object.hasOwn(RULES, type.name)
    ? RULES[type.name]?.(type, context, fitsAsIs)
    : undefined;
  return (
    (integers === null || rule?.integers?.(integers) === true) &&
    (reals === null || rule?.reals?.(reals) === true) &&
    (texts === null || rule?.texts?.(texts) === true) &&
    (blobs === 0 || rule?.blobs === true)
  );
}

type RuleMaker = (
  type: TargetType,
  context: ConversionContext,
  fits: (integer: bigint) => boolean,
) => TypeRule;

/** By `pg_type.typname`; of other types the facts say nothing. */
const RULES: Readonly<Record<string, RuleMaker>> = {
  int2: (_, __, fits) => ({ integers: bothEnds(fits) }),
  int4: (_, __, fits) => ({ integers: bothEnds(fits) }),
  int8: () => ({ integers: () => true }),
  float8: () => ({ integers: areExactDoubles, reals: () => true }),
  numeric: numericRule,
  bool: () => ({ integers: areBits }),
  text: textRule,
  varchar: textRule,
  bpchar: textRule,
  citext: textRule,
  bytea: () => ({ blobs: true }),
  uuid: () => ({ texts: ({ isUuid }) => isUuid }),
  timestamp: timestampRule,
  timestamptz: timestampRule,
  date: (_, { dateFormat }) => ({
    texts: ({ times }) => dateFormat === null && times?.isMidnight === true,
  }),
};

/** Where all integers between two fit when these do; 0 fits every type that takes integers. */
function bothEnds(fits: (integer: bigint) => boolean): (integers: Integers) => boolean {
  return ({ range }) => range === null || (fits(BigInt(range.min)) && fits(BigInt(range.max)));
}

const EXACT_DOUBLE = BigInt(Number.MAX_SAFE_INTEGER);

function areExactDoubles({ range }: Integers): boolean {
  return (
    range === null || (BigInt(range.min) >= -EXACT_DOUBLE && BigInt(range.max) <= EXACT_DOUBLE)
  );
}

function areBits({ range }: Integers): boolean {
  return range === null || (range.min === '1' && range.max === '1');
}

function numericRule(type: TargetType): TypeRule {
  const limits = numericLimitsOf(type);
  const { precision, scale } = limits ?? { precision: Infinity, scale: 0 };
  // A negative scale rounds whole numbers.
  const maxWhole = scale < 0 ? -1 : precision - scale;
  const maxDecimals = limits === null ? Infinity : scale;
  return {
    integers: (integers) => mostDigits(integers) <= maxWhole,
    reals: ({ plain }) =>
      plain !== null && plain.wholeDigits <= maxWhole && plain.decimals <= maxDecimals,
  };
}

/** Of 0 one too. */
function mostDigits({ range }: Integers): number {
  const ends = range === null ? [] : [range.min, range.max];
  return Math.max(1, ...ends.map((end) => end.replace('-', '').length));
}

function textRule(type: TargetType): TypeRule {
  const limit = lengthOf(type) ?? Infinity;
  return {
    integers: ({ range }) =>
      range === null || (range.min.length <= limit && range.max.length <= limit),
    texts: ({ hasNul, characters }) => !hasNul && characters <= limit,
  };
}

function timestampRule(
  type: TargetType,
  { timeUnit, timeZone, dateFormat }: ConversionContext,
  fits: (integer: bigint) => boolean,
): TypeRule {
  const decimals = decimalsOf(type);
  const unitDecimals =
    timeUnit === null || timeUnit === 'julian_day' ? Infinity : UNIT_DECIMALS[timeUnit];
  return {
    integers: (integers) => unitDecimals <= decimals && bothEnds(fits)(integers),
    texts: ({ times }) =>
      dateFormat === null &&
      times !== null &&
      times.decimals <= decimals &&
      (timeZone === 'UTC' || times.isZoned),
  };
}
