import type { StorageClass } from '../model/values.ts';

/** What one family of PostgreSQL types takes of each storage class; null where it refuses all values of it. */
export interface TypeFamily {
  /** `pg_type.typname` of its members; `enum` and `array` stand for every enum and every array. */
  readonly typeNames: readonly string[];
  /** As they are written in a schema. */
  readonly title: string;
  readonly takes: Readonly<Record<Exclude<StorageClass, 'null'>, string | null>>;
  /** The codes of what it refuses, `value-class` and, of malformed text, `value-encoding` apart. */
  readonly refusals: readonly string[];
}

/**
 * What `value/convert/index.ts` does, in words. A test tries each word and each code against the
 * converters.
 */
export const TYPE_FAMILIES: readonly TypeFamily[] = [
  {
    typeNames: ['int2', 'int4', 'int8'],
    title: '`smallint`, `integer`, `bigint`',
    takes: {
      integer: 'within 16, 32 or 64 bits',
      real: 'a whole number up to 2^53',
      text: 'an integer in plain digits',
      blob: null,
    },
    refusals: ['value-range', 'value-precision', 'value-format'],
  },
  {
    typeNames: ['float4'],
    title: '`real`',
    takes: {
      integer: 'where 32 bits hold it exactly',
      real: 'where 32 bits hold it exactly',
      text: 'as for `double precision`, where 32 bits hold that exactly',
      blob: null,
    },
    refusals: ['value-range', 'value-precision', 'value-format'],
  },
  {
    typeNames: ['float8'],
    title: '`double precision`',
    takes: {
      integer: 'where a double holds it exactly',
      real: 'every value, to the last bit',
      text: 'a decimal number with no more digits than the double that it reads as',
      blob: null,
    },
    refusals: ['value-range', 'value-precision', 'value-format'],
  },
  {
    typeNames: ['numeric'],
    title: '`numeric`, `numeric(p,s)`',
    takes: {
      integer: 'within the precision',
      real: 'its shortest decimal form, not rounded; infinity only without `(p,s)` and since PostgreSQL 14',
      text: 'a decimal number, with an exponent or without, not rounded',
      blob: null,
    },
    refusals: ['value-range', 'value-precision', 'value-format'],
  },
  {
    typeNames: ['bool'],
    title: '`boolean`',
    takes: {
      integer: '0 and 1',
      real: null,
      text: 'true, t, yes, false, f, no, in any case',
      blob: null,
    },
    refusals: ['value-format'],
  },
  {
    typeNames: ['text', 'varchar', 'bpchar', 'citext'],
    title: '`text`, `varchar(n)`, `char(n)`, `citext`',
    takes: {
      integer: 'its digits',
      real: null,
      text: 'well-formed, without U+0000, up to n characters (blanks at the end count)',
      blob: null,
    },
    refusals: ['value-length', 'value-nul'],
  },
  {
    typeNames: ['bytea'],
    title: '`bytea`',
    takes: {
      integer: null,
      real: null,
      text: 'its bytes in UTF-8; malformed text its bytes in the source',
      blob: 'every value',
    },
    refusals: [],
  },
  {
    typeNames: ['uuid'],
    title: '`uuid`',
    takes: {
      integer: null,
      real: null,
      text: '32 digits in any case, with or without hyphens, in braces, with `urn:uuid:`',
      blob: '16 bytes',
    },
    refusals: ['value-format'],
  },
  {
    typeNames: ['timestamp', 'timestamptz'],
    title: '`timestamp`, `timestamptz`',
    takes: {
      integer: 'a time in the unit of the column; 0 in any',
      real: 'the same, by its shortest decimal form',
      text: 'ISO 8601; in the zone of the column where it names none; no more decimals than the type has',
      blob: null,
    },
    refusals: ['value-range', 'value-precision', 'value-format', 'value-unit'],
  },
  {
    typeNames: ['date'],
    title: '`date`',
    takes: {
      integer: 'as for `timestamp`, midnight UTC only',
      real: 'as for `timestamp`, midnight UTC only',
      text: 'ISO 8601: a day, or midnight; of a text with a zone, midnight UTC',
      blob: null,
    },
    refusals: ['value-range', 'value-precision', 'value-format', 'value-unit'],
  },
  {
    typeNames: ['time', 'timetz'],
    title: '`time`, `timetz`',
    takes: {
      integer: 'as for `timestamp`, on 1970-01-01 only',
      real: 'as for `timestamp`, on 1970-01-01 only',
      text: '`HH:MM[:SS[.fraction]]`, `24:00` included, for `timetz` with an offset; ISO 8601 on 1970-01-01',
      blob: null,
    },
    refusals: ['value-range', 'value-precision', 'value-format', 'value-unit'],
  },
  {
    typeNames: ['interval'],
    title: '`interval`',
    takes: {
      integer: 'where the mapping says the unit; 0 in any',
      real: 'where the mapping says the unit; 0 in any',
      text: 'ISO 8601 durations such as `P1DT2H`; `1 year 2 mons -3 days 04:05:06.7`',
      blob: null,
    },
    refusals: ['value-range', 'value-precision', 'value-format', 'value-unit'],
  },
  {
    typeNames: ['json', 'jsonb'],
    title: '`json`, `jsonb`',
    takes: {
      integer: 'as a number',
      real: 'as a number, not infinity',
      text: String.raw`valid JSON without \u0000 and lone surrogates; for jsonb, numbers that numeric holds`,
      blob: null,
    },
    refusals: ['value-range', 'value-format', 'value-nul'],
  },
  {
    typeNames: ['inet', 'cidr'],
    title: '`inet`, `cidr`',
    takes: {
      integer: null,
      real: null,
      text: 'an IPv4 or IPv6 address in full, with a prefix length or without; for `cidr` no bits after it',
      blob: null,
    },
    refusals: ['value-format'],
  },
  {
    typeNames: ['macaddr'],
    title: '`macaddr`',
    takes: {
      integer: null,
      real: null,
      text: 'six bytes, with colons, hyphens, points or nothing between them',
      blob: null,
    },
    refusals: ['value-format'],
  },
  {
    typeNames: ['enum'],
    title: 'an enum',
    takes: { integer: null, real: null, text: 'exactly one of its labels', blob: null },
    refusals: ['value-label'],
  },
  {
    typeNames: ['array'],
    title: 'an array of these',
    takes: {
      integer: null,
      real: null,
      text: 'a JSON array, each element as its type takes it or refuses it; null as NULL; arrays of arrays of one length as dimensions',
      blob: null,
    },
    refusals: ['value-format'],
  },
];
