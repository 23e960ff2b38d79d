import * as z from 'zod';

import { base, elapsedMs } from './parts.ts';

export const rehearseReportSchema = z.object({
  ...base,
  artifact: z.string().nullable().describe('the artifact; null when none was made'),
  server: z
    .object({ label: z.string().describe('host, port and database'), isKept: z.boolean() })
    .nullable()
    .describe('the embedded PostgreSQL; null after --stop'),
  steps: z.array(
    z.object({
      command: z.string().describe('the command line, as a person would type it'),
      exitCode: z.number().int(),
      elapsedMs,
    }),
  ),
});

export type RehearseReport = z.infer<typeof rehearseReportSchema>;
