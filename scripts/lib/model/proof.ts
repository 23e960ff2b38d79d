import * as z from 'zod';

const sha256 = z.string().nullable().describe('SHA-256; null where there is none');

const provenTableSchema = z.object({
  table: z.string().describe('table of the source'),
  archive: sha256.describe('SHA-256 of the data file'),
  source: z
    .object({
      sha256: sha256.describe('SHA-256 of the data file that an export would write now'),
      isEqual: z.boolean().describe('the source still holds what the archive holds'),
    })
    .nullable()
    .describe('null when it was not compared'),
  target: z
    .object({
      table: z.string().describe('table of the target'),
      archive: sha256.describe('digest of what the target should hold (FORMAT.md)'),
      target: sha256.describe('digest of what it holds'),
      isEqual: z.boolean().describe('the target holds what the archive holds'),
    })
    .nullable()
    .describe('null when it was not compared, or nothing was to be loaded'),
});

/** The chain from the source by way of the archive to the target: what must be the same at each link. */
export const proofSchema = z.object({
  sourceComparedAt: z.iso
    .datetime()
    .nullable()
    .describe('when the source was compared, UTC; null when it was not'),
  targetComparedAt: z.iso
    .datetime()
    .nullable()
    .describe('when the target was compared in full, UTC; null when it was not'),
  targetName: z.string().nullable().describe('what it was compared with'),
  tables: z.array(provenTableSchema),
});

export type Proof = z.infer<typeof proofSchema>;
export type ProvenTable = z.infer<typeof provenTableSchema>;
