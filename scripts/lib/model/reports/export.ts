import * as z from 'zod';

import { dependenciesSchema } from '../dependencies.ts';
import { artifactRef, base, bytes, elapsedMs, notCarried, rows } from './parts.ts';

export const exportReportSchema = z.object({
  ...base,
  source: z.string().describe('the source, or the artifact of --from, as it was given'),
  artifact: artifactRef,
  totalRows: rows,
  totalBytes: bytes.describe('bytes of all data files'),
  tables: z.array(
    z.object({
      name: z.string(),
      file: z.string(),
      rowCount: rows,
      sizeBytes: bytes.describe('bytes of the rows'),
      sha256: z.string().describe('of the rows'),
      stored: z
        .object({ compression: z.string(), sizeBytes: bytes, sha256: z.string() })
        .optional()
        .describe('of a compressed file: how, and its own size and SHA-256'),
      elapsedMs,
    }),
  ),
  dependencies: dependenciesSchema,
  notCarried,
});

export type ExportReport = z.infer<typeof exportReportSchema>;
