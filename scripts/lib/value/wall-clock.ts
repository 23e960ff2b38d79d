import { daysFromCivil } from './calendar.ts';

/** What a text says of calendar and clock, before it is known which moment that was. */
export interface WallClock {
  /** Days since 1970-01-01; null when it names no day. */
  readonly epochDays: number | null;
  /** Microseconds since midnight, 86 400 000 000 for 24:00; null when it names no time of day. */
  readonly microseconds: number | null;
  /** Digits of the second after the sixth decimal, without zeros at the end. */
  readonly excess: string;
  /** Seconds east of UTC; null when it names no zone. */
  readonly offsetSeconds: number | null;
}

/** Null: the text is not in the form. */
export type ReadTime = WallClock | 'no-such-time' | null;

/** The parts as they are written, digits checked; a year may have a sign, an offset may be `Z`. */
export interface ClockParts {
  readonly year?: string | undefined;
  readonly month?: string | undefined;
  readonly day?: string | undefined;
  readonly hour?: string | undefined;
  readonly minute?: string | undefined;
  readonly second?: string | undefined;
  readonly fraction?: string | undefined;
  readonly offset?: string | undefined;
}

const CLOCK = String.raw`(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?`;
const OFFSET = String.raw`\s?(Z|z|[+-]\d{2}(?::?\d{2}(?::\d{2})?)?)?`;
const ISO_DATE = new RegExp(
  String.raw`^([+-]\d{6}|\d{4})-(\d{2})-(\d{2})(?:[T ]${CLOCK}${OFFSET})?$`,
);
const ISO_TIME = new RegExp(`^${CLOCK}${OFFSET}$`);

/**
 * Reads `YYYY-MM-DD`, `YYYY-MM-DD HH:MM[:SS[.fraction]]`, with `T` or a blank, with a zone or without.
 * Years beyond 9999 and before 0 are written as JavaScript does, `+012024` and `-000001`.
 */
export function readIsoDate(text: string): ReadTime {
  const match = ISO_DATE.exec(text);
  if (match === null) return null;
  const [, year, month, day, hour, minute, second, fraction, offset] = match;
  return wallClock({ year, month, day, hour, minute, second, fraction, offset });
}

/** Reads `HH:MM[:SS[.fraction]]`, with a zone or without. */
export function readIsoTime(text: string): ReadTime {
  const match = ISO_TIME.exec(text);
  if (match === null) return null;
  const [, hour, minute, second, fraction, offset] = match;
  return wallClock({ hour, minute, second, fraction, offset });
}

/** Checks calendar and clock. 24:00 is the end of a day; a 60th second is not there. */
export function wallClock(parts: ClockParts): WallClock | 'no-such-time' {
  const epochDays = parts.year === undefined ? null : dayOf(parts);
  const seconds = parts.hour === undefined ? null : secondsOf(parts);
  const offsetSeconds = parts.offset === undefined ? null : offsetOf(parts.offset);
  const { fraction = '' } = parts;
  if (epochDays === undefined || seconds === undefined || offsetSeconds === undefined) {
    return 'no-such-time';
  }
  if (seconds === null) return { epochDays, microseconds: null, excess: '', offsetSeconds };
  const excess = fraction.slice(6).replace(/0+$/, '');
  const microseconds = seconds * 1_000_000 + Number(fraction.slice(0, 6).padEnd(6, '0'));
  if (microseconds > DAY_MICROSECONDS || (microseconds === DAY_MICROSECONDS && excess !== '')) {
    return 'no-such-time';
  }
  return { epochDays, microseconds, excess, offsetSeconds };
}

const DAY_MICROSECONDS = 86_400_000_000;

function dayOf({ year = '', month, day }: ClockParts): number | undefined {
  if (year === '-000000') return undefined;
  return daysFromCivil(Number(year), Number(month), Number(day)) ?? undefined;
}

function secondsOf({ hour, minute = '0', second = '0' }: ClockParts): number | undefined {
  if (Number(minute) > 59 || Number(second) > 59) return undefined;
  return Number(hour) * 3600 + Number(minute) * 60 + Number(second);
}

/** PostgreSQL takes offsets below 16 hours. */
function offsetOf(offset: string): number | undefined {
  if (offset === 'Z' || offset === 'z') return 0;
  const digits = offset.slice(1).replaceAll(':', '').padEnd(6, '0');
  const [hours = 0, minutes = 0, seconds = 0] = (digits.match(/../g) ?? []).map(Number);
  if (hours > 15 || minutes > 59 || seconds > 59) return undefined;
  return (offset.startsWith('-') ? -1 : 1) * (hours * 3600 + minutes * 60 + seconds);
}
