import * as z from 'zod';

import { dependenciesSchema } from './dependencies.ts';
import { proofSchema } from './proof.ts';
import { STAGES } from './stage.ts';

const rows = z.number().int().nonnegative().describe('rows');
const bytes = z.number().int().nonnegative().describe('bytes');
const elapsedMs = z.number().nonnegative().describe('milliseconds');
const time = z.iso.datetime().describe('UTC');
const stage = z.enum(STAGES);
const target = z
  .string()
  .nullable()
  .describe('host, port, database and schema, or the SQLite file; null when there was none');

/** What was taken, as the manifest has it. */
const takenSchema = z.object({
  at: time,
  toolVersion: z.string(),
  fileName: z.string().describe('the source, without its folder'),
  sourceBytes: bytes.describe('size of the source'),
  tables: z.number().int(),
  totalRows: rows,
  totalBytes: bytes.describe('bytes of all data files'),
});

const eventSchema = z.object({
  file: z.string().describe('the report, in the folder of the reports'),
  stage,
  startedAt: time,
  elapsedMs,
  toolVersion: z.string(),
  exitCode: z.number().int(),
  totalRows: rows.nullable(),
  totalBytes: bytes.nullable().describe('bytes of the data files of these rows'),
  peakMemoryBytes: bytes.nullable(),
  source: z.string().nullable().describe('of an export'),
  target,
  run: z
    .object({ id: z.string(), isResumed: z.boolean() })
    .nullable()
    .describe("the run in the target's journal"),
  findings: z
    .array(z.object({ code: z.string(), total: z.number().int() }))
    .describe('the blocking ones'),
  error: z.string().nullable().describe('the code of what stopped it'),
});

const measuredStageSchema = z.object({
  stage,
  measuredAt: time,
  target,
  totalRows: rows,
  totalBytes: bytes,
  elapsedMs,
  rowsPerSecond: z.number().nonnegative().nullable(),
  bytesPerSecond: z.number().nonnegative().nullable(),
  isInWindow: z.boolean().describe('its time counts for the window'),
  expectedMs: elapsedMs.describe('milliseconds for as many bytes as the artifact has'),
});

const storedTableSchema = z.object({
  name: z.string(),
  rowCount: rows,
  sizeBytes: bytes.describe('bytes of the data file'),
  sha256: z.string().describe('of the data file'),
});

const loadSchema = z.object({
  file: z.string().describe('the report, in the folder of the reports'),
  startedAt: time,
  elapsedMs,
  exitCode: z.number().int(),
  target,
  run: z.string().describe("the run in the target's journal"),
  tables: z.array(
    z.object({
      source: z.string(),
      target: z.string(),
      state: z.string(),
      rowCount: rows,
      sizeBytes: bytes.describe('bytes of the data file'),
      startedAt: time.nullable(),
      job: z.number().int().nullable().describe('which of the sessions, from 1'),
      elapsedMs,
    }),
  ),
});

/** What became of an artifact, as the reports that are kept with it say. */
export const artifactStorySchema = z.object({
  taken: takenSchema,
  events: z.array(eventSchema).describe('in the order of their beginning'),
  estimate: z.object({
    stages: z
      .array(measuredStageSchema)
      .describe('the latest of each stage that ended well and did the whole of its work'),
    missing: z.array(stage).describe('stages of the window that were not measured'),
    expectedMs: elapsedMs
      .nullable()
      .describe('milliseconds of the stages of the window together; null when none was measured'),
  }),
  tables: z.array(storedTableSchema).describe('as the manifest has them, in load order'),
  dependencies: dependenciesSchema,
  loads: z
    .array(loadSchema)
    .describe('the imports of the latest run, in the order of their beginning'),
  proof: proofSchema.describe(
    'the latest comparison with the source and the latest full one with a target, beside the archive',
  ),
});

export type ArtifactStory = z.infer<typeof artifactStorySchema>;
export type StoryEvent = z.infer<typeof eventSchema>;
export type StoryLoad = z.infer<typeof loadSchema>;
export type MeasuredStage = z.infer<typeof measuredStageSchema>;
