import * as z from 'zod';

import { findingSchema, placeSchema } from './findings.ts';
import { EVENTS_VERSION, OUTCOMES, PHASES } from './progress.ts';
import { errorSchema } from './reports/parts.ts';

const rows = z.number().int().nonnegative();
const rowsTotal = rows.nullable();
const bytes = z.number().int().nonnegative();
const seconds = z.number().nonnegative();
const phase = z.enum(PHASES).describe('the part of the stage; more may come');
const table = z
  .string()
  .describe("table name: in `load` and `compare` the target's, elsewhere the source's");
const job = z
  .number()
  .int()
  .positive()
  .optional()
  .describe('which of the jobs that load side by side, from 1');

/** What every event begins with. */
const base = {
  time: z.iso.datetime().describe('UTC'),
  runId: z.string().describe('this run of the script; the same in all its events'),
  stage: z
    .string()
    .describe('what the script does: `export`, `verify-target`, `import`, `import-dry-run`, …'),
  elapsedSeconds: seconds.describe('since the script began'),
};

const startEvent = z.object({
  type: z.literal('start').describe('the first event'),
  ...base,
  eventsVersion: z.number().int().describe(`${EVENTS_VERSION}; fields may be added within it`),
  command: z.string().describe('the script'),
  toolVersion: z.string(),
  processId: z.number().int(),
  host: z.string().describe('machine that runs the script'),
  options: z
    .record(z.string(), z.unknown())
    .describe('what the command line says, by flag in camelCase; passwords are masked'),
});

const phaseEvent = z.object({
  type: z.literal('phase').describe('a part of the stage begins'),
  ...base,
  phase,
  rowsTotal: rowsTotal.describe('rows of all tables that are not done; null when not known'),
  bytesTotal: bytes
    .nullable()
    .describe('bytes of their data files; null when not known, as before an export'),
  tables: z
    .array(
      z.object({
        table,
        rowsTotal: rowsTotal.describe('rows; null when not known'),
        bytesTotal: bytes.nullable().describe('bytes of the data file; null when not known'),
        isDone: z.boolean().describe('an earlier attempt has done it'),
      }),
    )
    .describe('all tables of it; empty where it is not done table by table'),
});

const tableStartEvent = z.object({
  type: z.literal('table-start').describe('a table is begun, or begun anew'),
  ...base,
  phase,
  table,
  job,
  rowsTotal: rowsTotal.describe('rows; null when not known'),
});

const progressEvent = z.object({
  type: z
    .literal('progress')
    .describe('at most two a second of each table, and one every two seconds where nothing moves'),
  ...base,
  phase: phase.nullable().describe('null before the first'),
  table: table.nullable().describe('null where the work is not done table by table'),
  job,
  rows: rows.describe('rows so far, of the table'),
  rowsTotal: rowsTotal.describe('rows of the table; null when not known'),
  bytes: bytes.describe('bytes of its data file so far; 0 where they are not counted'),
  rowsPerSecond: z.number().nonnegative().describe('of the table, since it was begun'),
  secondsLeft: seconds.nullable().describe('for the table; null when not known'),
  phaseRows: rows.describe('rows so far, of the phase'),
  phaseRowsTotal: rowsTotal.describe('rows of the phase; null when not known'),
  phaseSecondsLeft: seconds.nullable().describe('for the phase; null when not known'),
});

const tableDoneEvent = z.object({
  type: z
    .literal('table-done')
    .describe('a table is done: in `load` it is committed, in a dry run it was tried'),
  ...base,
  phase,
  table,
  job,
  outcome: z
    .enum(['done', 'failed'])
    .describe('failed: what stopped it is in `done`; of a load it is rolled back'),
  rows: rows.describe('rows that were done'),
  bytes: bytes.describe('bytes of its data file; 0 where they are not counted'),
  seconds: seconds.describe('since it was begun'),
});

const journalEvent = z.object({
  type: z.literal('journal').describe('an import has begun a run, or goes on with one'),
  ...base,
  journalRunId: z.string().describe("the run in the target's journal, as --rollback takes it"),
  isResumed: z.boolean().describe('it was begun before'),
});

const findingEvent = z.object({
  type: z.literal('finding').describe('one for each finding, when all are counted'),
  ...base,
  code: findingSchema.shape.code,
  severity: findingSchema.shape.severity,
  kind: findingSchema.shape.kind,
  message: findingSchema.shape.message,
  where: placeSchema.describe('where it was found'),
  total: findingSchema.shape.total,
  hint: findingSchema.shape.hint,
});

const logEvent = z.object({
  type: z.literal('log').describe('a line that a person would read'),
  ...base,
  message: z.string(),
});

const doneEvent = z.object({
  type: z.literal('done').describe('the last event; absent when the process was killed'),
  ...base,
  exitCode: z.number().int(),
  outcome: z
    .enum(OUTCOMES)
    .describe('findings: it came to its end, and blocking findings stand in the way'),
  reportFile: z
    .string()
    .nullable()
    .describe('where the report is: the file of --out, or the one that is kept with the artifact'),
  totals: z
    .object({ tables: z.number().int(), rows, bytes })
    .nullable()
    .describe('of the report; null when the script did not come to its end'),
  findings: z
    .object({
      blocking: z.number().int(),
      warning: z.number().int(),
      info: z.number().int(),
    })
    .describe('how many there are of each severity'),
  error: errorSchema.optional().describe('what stopped it'),
});

/** Each kind of event, in the order in which they may come. */
export const EVENT_SCHEMAS = {
  start: startEvent,
  phase: phaseEvent,
  'table-start': tableStartEvent,
  progress: progressEvent,
  'table-done': tableDoneEvent,
  journal: journalEvent,
  finding: findingEvent,
  log: logEvent,
  done: doneEvent,
} as const;

export const progressEventSchema = z.discriminatedUnion('type', [
  startEvent,
  phaseEvent,
  tableStartEvent,
  progressEvent,
  tableDoneEvent,
  journalEvent,
  findingEvent,
  logEvent,
  doneEvent,
]);

/** One event of a script that is at work. */
export type ProgressEvent = z.infer<typeof progressEventSchema>;
export type EventOf<Type extends ProgressEvent['type']> = Extract<ProgressEvent, { type: Type }>;
