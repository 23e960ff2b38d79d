import * as z from 'zod';

import { comparisonSchema } from '../archive-comparison.ts';
import { artifactStorySchema } from '../artifact-story.ts';
import { columnFactsSchema } from '../column-facts.ts';
import { dependenciesSchema } from '../dependencies.ts';
import { proofSchema } from '../proof.ts';
import { targetComparisonSchema } from '../target-comparison.ts';
import { artifactRef, base, bytes, elapsedMs, ledger, mappingRef, rows } from './parts.ts';

const prismaClientSchema = z.object({
  path: z.string().describe('the client, as it was given'),
  rowsPerModel: z.number().int().describe('rows that were read of each model at most'),
  models: z.array(
    z.object({
      model: z.string(),
      table: z.string(),
      rowCount: rows.nullable().describe('null when the table could not be counted'),
      rowsRead: rows,
      isReadable: z.boolean().describe('nothing that was read failed'),
    }),
  ),
});

export const verifyReportSchema = z.object({
  ...base,
  artifact: artifactRef,
  checks: z
    .number()
    .int()
    .describe(
      'raised by a version of the toolkit that checks more of an artifact than those before',
    ),
  totalRows: rows,
  totalBytes: bytes.describe('bytes of all data files'),
  foreignKeys: z.number().int().describe('foreign keys that were checked'),
  mapping: mappingRef,
  ledger,
  tables: z.array(
    z.object({
      name: z.string(),
      rowCount: rows.describe('lines in the file'),
      sizeBytes: bytes,
      sha256: z
        .string()
        .nullable()
        .describe('of the file as it is; null when it could not be read'),
      elapsedMs,
      columns: z
        .array(columnFactsSchema)
        .optional()
        .describe(
          'what all values of each column have in common, by which import decides that they fit without reading them again; of a plain verify only',
        ),
    }),
  ),
  reliesOn: z
    .object({
      startedAt: z.iso.datetime().describe('UTC'),
      toolVersion: z.string(),
    })
    .nullable()
    .optional()
    .describe(
      'the verification that the order of the rows and the foreign keys were taken from, as every file still has the SHA-256 that it had then; null where all was checked now; with --target only',
    ),
  dependencies: dependenciesSchema,
  comparison: targetComparisonSchema
    .nullable()
    .describe(
      'what the target holds beside the artifact; null without --target, and for a damaged artifact',
    ),
  againstSource: comparisonSchema
    .extend({ source: z.string().describe('the SQLite file, as it was given'), elapsedMs })
    .optional()
    .describe(
      'what changed in the source since the export: before is the artifact, after the source as it is now; with --against-source only',
    ),
  baseline: comparisonSchema
    .extend({
      artifact: artifactRef.describe('the baseline'),
      createdAt: z.iso.datetime().describe('when the baseline was taken, UTC'),
      elapsedMs,
    })
    .optional()
    .describe(
      'what differs from another artifact: before is that one, after the one that is verified; with --baseline only',
    ),
  prismaClient: prismaClientSchema
    .optional()
    .describe('what the application would read; absent without --prisma-client'),
  proof: proofSchema
    .optional()
    .describe(
      'the SHA-256s of source, archive and target side by side; absent where neither the source nor the whole target was compared',
    ),
  story: artifactStorySchema
    .optional()
    .describe('what the kept reports say, as --summary prints it; with --html only'),
});

const {
  artifact: checkedArtifact,
  totalRows,
  totalBytes,
  foreignKeys,
  tables,
} = verifyReportSchema.shape;

/** What `verify` prints of several artifacts. */
export const verifyTogetherReportSchema = z.object({
  ...base,
  artifacts: z
    .array(
      z.object({
        artifact: checkedArtifact,
        totalRows,
        totalBytes,
        foreignKeys,
        mapping: mappingRef,
        ledger,
        tables,
      }),
    )
    .describe('in the order in which they were named'),
  totalRows: rows.describe('rows of all artifacts'),
  totalBytes: bytes.describe('bytes of all data files of all artifacts'),
  references: z
    .array(
      z.object({
        artifact: z.string().describe('the artifact that refers, as it was given'),
        table: z.string(),
        columns: z.array(z.string()),
        parentTable: z.string().describe('table of the target'),
        key: z.array(z.string()).describe('columns of the parent table'),
        broughtBy: z
          .array(z.string())
          .describe('the artifacts that bring rows of the parent table; empty: it was not checked'),
      }),
    )
    .describe('the references that the mappings name'),
});

/** What `verify --summary` prints. */
export const verifySummaryReportSchema = z.object({
  ...base,
  artifact: artifactRef,
  ...artifactStorySchema.shape,
});

export type VerifyReport = z.infer<typeof verifyReportSchema>;

export type VerifyTogetherReport = z.infer<typeof verifyTogetherReportSchema>;

export type VerifySummaryReport = z.infer<typeof verifySummaryReportSchema>;
