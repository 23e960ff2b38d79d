import * as z from 'zod';

/** How it was found out, before anything was written, that the rows of a table fit. */
export const judgedBySchema = z
  .enum(['facts', 'columns', 'rows'])
  .describe(
    'how the rows were judged before anything was written. facts: by what the verification learned of each column, and the file was not read; columns: so too, but for some columns, whose values were tried; rows: every value was tried; null when none were',
  );

/** How the rows of a table were judged. */
export type JudgedBy = z.infer<typeof judgedBySchema>;
