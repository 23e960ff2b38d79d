import * as z from 'zod';

/** What may be done to a value that does not fit, where a column names it; the mildest first. */
export const POLICIES = {
  strip_nul: 'U+0000 is taken out of text, and out of texts in JSON',
  replace_invalid_utf8:
    'U+FFFD takes the place of what is no text in the encoding of the source, and of half a character in JSON',
  round: 'numbers and times are rounded to what the type holds',
  truncate:
    'text is cut to what the column takes; times lose what a date, a time or an interval does not hold',
  null: 'the value becomes NULL; so does a reference to a row that is not loaded',
  skip_row: 'the row is left out, and so is a row that refers to one that is not loaded',
} as const;

export type Policy = keyof typeof POLICIES;

/** The name of a policy. */
export const policySchema = z.enum(Object.keys(POLICIES) as Policy[]);
