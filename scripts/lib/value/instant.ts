/** A moment without a zone of its own: whole days since 1970-01-01 and microseconds into that day. */
export interface Instant {
  readonly epochDays: number;
  readonly microseconds: number;
}

const DAY_SECONDS = 86_400;
const DAY_MICROSECONDS = DAY_SECONDS * 1_000_000;
const DAY_MILLISECONDS = BigInt(DAY_SECONDS * 1000);
/** PostgreSQL's timestamps end with the year 294276. Source: https://www.postgresql.org/docs/current/datatype-datetime.html */
const MAX_YEAR = 294_276;
const MIN_YEAR = -4712;

const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?\s?(Z|z|[+-]\d{2}(?::?\d{2})?)?)?$/;

export type InstantFault = 'not-iso' | 'no-such-time' | 'too-precise';

/**
 * Reads `YYYY-MM-DD`, `YYYY-MM-DD HH:MM[:SS[.fraction]]`, with `T` or a blank, with a zone or
 * without (then UTC). Calendar and clock are checked; a fraction beyond microseconds must be zeros.
 */
export function parseInstant(text: string): Instant | InstantFault {
  const match = ISO.exec(text);
  if (match === null) return 'not-iso';
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone] = match;
  const epochDays = daysFromCivil(Number(year), Number(month), Number(day));
  const seconds = clockSeconds(Number(hour), Number(minute), Number(second));
  const offset = offsetSeconds(zone);
  if (epochDays === null || seconds === null || offset === null) return 'no-such-time';
  if (/[1-9]/.test(fraction.slice(6))) return 'too-precise';
  const micros = Number(fraction.slice(0, 6).padEnd(6, '0'));
  return normalize(epochDays, (seconds - offset) * 1_000_000 + micros);
}

/** The instant so many milliseconds after 1970-01-01 UTC; null beyond what PostgreSQL holds. */
export function instantFromMilliseconds(milliseconds: bigint): Instant | null {
  const ofDay = ((milliseconds % DAY_MILLISECONDS) + DAY_MILLISECONDS) % DAY_MILLISECONDS;
  const epochDays = Number((milliseconds - ofDay) / DAY_MILLISECONDS);
  const { year } = civilFromDays(epochDays);
  if (!Number.isSafeInteger(epochDays) || year > MAX_YEAR || year < MIN_YEAR) return null;
  return { epochDays, microseconds: Number(ofDay) * 1000 };
}

/** `YYYY-MM-DD`, with ` BC` for years before 1. */
export function formatDate(epochDays: number): string {
  const { year, month, day } = civilFromDays(epochDays);
  const shownYear = String(year > 0 ? year : 1 - year).padStart(4, '0');
  return `${shownYear}-${pad2(month)}-${pad2(day)}${year > 0 ? '' : ' BC'}`;
}

/**
 * `YYYY-MM-DD HH:MM:SS[.ffffff]`, with `zone` (such as `+00`) between the time and ` BC`.
 */
export function formatTimestamp(instant: Instant, zone: string): string {
  const [date, era] = formatDate(instant.epochDays).split(' ');
  const seconds = Math.floor(instant.microseconds / 1_000_000);
  const fraction = instant.microseconds % 1_000_000;
  const clock = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const decimals = fraction === 0 ? '' : `.${String(fraction).padStart(6, '0')}`;
  return `${date} ${clock.map(pad2).join(':')}${decimals}${zone}${era === undefined ? '' : ' BC'}`;
}

function normalize(epochDays: number, microseconds: number): Instant {
  const shift = Math.floor(microseconds / DAY_MICROSECONDS);
  return {
    epochDays: epochDays + shift,
    microseconds: microseconds - shift * DAY_MICROSECONDS,
  };
}

function clockSeconds(hour: number, minute: number, second: number): number | null {
  if (hour > 23 || minute > 59 || second > 59) return null;
  return hour * 3600 + minute * 60 + second;
}

function offsetSeconds(zone: string | undefined): number | null {
  if (zone === undefined || zone === 'Z' || zone === 'z') return 0;
  const digits = zone.slice(1).replace(':', '');
  const hours = Number(digits.slice(0, 2));
  const minutes = Number(digits.slice(2) || '0');
  if (hours > 15 || minutes > 59) return null;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 3600 + minutes * 60);
}

function pad2(value: number): string {
  return String(value).padStart(2, '0');
}

/**
 * Days since 1970-01-01 in the proleptic Gregorian calendar; null when there is no such day. Year 0
 * is refused: ISO has it and PostgreSQL does not.
 *
 * Source: H. Hinnant, https://howardhinnant.github.io/date_algorithms.html#days_from_civil
 */
function daysFromCivil(year: number, month: number, day: number): number | null {
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null;
  const shifted = month > 2 ? year : year - 1;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra =
    yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

function daysInMonth(year: number, month: number): number {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
}

/** Source: H. Hinnant, https://howardhinnant.github.io/date_algorithms.html#civil_from_days */
function civilFromDays(epochDays: number): { year: number; month: number; day: number } {
  const shifted = epochDays + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthIndex = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * monthIndex + 2) / 5) + 1;
  const month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}
