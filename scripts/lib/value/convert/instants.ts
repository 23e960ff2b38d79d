import {
  formatDate,
  formatTimestamp,
  instantFromMilliseconds,
  parseInstant,
  type Instant,
  type InstantFault,
} from '../instant.ts';
import {
  Misfit,
  wrongClass,
  type ConversionContext,
  type Converter,
  type NonNullValue,
} from './converter.ts';

/**
 * timestamp and timestamptz: ISO text (UTC where it names no zone), and milliseconds since 1970 in a
 * database that Prisma made.
 *
 * @param decimals the type's precision, 0 to 6
 */
export function timestampConverter(
  withZone: boolean,
  decimals: number,
  context: ConversionContext,
): Converter {
  const unit = 10 ** (6 - decimals);
  return (value) => {
    const instant = toInstant(value, withZone ? 'timestamptz' : 'timestamp', context);
    if (instant instanceof Misfit) return instant;
    if (instant.microseconds % unit !== 0) {
      return new Misfit('value-precision', `would be rounded to ${decimals} decimals of a second`);
    }
    return formatTimestamp(instant, withZone ? '+00' : '');
  };
}

/** date: a calendar day, or a time of exactly midnight UTC. */
export function dateConverter(context: ConversionContext): Converter {
  return (value) => {
    const instant = toInstant(value, 'date', context);
    if (instant instanceof Misfit) return instant;
    if (instant.microseconds !== 0) {
      return new Misfit('value-precision', 'has a time of day, which a date would lose');
    }
    return formatDate(instant.epochDays);
  };
}

const FAULTS: Readonly<Record<InstantFault, Misfit>> = {
  'not-iso': new Misfit('value-format', 'is not an ISO 8601 date or time'),
  'no-such-time': new Misfit('value-range', 'is no day or time that there is'),
  'too-precise': new Misfit('value-precision', 'has more than 6 decimals of a second'),
};

function toInstant(
  value: NonNullValue,
  typeName: string,
  context: ConversionContext,
): Instant | Misfit {
  if (typeof value === 'string') {
    const instant = parseInstant(value);
    return typeof instant === 'string' ? FAULTS[instant] : instant;
  }
  if (typeof value !== 'bigint') return wrongClass(value, typeName);
  if (!context.madeByPrisma) {
    return new Misfit(
      'value-unit',
      'is an integer, and nothing says whether it counts seconds, milliseconds or microseconds',
    );
  }
  return (
    instantFromMilliseconds(value) ?? new Misfit('value-range', `is out of range for ${typeName}`)
  );
}
