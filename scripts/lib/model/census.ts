import * as z from 'zod';

const count = z.number().int().nonnegative();

const integerCensusSchema = z
  .object({
    count,
    minimum: z.string().describe('64-bit integer as text'),
    maximum: z.string().describe('64-bit integer as text'),
    zeroOrOne: count.describe('how many are 0 or 1'),
    epoch: z
      .enum(['s', 'ms', 'us'])
      .nullable()
      .describe(
        'the one unit since 1970 that puts the maximum between 1990 and 2200 and the minimum after 1900; null where there is none. It does not say that they are times',
      ),
  })
  .readonly();

const realCensusSchema = z
  .object({
    count,
    minimum: z
      .string()
      .describe('shortest decimal number that reads back to the same double; Infinity, -Infinity'),
    maximum: z.string().describe('as minimum'),
    infinite: count.describe('how many are Infinity or -Infinity'),
    whole: count.describe('how many have no fraction'),
    decimals: count.describe(
      'how many have a fraction and at most 15 significant digits, so that they may stand for a decimal number; a double keeps no more of any',
    ),
    mostDecimals: count.describe('the most digits after the point among `decimals`, else 0'),
  })
  .readonly();

const textCensusSchema = z
  .object({
    count,
    empty: count.describe('how many are empty'),
    withNul: count.describe('how many hold U+0000; they are counted under no form below'),
    longestCharacters: count.describe('characters (code points) of the longest'),
    longestBytes: count.describe("bytes of the longest, in the database's encoding"),
    jsonObjects: count.describe('how many are JSON objects'),
    jsonArrays: count.describe('how many are JSON arrays'),
    jsonScalars: count.describe('how many are JSON strings, or null'),
    dates: count.describe('how many are days, `YYYY-MM-DD`'),
    timesWithZone: count.describe('how many are ISO 8601, day and time of day, with a zone'),
    timesWithoutZone: count.describe('how many are the same without a zone'),
    timesOfDay: count.describe('how many are a time of day, `HH:MM[:SS[.fraction]]`'),
    uuids: count.describe('how many are UUIDs, in any spelling that import takes'),
    integers: count.describe(
      'how many are integers of any size without needless zeros or signs, so that a number loses nothing of them',
    ),
    decimals: count.describe('how many are such numbers with digits after a point'),
    booleans: count.describe('how many are true, t, yes, false, f or no, in any case'),
    mostDigits: count.describe(
      'the most digits before the point among `integers` and `decimals`, else 0',
    ),
    mostDecimals: count.describe('the most digits after the point among `decimals`, else 0'),
  })
  .readonly();

const blobCensusSchema = z
  .object({
    count,
    shortestBytes: count.describe('bytes of the shortest'),
    longestBytes: count.describe('bytes of the longest'),
  })
  .readonly();

export const columnCensusSchema = z
  .object({
    nulls: count.describe('how many are NULL'),
    integers: integerCensusSchema.nullable().describe('null when there are none'),
    reals: realCensusSchema.nullable().describe('null when there are none'),
    texts: textCensusSchema.nullable().describe('null when there are none'),
    blobs: blobCensusSchema.nullable().describe('null when there are none'),
  })
  .readonly();

/**
 * What one column holds, by storage class: counts, lengths and numbers, and never the content of a
 * text or a BLOB, which may be private.
 */
export type ColumnCensus = z.infer<typeof columnCensusSchema>;
export type IntegerCensus = z.infer<typeof integerCensusSchema>;
export type RealCensus = z.infer<typeof realCensusSchema>;
export type TextCensus = z.infer<typeof textCensusSchema>;
export type BlobCensus = z.infer<typeof blobCensusSchema>;
