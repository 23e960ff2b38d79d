import type { TargetType } from '../../model/target-catalog.ts';
import type { EpochUnit } from './converter.ts';

/** Values of one second, in each unit. */
const PER_SECOND: readonly (readonly [EpochUnit, bigint])[] = [
  ['s', 1n],
  ['ms', 1000n],
  ['us', 1_000_000n],
];

/** The units in words. */
export const EPOCH_UNIT_NAMES: Readonly<Record<EpochUnit, string>> = {
  s: 'seconds',
  ms: 'milliseconds',
  us: 'microseconds',
};

const MILLISECONDS: Readonly<Record<EpochUnit, number>> = { s: 1000, ms: 1, us: 0.001 };

/**
 * The day of a number of times in UTC, `YYYY-MM-DD`, for people.
 *
 * @param value within what {@link epochUnitOf} finds a unit for
 */
export function epochDay(value: bigint, unit: EpochUnit): string {
  return new Date(Number(value) * MILLISECONDS[unit]).toISOString().slice(0, 10);
}

/** Seconds since 1970 of the first moments of 1900, 1990 and 2200, UTC. */
const YEAR_1900 = BigInt(Date.UTC(1900, 0) / 1000);
const YEAR_1990 = BigInt(Date.UTC(1990, 0) / 1000);
const YEAR_2200 = BigInt(Date.UTC(2200, 0) / 1000);

/**
 * The one unit that puts a column's latest time between 1990 and 2200 and all others between 1900
 * and 2200, for sources of which nothing else says what their integers count. No two units can: a
 * second of 2200 is a millisecond of 1970.
 *
 * @param min the smallest integer of the column, 0 left out: it is the same moment in each unit
 * @param max the largest, 0 left out
 * @returns null when no unit does
 */
export function epochUnitOf(min: bigint, max: bigint): EpochUnit | null {
  const fitting = PER_SECOND.find(
    ([, factor]) =>
      max >= YEAR_1990 * factor && max < YEAR_2200 * factor && min >= YEAR_1900 * factor,
  );
  return fitting?.[0] ?? null;
}

const TIME_TYPES: ReadonlySet<string> = new Set([
  'date',
  'time',
  'timetz',
  'timestamp',
  'timestamptz',
]);

/** Whether numbers in a column of the type stand for points in time; domains over them included. */
export function isTimeType(type: TargetType): boolean {
  return type.kind === 'base' && TIME_TYPES.has(type.name);
}
