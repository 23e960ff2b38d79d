import {
  formatDate,
  formatOffset,
  formatTime,
  formatTimestamp,
  hasDecimals,
  isDateDay,
  isTimestampDay,
  roundInstant,
  roundMicroseconds,
  type Instant,
} from '../instant.ts';
import { zoneClock } from '../time-zone.ts';
import type { WallClock } from '../wall-clock.ts';
import { Misfit, type ClassConverters, type ConversionContext, type Remedy } from './converter.ts';
import { PLAIN_NUMBER, instantOfNumber } from './time-numbers.ts';
import { instantOfWallClock, timeReader } from './time-texts.ts';

/** What the types of time do with a moment and with what a text shows. */
interface TimeKind {
  readonly accepts: 'dates' | 'dates and times';
  readonly ofInstant: (instant: Instant) => string | Misfit;
  readonly ofWallClock: (wall: WallClock) => string | Misfit;
}

/** Numbers are moments in the column's unit, TEXT is a clock's face. */
function timeConverters(context: ConversionContext, kind: TimeKind): ClassConverters {
  const { timeUnit, readsNumericText } = context;
  const read = timeReader(context, kind.accepts);
  const number = (value: bigint | number | string): string | Misfit => {
    const instant = instantOfNumber(value, timeUnit);
    return instant instanceof Misfit ? instant : kind.ofInstant(instant);
  };
  const text = (value: string): string | Misfit => {
    const wall = read(value);
    if (!(wall instanceof Misfit)) return kind.ofWallClock(wall);
    return readsNumericText && PLAIN_NUMBER.test(value) ? number(value) : wall;
  };
  return { integer: number, real: number, text, blob: null };
}

const OUT_OF_RANGE = new Misfit('value-range', 'is out of range for the type');

/**
 * timestamp and timestamptz: a moment. timestamp has its clock in UTC, which is how Prisma reads it.
 *
 * @param decimals the type's precision, 0 to 6
 */
export function timestampConverters(
  withZone: boolean,
  decimals: number,
  context: ConversionContext,
): ClassConverters {
  const zone = withZone ? '+00' : '';
  const write = (instant: Instant): string | Misfit =>
    isTimestampDay(instant.epochDays) ? formatTimestamp(instant, zone) : OUT_OF_RANGE;
  const ofInstant = (instant: Instant): string | Misfit =>
    hasDecimals(instant, decimals) || !isTimestampDay(instant.epochDays)
      ? write(instant)
      : tooPrecise(decimals, () => write(roundInstant(instant, decimals)));
  return timeConverters(context, {
    accepts: 'dates',
    ofInstant,
    ofWallClock: (wall) => {
      const instant = instantOfWallClock(wall, context.timeZone);
      return instant instanceof Misfit ? instant : ofInstant(instant);
    },
  });
}

function tooPrecise(decimals: number, apply: Remedy['apply']): Misfit {
  const reason = `would be rounded to ${decimals} decimals of a second`;
  return new Misfit('value-precision', reason, { policy: 'round', apply });
}

/**
 * date: the day of a text that names no zone, as it stands there; the day in UTC of everything else,
 * which must be midnight.
 */
export function dateConverters(context: ConversionContext): ClassConverters {
  return timeConverters(context, {
    accepts: 'dates',
    ofInstant: dayOfInstant,
    ofWallClock: (wall) => {
      const instant = instantOfWallClock(wall, 'UTC');
      return instant instanceof Misfit ? instant : dayOfInstant(instant);
    },
  });
}

function dayOfInstant({ epochDays, microseconds, excess }: Instant): string | Misfit {
  if (!isDateDay(epochDays)) return OUT_OF_RANGE;
  if (microseconds === 0 && excess === '') return formatDate(epochDays);
  const reason = 'has a time of day, which a date would lose';
  const truncate: Remedy = { policy: 'truncate', apply: () => formatDate(epochDays) };
  return new Misfit('value-precision', reason, truncate);
}

/**
 * time: a time of day without a zone, 24:00 included; of a moment, its time in UTC, and it must be on
 * 1970-01-01, the day that Prisma gives to a time.
 *
 * @param decimals the type's precision, 0 to 6
 */
export function timeOfDayConverters(decimals: number, context: ConversionContext): ClassConverters {
  const write = (time: Omit<Instant, 'epochDays'>): string | Misfit =>
    writeTimeOfDay(time, decimals, '');
  const ofInstant = (instant: Instant): string | Misfit => ofFirstDay(instant, write);
  return timeConverters(context, {
    accepts: 'dates and times',
    ofInstant,
    ofWallClock: (wall) => {
      const { epochDays, microseconds, excess, offsetSeconds } = wall;
      if (epochDays !== null) {
        const instant = instantOfWallClock(wall, 'UTC');
        return instant instanceof Misfit ? instant : ofInstant(instant);
      }
      if (offsetSeconds !== null) {
        return new Misfit('value-precision', 'names a zone, which time would lose');
      }
      return write({ microseconds: microseconds ?? 0, excess });
    },
  });
}

/**
 * timetz: a time of day with the offset that a text names; of a moment, its time in UTC, and it must
 * be on 1970-01-01. Text without an offset is UTC where the column's zone is.
 *
 * @param decimals the type's precision, 0 to 6
 */
export function zonedTimeConverters(decimals: number, context: ConversionContext): ClassConverters {
  const { timeZone } = context;
  const ofInstant = (instant: Instant): string | Misfit =>
    ofFirstDay(instant, (time) => writeTimeOfDay(time, decimals, '+00'));
  return timeConverters(context, {
    accepts: 'dates and times',
    ofInstant,
    ofWallClock: (wall) => {
      const { epochDays, microseconds, excess, offsetSeconds } = wall;
      if (epochDays !== null) {
        const instant = instantOfWallClock(wall, timeZone);
        return instant instanceof Misfit ? instant : ofInstant(instant);
      }
      if (offsetSeconds === null && !zoneClock(timeZone).isUtc) {
        return new Misfit(
          'value-format',
          `names neither a zone nor the day to know that of ${timeZone} by`,
        );
      }
      const zone = formatOffset(offsetSeconds ?? 0);
      return writeTimeOfDay({ microseconds: microseconds ?? 0, excess }, decimals, zone);
    },
  });
}

function ofFirstDay(
  { epochDays, microseconds, excess }: Instant,
  write: (time: Omit<Instant, 'epochDays'>) => string | Misfit,
): string | Misfit {
  const time = (): string | Misfit => write({ microseconds, excess });
  if (epochDays === 0) return time();
  const reason = 'is on another day than 1970-01-01, which a time would lose';
  return new Misfit('value-precision', reason, { policy: 'truncate', apply: time });
}

function writeTimeOfDay(
  time: Omit<Instant, 'epochDays'>,
  decimals: number,
  zone: string,
): string | Misfit {
  if (hasDecimals(time, decimals)) return `${formatTime(time.microseconds)}${zone}`;
  // The last moments of the day become 24:00, as PostgreSQL makes them.
  return tooPrecise(
    decimals,
    () => `${formatTime(roundMicroseconds(time, decimals, true))}${zone}`,
  );
}
