import * as z from 'zod';

/** Which table refers to which, as far as the tables of one report do. */
export const dependenciesSchema = z.object({
  tables: z
    .array(
      z.object({
        name: z.string(),
        refersTo: z
          .array(z.string())
          .describe('tables that its foreign keys lead to, itself too where one does'),
      }),
    )
    .describe('in load order: parents before children'),
  cycles: z
    .array(z.array(z.string()))
    .describe('tables that refer to each other in a cycle, and load together'),
});

export type Dependencies = z.infer<typeof dependenciesSchema>;
