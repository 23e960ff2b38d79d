import * as z from 'zod';

import { benchmarkSchema } from '../benchmark.ts';
import { base, errorSchema } from './parts.ts';

export const benchReportSchema = z.object({
  ...base,
  ...benchmarkSchema.shape,
  failure: errorSchema.optional().describe('why the chart could not be written'),
});

export type BenchReport = z.infer<typeof benchReportSchema>;
