import * as z from 'zod';

import { findingSchema, placeSchema } from '../findings.ts';
import { ledgerEntrySchema } from '../ledger.ts';
import { NOT_CARRIED_KINDS } from '../source-catalog.ts';

export const rows = z.number().int().nonnegative().describe('rows');

export const bytes = z.number().int().nonnegative().describe('bytes');

export const elapsedMs = z.number().nonnegative().describe('milliseconds');

/** What every report begins with. */
export const base = {
  command: z.string().describe('the script that wrote the report'),
  toolVersion: z.string(),
  startedAt: z.iso.datetime().describe('UTC'),
  elapsedMs,
  exitCode: z.number().int().describe('the exit code of the script'),
  peakMemoryBytes: bytes.describe('the most memory that the process had (resident set)'),
  findings: z.array(findingSchema).describe('what was found in the data, blocking ones first'),
};

export const errorSchema = z.object({
  kind: z
    .enum(['usage', 'source', 'artifact', 'target', 'target-schema', 'interrupted', 'bug'])
    .describe('whose matter it is; decides the exit code'),
  code: z.string().describe('stable name of the error'),
  message: z.string(),
  where: placeSchema,
  hint: z.string().optional().describe('what to do next'),
});

export const artifactRef = z.object({
  path: z.string().describe('the folder or the single file, as it was given'),
  id: z.string().describe('SHA-256 of manifest.json'),
});

/** What `--json` prints when a script could not do its work. */
export const errorReportSchema = z.object({
  command: base.command,
  toolVersion: base.toolVersion,
  startedAt: base.startedAt,
  elapsedMs,
  exitCode: base.exitCode,
  peakMemoryBytes: base.peakMemoryBytes,
  artifact: artifactRef.optional().describe('absent when none was opened'),
  error: errorSchema,
});

export const mappingRef = z
  .object({
    file: z.string().describe('the mapping file, as it was given'),
    sha256: z.string().describe('SHA-256 of its content as JSON with sorted keys'),
  })
  .nullable()
  .describe('null without --mapping');

export const ledger = z
  .array(ledgerEntrySchema)
  .describe('what the mapping changed or left out on purpose, beyond what the types ask for');

export const notCarried = z
  .array(z.object({ name: z.string(), kind: z.enum(NOT_CARRIED_KINDS), reason: z.string() }))
  .describe('what the artifact leaves out, and why');

export const digest = z
  .string()
  .nullable()
  .describe(
    "the table's digest in the target (FORMAT.md, Table digest), before it is loaded; null where its rows have no key, or do not come in the order of the key",
  );

/** The parts that `lib/cli` adds to what a command returns. */
export type ReportEnvelope =
  'command' | 'toolVersion' | 'startedAt' | 'elapsedMs' | 'exitCode' | 'peakMemoryBytes';

export type CommandResult<Report extends { findings: unknown }> = Omit<Report, ReportEnvelope>;
