import * as z from 'zod';

import { dependenciesSchema } from '../dependencies.ts';
import { judgedBySchema } from '../judged-by.ts';
import {
  artifactRef,
  base,
  bytes,
  digest,
  elapsedMs,
  errorSchema,
  ledger,
  mappingRef,
  rows,
} from './parts.ts';

const sequence = z.object({
  column: z.string(),
  sequence: z.string(),
  nextValue: z.string().describe('64-bit integer as text'),
});

export const importReportSchema = z.object({
  ...base,
  artifact: artifactRef,
  target: z
    .string()
    .describe('host, port, database and schema, never the password; or sqlite: and the file'),
  dryRun: z.boolean().describe('everything was rolled back'),
  run: z
    .object({
      id: z.string().describe("the run in the target's journal"),
      isResumed: z.boolean().describe('it goes on with a run that was begun before'),
    })
    .nullable()
    .describe('null when nothing was begun: a dry run, a restore, or findings that stopped it'),
  totalRows: rows.describe('rows loaded'),
  totalBytes: bytes.describe('bytes of the data files of the tables that were loaded'),
  failure: errorSchema
    .optional()
    .describe('what stopped the load after the checks; the tables say what is committed'),
  verifiedAt: z.iso
    .datetime()
    .nullable()
    .optional()
    .describe(
      'when the verification began that this import relied on, UTC: it checked the values, and the SHA-256 of each file while it loaded; null where it checked the artifact as a whole',
    ),
  migrations: z.array(z.string()).describe("Prisma's migrations that the target has applied"),
  mapping: mappingRef,
  ledger,
  tables: z.array(
    z.object({
      source: z.string(),
      target: z.string(),
      judgedBy: judgedBySchema.nullable().optional(),
      state: z
        .enum(['committed', 'done-before', 'rolled-back', 'not-loaded', 'emptied', 'unknown'])
        .describe(
          'done-before: committed by an earlier attempt of the run; rolled-back also stands for every table of a dry run; emptied: by --truncate with a table that it refers to, and not loaded since; unknown: the connection died in the commit and the target could not be asked',
        ),
      rowCount: rows.describe('rows copied'),
      digest,
      rowsLeftOut: rows.describe('rows that the mapping leaves out'),
      rowsBefore: rows.describe('rows that the target table held before'),
      rowsAfter: rows
        .nullable()
        .describe('rows that the target table held at the end; null when not loaded'),
      sizeBytes: bytes.describe('bytes of the data file'),
      sequences: z
        .array(sequence)
        .describe('sequences and identities that were set; of SQLite the AUTOINCREMENT marks'),
      startedAt: z.iso
        .datetime()
        .nullable()
        .describe('when this import began to load it, UTC; null when it did not'),
      job: z
        .number()
        .int()
        .nullable()
        .describe('which of the sessions that load side by side, from 1; null when none did'),
      elapsedMs,
    }),
  ),
  dependencies: dependenciesSchema.describe("of the target's tables"),
});

const time = z.iso.datetime().describe('UTC');

export const importStatusReportSchema = z.object({
  ...base,
  action: z.enum(['status', 'rollback', 'forget']).describe('what was asked for'),
  target: z.string().describe('host, port and database; never the password'),
  sessions: z
    .array(
      z.object({
        schema: z.string(),
        pid: z.number().int().describe('process of the server'),
        user: z.string(),
        application: z.string(),
        address: z.string(),
        since: z.string().describe('when it connected'),
      }),
    )
    .describe('imports that are at work: what they load is in runs, once their checks are over'),
  takenBack: z
    .array(
      z.object({
        target: z.string(),
        rowCount: rows.describe('rows that were removed'),
        rowsLeft: rows.describe('rows that stayed'),
      }),
    )
    .describe('what a rollback removed, by table; empty where it was refused'),
  runs: z.array(
    z.object({
      runId: z.string(),
      state: z
        .enum(['running', 'interrupted', 'stopped', 'done', 'abandoned', 'rolled-back'])
        .describe(
          'interrupted: the process is gone without a word; stopped: it ended with an error; abandoned: another was begun with --restart',
        ),
      schema: z.string().describe('schema of the target'),
      artifact: artifactRef,
      mappingSha256: z.string().nullable(),
      toolVersion: z.string(),
      host: z.string().describe('machine that ran the import'),
      osUser: z.string(),
      databaseUser: z.string(),
      processId: z.number().int(),
      attempts: z.number().int().describe('how often it was begun or gone on with'),
      startedAt: time,
      resumedAt: time.nullable(),
      endedAt: time.nullable(),
      error: errorSchema.nullable().describe('what stopped it'),
      progress: z
        .object({
          tablesDone: z.number().int(),
          rowsDone: rows,
          rowsExpected: rows,
          rowsPerSecond: z.number().nonnegative(),
          secondsLeft: z.number().nullable(),
        })
        .nullable()
        .describe('null unless it is running'),
      tables: z.array(
        z.object({
          source: z.string(),
          target: z.string(),
          state: z
            .enum(['pending', 'loading', 'checking', 'done', 'rolled-back'])
            .describe('checking: all rows are copied, and not committed yet'),
          rowsExpected: rows,
          rowsLoaded: rows.describe('rows so far'),
          rowsEmptied: rows.describe('rows that --truncate was to empty; they do not come back'),
          rowsLeftOut: rows.describe('rows that the mapping leaves out'),
          sizeBytes: bytes.describe('bytes of the data file'),
          sha256: z.string().describe('of the data file'),
          digest,
          elapsedMs: elapsedMs.nullable(),
          endedAt: time.nullable(),
          error: errorSchema.nullable(),
        }),
      ),
    }),
  ),
});

export type ImportReport = z.infer<typeof importReportSchema>;

export type ImportStatusReport = z.infer<typeof importStatusReportSchema>;
