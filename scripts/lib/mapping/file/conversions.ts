import * as z from 'zod';

import { didYouMean } from '../../model/nearest.ts';
import { POLICIES } from './policies.ts';
import { scalarSchema } from './scalars.ts';

/** Conversions that are a word, and what each does to a value that is not NULL. */
export const NAMED_CONVERSIONS = {
  trim: 'text loses the white space at both ends',
  empty_to_null: 'empty text becomes NULL',
  lower_case: 'text becomes lower case',
  text: 'numbers become text, and so do BLOBs that hold text in UTF-8',
  digits: 'numbers become text; BLOBs stay as they are, whatever they hold',
  json: 'BLOBs that hold JSON in UTF-8 become text; text that is not JSON is refused',
  json_string: 'text becomes the JSON string that says it, in quotes',
  base64: 'text is decoded to bytes',
  hex: 'text of hexadecimal digits is decoded to bytes',
  epoch_s: 'numbers, and text of digits, count seconds since 1970-01-01 UTC',
  epoch_ms: 'numbers, and text of digits, count milliseconds since 1970-01-01 UTC',
  epoch_us: 'numbers, and text of digits, count microseconds since 1970-01-01 UTC',
  julian_day: 'numbers, and text of digits, count days as SQLite’s julianday() does',
} as const;

/** Conversions that are an object with one key, and what each does to a value that is not NULL. */
export const PARAMETER_CONVERSIONS = {
  values: 'a value that is listed, written as text, becomes another; the others stay as they are',
  if_null: 'NULL becomes this value',
  uuid_v5:
    'text or a whole number becomes a UUID, the same each time; foreign keys to the column follow',
  time_zone: 'a time as text without a zone is in this one, and not in UTC',
  date_format: 'text is a date or a time in this form, or else in ISO 8601',
} as const;

type Name = keyof typeof NAMED_CONVERSIONS;
type Parameter = keyof typeof PARAMETER_CONVERSIONS;

const parameterSchemas = {
  values: z.record(z.string(), scalarSchema).describe(PARAMETER_CONVERSIONS.values),
  if_null: scalarSchema.describe(PARAMETER_CONVERSIONS.if_null),
  uuid_v5: z
    .string()
    .describe(
      `${PARAMETER_CONVERSIONS.uuid_v5}. Names the namespace: a name of "namespaces", a UUID, or dns, url, oid or x500`,
    ),
  time_zone: z.string().describe(`${PARAMETER_CONVERSIONS.time_zone}; such as Europe/Berlin`),
  date_format: z
    .string()
    .describe(`${PARAMETER_CONVERSIONS.date_format}; such as DD.MM.YYYY HH:mm:ss`),
} as const satisfies Record<Parameter, z.ZodType>;

/** A conversion that is a word. */
export const namedConversionSchema = z.enum(Object.keys(NAMED_CONVERSIONS) as Name[]);

const explained = {
  error: ({ input }: z.core.$ZodRawIssue): string => conversionFault(input),
};

/** One conversion, as a mapping file has it. */
export const conversionSchema = z
  .union(
    [
      namedConversionSchema,
      z.strictObject({ values: parameterSchemas.values }, explained),
      z.strictObject({ if_null: parameterSchemas.if_null }, explained),
      z.strictObject({ uuid_v5: parameterSchemas.uuid_v5 }, explained),
      z.strictObject({ time_zone: parameterSchemas.time_zone }, explained),
      z.strictObject({ date_format: parameterSchemas.date_format }, explained),
    ],
    explained,
  )
  .meta({ id: 'conversion' });

export type Conversion = z.infer<typeof conversionSchema>;

const ALL_NAMES = [...Object.keys(NAMED_CONVERSIONS), ...Object.keys(PARAMETER_CONVERSIONS)];

/** What is wrong with something that is no conversion. */
function conversionFault(input: unknown): string {
  if (typeof input === 'string') return nameFault(input);
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    return 'a conversion is a word, such as "trim", or an object, such as {"if_null": 0}';
  }
  const [name, ...others] = Object.keys(input);
  if (name === undefined) return 'an empty object is no conversion';
  if (others.length > 0) {
    const list = [name, ...others].map((key) => `{"${key}": …}`).join(', ');
    return `several conversions in one object have no order: write a list, [${list}]`;
  }
  if (!isParameter(name)) return nameFault(name);
  const [issue] = parameterSchemas[name].safeParse(Object.values(input)[0]).error?.issues ?? [];
  const inside = (issue?.path ?? []).map(
    (key) => `; ${JSON.stringify(key)} ${issue?.message ?? ''}`,
  );
  return `${name} takes ${TAKES[name]}${inside.join('')}`;
}

function nameFault(name: string): string {
  if (isParameter(name)) return `${name} takes ${TAKES[name]}: {"${name}": …}`;
  if (ALL_NAMES.includes(name)) return `${name} takes nothing: write "${name}"`;
  if (Object.hasOwn(POLICIES, name)) return `${name} is a policy: write "policies": ["${name}"]`;
  return `there is no conversion ${name}${didYouMean(name, ALL_NAMES)}`;
}

const TAKES: Readonly<Record<Parameter, string>> = {
  values: 'an object from old values to new ones',
  if_null: 'text, a number, true or false',
  uuid_v5: 'the name of a namespace, or a UUID, as text',
  time_zone: 'the name of a zone as text',
  date_format: 'a pattern as text',
};

function isParameter(name: string): name is Parameter {
  return Object.hasOwn(PARAMETER_CONVERSIONS, name);
}
