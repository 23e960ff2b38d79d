import * as z from 'zod';

const count = z.number().int().nonnegative();
const integer = z.string().regex(/^-?[0-9]{1,20}$/);

/** What a verification learns of a column, whatever its values are to become. */
export const columnFactsSchema = z.object({
  name: z.string(),
  nulls: count.describe('NULLs'),
  integers: z
    .object({
      count,
      range: z
        .object({ min: integer, max: integer })
        .nullable()
        .describe('the smallest and the largest but 0, 64-bit integers as text; null: all are 0'),
    })
    .nullable()
    .describe('INTEGERs; null: none'),
  reals: z
    .object({
      count,
      plain: z
        .object({
          wholeDigits: count.describe('most digits before the point, but for a 0'),
          decimals: count.describe('most digits after the point, without zeros at the end'),
        })
        .nullable()
        .describe('null: not all are written without an exponent and with 15 digits at most'),
    })
    .nullable()
    .describe('finite REALs; null: none'),
  texts: z
    .object({
      count,
      characters: count.describe('none has more characters (code points)'),
      hasNul: z.boolean().describe('one holds U+0000'),
      isUuid: z.boolean().describe('all are UUIDs in lower case with hyphens'),
      times: z
        .object({
          decimals: count.describe('most decimals of a second, without zeros at the end'),
          isZoned: z.boolean().describe('all say that they are UTC'),
          isMidnight: z.boolean().describe('all are days, or midnights'),
        })
        .nullable()
        .describe('null: not all are days or times in the usual forms of ISO 8601'),
    })
    .nullable()
    .describe('valid TEXTs; null: none'),
  blobs: count.describe('BLOBs'),
  others: count.describe('TEXTs that are not valid in the encoding, and infinite REALs'),
});

/** What a verification learned of a column. */
export type ColumnFacts = z.infer<typeof columnFactsSchema>;
