import { civilFromDays } from './calendar.ts';

/** A moment: whole days since 1970-01-01 UTC, microseconds into that day, and what is finer. */
export interface Instant {
  readonly epochDays: number;
  readonly microseconds: number;
  /** Digits of the second after the sixth decimal, without zeros at the end. */
  readonly excess: string;
}

const DAY_SECONDS = 86_400;
/** Microseconds of a day. */
export const DAY_MICROSECONDS = DAY_SECONDS * 1_000_000;
const DAY = BigInt(DAY_MICROSECONDS);

/**
 * Where PostgreSQL's types begin, 24 November 4714 BC, and the days on which they have ended.
 *
 * Source: https://www.postgresql.org/docs/current/datatype-datetime.html, `MIN_TIMESTAMP`,
 * `END_TIMESTAMP` and `DATE_END_JULIAN` of PostgreSQL's datatype/timestamp.h
 */
const FIRST_DAY = -2_440_588;
const TIMESTAMP_END_DAY = 106_762_940;
const DATE_END_DAY = 2_145_042_906;

/** Whether a timestamp of PostgreSQL can hold the day. */
export function isTimestampDay(epochDays: number): boolean {
  return epochDays >= FIRST_DAY && epochDays < TIMESTAMP_END_DAY;
}

/** Whether a date of PostgreSQL can hold the day. */
export function isDateDay(epochDays: number): boolean {
  return epochDays >= FIRST_DAY && epochDays < DATE_END_DAY;
}

/** The moment so many microseconds, and what is finer, after 1970-01-01 UTC. */
export function instantOf(microseconds: bigint, excess = ''): Instant {
  const ofDay = ((microseconds % DAY) + DAY) % DAY;
  return { epochDays: Number((microseconds - ofDay) / DAY), microseconds: Number(ofDay), excess };
}

/** The moment so many seconds after, or before, another. */
export function addSeconds(instant: Instant, seconds: number): Instant {
  return normalized(instant.epochDays, instant.microseconds + seconds * 1_000_000, instant.excess);
}

function normalized(epochDays: number, microseconds: number, excess: string): Instant {
  const shift = Math.floor(microseconds / DAY_MICROSECONDS);
  return {
    epochDays: epochDays + shift,
    microseconds: microseconds - shift * DAY_MICROSECONDS,
    excess,
  };
}

/** Whether the second has no more decimals than that; 0 to 6. */
export function hasDecimals(
  { microseconds, excess }: Omit<Instant, 'epochDays'>,
  decimals: number,
): boolean {
  return excess === '' && microseconds % 10 ** (6 - decimals) === 0;
}

const YEAR_2000 = 10_957;

/** Rounded as PostgreSQL rounds timestamps: to the nearest, halves away from the year 2000. */
export function roundInstant(instant: Instant, decimals: number): Instant {
  const halvesUp = instant.epochDays >= YEAR_2000;
  return normalized(instant.epochDays, roundMicroseconds(instant, decimals, halvesUp), '');
}

/** Microseconds and what is finer, rounded to so many decimals of a second. */
export function roundMicroseconds(
  { microseconds, excess }: Omit<Instant, 'epochDays'>,
  decimals: number,
  halvesUp: boolean,
): number {
  const unit = 10 ** (6 - decimals);
  const rest = microseconds % unit;
  const below = microseconds - rest;
  // Digits of one length compare as numbers do, and zeros at the end are left out.
  const side = unit === 1 ? compare(excess, '5') : compare(rest, unit / 2) || compare(excess, '');
  return side > 0 || (side === 0 && halvesUp) ? below + unit : below;
}

function compare<T extends number | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** `YYYY-MM-DD`, with ` BC` for years before 1. */
export function formatDate(epochDays: number): string {
  const { year, month, day } = civilFromDays(epochDays);
  return `${formatDay(year, month, day)}${eraOf(year)}`;
}

/** `HH:MM:SS[.ffffff]` */
export function formatTime(microseconds: number): string {
  const seconds = Math.floor(microseconds / 1_000_000);
  const fraction = microseconds % 1_000_000;
  const minutes = Math.floor(seconds / 60);
  const decimals = fraction === 0 ? '' : `.${String(fraction).padStart(6, '0')}`;
  return `${pad2(Math.floor(minutes / 60))}:${pad2(minutes % 60)}:${pad2(seconds % 60)}${decimals}`;
}

/** `YYYY-MM-DD HH:MM:SS[.ffffff]`, with `zone` (such as `+00`) between the time and ` BC`. */
export function formatTimestamp({ epochDays, microseconds }: Instant, zone: string): string {
  const { year, month, day } = civilFromDays(epochDays);
  return `${formatDay(year, month, day)} ${formatTime(microseconds)}${zone}${eraOf(year)}`;
}

/** `+HH:MM:SS` */
export function formatOffset(seconds: number): string {
  return `${seconds < 0 ? '-' : '+'}${formatTime(Math.abs(seconds) * 1_000_000)}`;
}

/** PostgreSQL has no year 0: 1 BC is before 1. */
function formatDay(year: number, month: number, day: number): string {
  const shownYear = String(year > 0 ? year : 1 - year).padStart(4, '0');
  return `${shownYear}-${pad2(month)}-${pad2(day)}`;
}

function eraOf(year: number): string {
  return year > 0 ? '' : ' BC';
}

function pad2(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}
