import {
  formatDuration,
  isWithinInterval,
  parseDuration,
  timeIn,
  type Duration,
} from '../duration.ts';
import { Misfit, type ClassConverters, type ConversionContext } from './converter.ts';
import { PLAIN_NUMBER, microsecondsOf } from './time-numbers.ts';

/** What an interval column keeps. */
export interface IntervalLimits {
  /** Decimals of a second, 0 to 6. */
  readonly decimals: number;
  /** Its smallest field: `interval day to minute` has minutes. */
  readonly leastField: 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second';
}

/** interval: ISO 8601 durations and PostgreSQL's own form; numbers only where their unit is known. */
export function intervalConverters(
  limits: IntervalLimits,
  context: ConversionContext,
): ClassConverters {
  const number = (value: bigint | number | string): string | Misfit => {
    const microseconds = microsecondsOf(value, context.timeUnit);
    if (microseconds instanceof Misfit) return microseconds;
    const { whole, rest } = microseconds;
    const time = whole * 10n ** BigInt(rest.length) + BigInt(rest);
    return write({ months: 0n, days: 0n, time, decimals: 6 + rest.length }, limits);
  };
  const text = (value: string): string | Misfit => {
    const duration = parseDuration(value);
    if (duration !== null) return write(duration, limits);
    if (context.readsNumericText && PLAIN_NUMBER.test(value)) return number(value);
    return new Misfit('value-format', 'is neither an ISO 8601 duration nor an interval');
  };
  return { integer: number, real: number, text, blob: null };
}

function write(duration: Duration, limits: IntervalLimits): string | Misfit {
  const cut = truncated(duration, limits.leastField);
  if (cut !== null) {
    const reason = `has parts below a ${limits.leastField}, which the type would lose`;
    return new Misfit('value-precision', reason, {
      policy: 'truncate',
      apply: () => write(cut, limits),
    });
  }
  const { isExact, rounded } = timeIn(duration, 1n, limits.decimals);
  const microseconds = rounded * 10n ** BigInt(6 - limits.decimals);
  const written = isWithinInterval(duration, microseconds)
    ? formatDuration(duration.months, duration.days, microseconds)
    : new Misfit('value-range', 'is out of range for interval');
  if (isExact || written instanceof Misfit) return written;
  const reason = `would be rounded to ${limits.decimals} decimals of a second`;
  return new Misfit('value-precision', reason, { policy: 'round', apply: () => written });
}

/** Without what is below the least field; null when nothing is. */
function truncated(duration: Duration, leastField: IntervalLimits['leastField']): Duration | null {
  const { months, days, time } = duration;
  switch (leastField) {
    case 'second':
      return null;
    case 'minute':
      return truncatedTime(duration, 60n);
    case 'hour':
      return truncatedTime(duration, 3600n);
    case 'day':
      return time === 0n ? null : { ...duration, time: 0n };
    case 'month':
      return time === 0n && days === 0n ? null : { ...duration, time: 0n, days: 0n };
    case 'year':
      return time === 0n && days === 0n && months % 12n === 0n
        ? null
        : { months: months - (months % 12n), days: 0n, time: 0n, decimals: 0 };
    default:
      return leastField satisfies never;
  }
}

function truncatedTime(duration: Duration, unitSeconds: bigint): Duration | null {
  const { isExact, truncated } = timeIn(duration, unitSeconds, 0);
  return isExact ? null : { ...duration, time: truncated * unitSeconds, decimals: 0 };
}
