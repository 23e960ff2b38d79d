import type { StorageClass } from '../model/values.ts';

/** What one family of PostgreSQL types takes of each storage class; null where it refuses all values of it. */
export interface TypeFamily {
  /** `pg_type.typname` of its members; `enum` stands for every enum. */
  readonly typeNames: readonly string[];
  /** As they are written in a schema. */
  readonly title: string;
  readonly takes: Readonly<Record<Exclude<StorageClass, 'null'>, string | null>>;
}

/** What `value/convert` does, in words. A test tries each word against the converters. */
export const TYPE_FAMILIES: readonly TypeFamily[] = [
  {
    typeNames: ['int2', 'int4', 'int8'],
    title: '`smallint`, `integer`, `bigint`',
    takes: {
      integer: 'within 16, 32 or 64 bits',
      real: 'a whole number up to 2^53',
      text: null,
      blob: null,
    },
  },
  {
    typeNames: ['float8'],
    title: '`double precision`',
    takes: {
      integer: 'where a double holds it exactly',
      real: 'every value, to the last bit',
      text: null,
      blob: null,
    },
  },
  {
    typeNames: ['numeric'],
    title: '`numeric`, `numeric(p,s)`',
    takes: {
      integer: 'within the precision',
      real: 'its shortest decimal form, not rounded; infinity only without `(p,s)`',
      text: 'a plain decimal number, not rounded',
      blob: null,
    },
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
  },
  {
    typeNames: ['text', 'varchar', 'bpchar'],
    title: '`text`, `varchar(n)`, `char(n)`',
    takes: {
      integer: 'its digits',
      real: null,
      text: 'well-formed, without U+0000, up to n characters',
      blob: null,
    },
  },
  {
    typeNames: ['timestamp', 'timestamptz'],
    title: '`timestamp`, `timestamptz`',
    takes: {
      integer: 'milliseconds since 1970, in a source that Prisma Migrate managed',
      real: null,
      text: 'ISO 8601; UTC where it names no zone; no more decimals than the type has',
      blob: null,
    },
  },
  {
    typeNames: ['date'],
    title: '`date`',
    takes: {
      integer: 'as for `timestamp`, midnight UTC only',
      real: null,
      text: 'ISO 8601, a day or midnight UTC only',
      blob: null,
    },
  },
  {
    typeNames: ['json', 'jsonb'],
    title: '`json`, `jsonb`',
    takes: {
      integer: 'as a number',
      real: 'as a number, not infinity',
      text: String.raw`valid JSON without \u0000 and lone surrogates`,
      blob: null,
    },
  },
  {
    typeNames: ['bytea'],
    title: '`bytea`',
    takes: { integer: null, real: null, text: 'its bytes', blob: 'every value' },
  },
  {
    typeNames: ['uuid'],
    title: '`uuid`',
    takes: {
      integer: null,
      real: null,
      text: '32 digits, with or without hyphens and braces, in any case',
      blob: '16 bytes',
    },
  },
  {
    typeNames: ['enum'],
    title: 'an enum',
    takes: { integer: null, real: null, text: 'exactly one of its labels', blob: null },
  },
];
