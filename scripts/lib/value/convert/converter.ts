import type { SourceEncoding } from '../../model/source-catalog.ts';
import { MalformedText, type SqliteValue } from '../../model/values.ts';

export type NonNullValue = Exclude<SqliteValue, null>;

export type MisfitCode =
  | 'value-class'
  | 'value-range'
  | 'value-format'
  | 'value-length'
  | 'value-precision'
  | 'value-nul'
  | 'value-encoding'
  | 'value-label'
  | 'value-unit';

/** What a mapping may allow for values that do not fit and that can be made to. */
export type MisfitPolicy = 'strip_nul' | 'replace_invalid_utf8' | 'round' | 'truncate';

/** How a value that does not fit can be made to fit. */
export interface Remedy {
  readonly policy: MisfitPolicy;
  /** The target's text; or another misfit, which may have a remedy of its own. */
  readonly apply: () => string | Misfit;
}

/** Why a value cannot become one of the target's type. */
export class Misfit {
  readonly code: MisfitCode;
  /** Follows the value in a sentence: "is out of range". */
  readonly reason: string;
  /** Nothing applies it unless a mapping names its policy. */
  readonly remedy: Remedy | undefined;

  constructor(code: MisfitCode, reason: string, remedy?: Remedy) {
    this.code = code;
    this.reason = reason;
    this.remedy = remedy;
  }
}

/**
 * Turns a value into PostgreSQL's text input for one target type, exactly, or says why it cannot.
 * The text is not yet escaped for COPY.
 */
export type Converter = (value: NonNullValue) => string | Misfit;

/** Units of numbers that count from 1970-01-01 00:00 UTC: seconds, milliseconds, microseconds. */
export type EpochUnit = 's' | 'ms' | 'us';

/** `julian_day` counts days, with a fraction, from noon of 24 November 4714 BC (proleptic Gregorian). */
export type TimeUnit = EpochUnit | 'julian_day';

/** What a conversion has to know beyond the target's type. */
export interface ConversionContext {
  /** What numbers in a time column count; null: nothing says so, and all but 0 are refused. */
  readonly timeUnit: TimeUnit | null;
  /** Text of digits is such a number too: only where somebody has said the unit for the column. */
  readonly readsNumericText: boolean;
  /** IANA name of the zone of text that names none. */
  readonly timeZone: string;
  /** Pattern of text that is not ISO 8601 (see `parseDateFormat`); null: ISO 8601 only. */
  readonly dateFormat: string | null;
  /** Of the source: what the bytes of malformed text are in. */
  readonly sourceEncoding: SourceEncoding;
  /** `server_version_num` of the target. */
  readonly serverVersion: number;
}

/** What one type makes of the values of each storage class; null: it takes none of that class. */
export interface ClassConverters {
  readonly integer: ((value: bigint) => string | Misfit) | null;
  readonly real: ((value: number) => string | Misfit) | null;
  readonly text: ((value: string) => string | Misfit) | null;
  readonly blob: ((value: Uint8Array) => string | Misfit) | null;
  /** TEXT that is not valid in the source's encoding: refused where a type does not say otherwise. */
  readonly malformedText?: (value: MalformedText) => string | Misfit;
}

/** The converter of a type, named as it is shown to people. */
export function byClass(typeName: string, converters: ClassConverters): Converter {
  const { integer, real, text, blob, malformedText = refuseMalformedText } = converters;
  return (value) => {
    switch (typeof value) {
      case 'bigint':
        return integer === null ? wrongClass(value, typeName) : integer(value);
      case 'number':
        return real === null ? wrongClass(value, typeName) : real(value);
      case 'string':
        return text === null ? wrongClass(value, typeName) : text(value);
      case 'object':
        if (value instanceof MalformedText) return malformedText(value);
        return blob === null ? wrongClass(value, typeName) : blob(value);
      default:
        return value satisfies never;
    }
  };
}

function refuseMalformedText(): Misfit {
  return malformedTextMisfit();
}

/** The misfit of TEXT whose bytes are no text. */
export function malformedTextMisfit(remedy?: Remedy): Misfit {
  const reason = 'is not valid text in the encoding of the database';
  return new Misfit('value-encoding', reason, remedy);
}

/** The misfit of a storage class that the type does not take. */
export function wrongClass(value: NonNullValue, typeName: string): Misfit {
  return new Misfit('value-class', `is ${classOf(value)}, which ${typeName} does not take`);
}

function classOf(value: NonNullValue): string {
  switch (typeof value) {
    case 'bigint':
      return 'INTEGER';
    case 'number':
      return 'REAL';
    case 'string':
      return 'TEXT';
    case 'object':
      return value instanceof MalformedText ? 'malformed TEXT' : 'a BLOB';
    default:
      return value satisfies never;
  }
}
