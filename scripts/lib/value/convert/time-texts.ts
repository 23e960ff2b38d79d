import { addSeconds, DAY_MICROSECONDS, type Instant } from '../instant.ts';
import { zoneClock } from '../time-zone.ts';
import { readIsoDate, readIsoTime, type ReadTime, type WallClock } from '../wall-clock.ts';
import { Misfit, type ConversionContext } from './converter.ts';
import { parseDateFormat, type DateFormat } from './date-format.ts';

const NO_SUCH_TIME = new Misfit('value-range', 'is no day or time that there is');

/** Reads TEXT as a day, a time of day or both. */
export type TimeReader = (value: string) => WallClock | Misfit;

/** Makes the reader for the column's date format, where it has one, and ISO 8601. */
export function timeReader(
  context: ConversionContext,
  accepts: 'dates' | 'dates and times',
): TimeReader {
  const format = formatOf(context);
  const readIso = (value: string): ReadTime =>
    readIsoDate(value) ?? (accepts === 'dates' ? null : readIsoTime(value));
  const expected = accepts === 'dates' ? 'ISO 8601 date' : 'ISO 8601 date or time';
  const orFormat = context.dateFormat === null ? '' : ` and not like ${context.dateFormat}`;
  return (value) => {
    const read = format?.read(value) ?? readIso(value);
    if (read === 'no-such-time') return NO_SUCH_TIME;
    if (read !== null && (accepts === 'dates and times' || read.epochDays !== null)) return read;
    return new Misfit('value-format', `is not an ${expected}${orFormat}`);
  };
}

function formatOf({ dateFormat }: ConversionContext): DateFormat | null {
  if (dateFormat === null) return null;
  const format = parseDateFormat(dateFormat);
  if (typeof format === 'string') throw new Error(format);
  return format;
}

/** The moment at which a clock showed this: by the zone that the text names, else by the column's. */
export function instantOfWallClock(wall: WallClock, timeZone: string): Instant | Misfit {
  const { epochDays, microseconds, excess, offsetSeconds } = wall;
  if (epochDays === null) return new Misfit('value-format', 'names no day');
  // 24:00 is the next day's 0:00, which is written so.
  if (microseconds === DAY_MICROSECONDS) return NO_SUCH_TIME;
  const reading = { epochDays, microseconds: microseconds ?? 0, excess };
  const offset = offsetSeconds ?? zoneClock(timeZone).offsetOf(reading);
  switch (offset) {
    case 'gap':
      return new Misfit('value-range', `is skipped by the clocks of ${timeZone}`);
    case 'overlap':
      return new Misfit('value-format', `stands for two times in ${timeZone}`);
    case 'beyond-zone':
      return new Misfit('value-range', `is out of range for the clocks of ${timeZone}`);
    default:
      return offset === 0 ? reading : addSeconds(reading, -offset);
  }
}
