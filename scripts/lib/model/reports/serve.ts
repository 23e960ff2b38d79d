import * as z from 'zod';

import { base } from './parts.ts';

export const serveReportSchema = z.object({
  ...base,
  url: z.string().describe('where the page was'),
  targets: z.array(z.string()).describe('names of the targets that were configured'),
});

export type ServeReport = z.infer<typeof serveReportSchema>;
