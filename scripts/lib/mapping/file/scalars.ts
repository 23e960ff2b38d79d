import * as z from 'zod';

const INT64_MAX = 2n ** 63n - 1n;

const number = z
  .number()
  .refine(
    (value) => !Number.isInteger(value) || Number.isSafeInteger(value),
    'is not exact: write the whole number with all its digits (in a module with an n behind it)',
  );

/** A whole number beyond what a double holds exactly: a file's own digits, or `1n` in a module. */
const largeInteger = z
  .bigint()
  .min(-INT64_MAX - 1n, 'is beyond 64 bits')
  .max(INT64_MAX, 'is beyond 64 bits');

/** Text or a number, as a condition compares with it. */
export const comparableSchema = z.union([z.string(), number, largeInteger], {
  error: ({ input }) => numberFault(input) ?? 'must be text or a number',
});

/** A value that stands for one of SQLite's. */
export const scalarSchema = z
  .union([z.string(), number, largeInteger, z.boolean(), z.null()], {
    error: ({ input }) => numberFault(input) ?? 'must be text, a number, true, false or null',
  })
  .meta({
    id: 'value',
    description: 'text, a number, true or false (taken as that word), or null',
  });

export type Scalar = z.infer<typeof scalarSchema>;

/** Of two alternatives for numbers, what the fitting one says. */
function numberFault(input: unknown): string | undefined {
  const schema =
    typeof input === 'number' ? number : typeof input === 'bigint' ? largeInteger : null;
  return schema?.safeParse(input).error?.issues[0]?.message;
}
