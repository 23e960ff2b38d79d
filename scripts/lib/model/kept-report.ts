import * as z from 'zod';

import { proofSchema } from './proof.ts';

/** Text that may be shown: a file that anybody could have written must not steer a terminal. */
const shownText = z
  .string()
  .max(10_000)
  .regex(/^\P{Cc}*$/u, 'a text in it holds control characters');

const figure = z.number().nonnegative();
const count = figure.int();
/** Names are data of the user: they may hold anything. */
const name = z.string().max(10_000);

const loadedTableSchema = z.object({
  source: name,
  target: name,
  state: shownText,
  rowCount: count,
  sizeBytes: count,
  startedAt: z.iso.datetime().nullable().default(null),
  job: count.nullable().default(null),
  elapsedMs: figure,
});

/**
 * What the story of an artifact reads of a report, whichever version wrote it. Reports only ever gain
 * fields, so that all but what the first version had is optional.
 */
export const keptReportSchema = z.object({
  command: shownText,
  toolVersion: shownText,
  startedAt: z.iso.datetime(),
  elapsedMs: figure,
  exitCode: count,
  peakMemoryBytes: count.optional(),
  artifact: z.object({ id: shownText }),
  source: shownText.optional(),
  target: shownText.nullish(),
  comparison: z.object({ target: shownText }).nullish(),
  run: z.object({ id: shownText, isResumed: z.boolean() }).nullish(),
  totalRows: count.optional(),
  totalBytes: count.optional(),
  findings: z.array(z.object({ code: shownText, severity: shownText, total: count })).optional(),
  /** Of an import; other reports have other tables. */
  tables: z.array(loadedTableSchema).optional().catch(undefined),
  /** Of a comparison with the source or with a whole target. */
  proof: proofSchema.optional().catch(undefined),
  /** What stopped a load that had begun. */
  failure: z.object({ code: shownText }).optional(),
  /** What kept the script from its work. */
  error: z.object({ code: shownText }).optional(),
});

export type KeptReport = z.infer<typeof keptReportSchema>;
