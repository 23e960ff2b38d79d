import * as z from 'zod';

import { base, bytes, rows } from './parts.ts';

export const sampleReportSchema = z.object({
  ...base,
  file: z.string(),
  sizeBytes: bytes,
  tables: z.array(z.object({ name: z.string(), rowCount: rows })),
});

export type SampleReport = z.infer<typeof sampleReportSchema>;
