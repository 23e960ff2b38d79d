import * as z from 'zod';

import { findingSchema } from '../model/findings.ts';
import { errorReportSchema, errorSchema } from '../model/reports/parts.ts';
import type { ErrorDescription } from '../model/errors.ts';
import { inTenths, secondsLeft } from '../events/phase-tally.ts';
import type { RunState, TableState } from '../events/run-state.ts';
import { optionValuesSchema } from './offered.ts';
import type { RunRecord } from './run-record.ts';

const RUN_STATES = [
  'starting',
  'running',
  'succeeded',
  'findings',
  'failed',
  'interrupted',
  'lost',
] as const;

const STALLED_AFTER_MS = 60_000;

const rows = z.number().int().nonnegative();
const rate = z.number().nonnegative().nullable();

/** What the API says of a run. */
export const statusSchema = z.object({
  id: z.string(),
  stage: z.string().describe('the script'),
  action: z.string().describe('what was asked for: start, dry-run, validate, resume, rollback'),
  state: z
    .enum(RUN_STATES)
    .describe(
      'findings: it came to its end, and blocking findings stand in the way; lost: its process is gone without a word',
    ),
  isStalled: z.boolean().describe('it is at work and has given no sign of life for a minute'),
  createdAt: z.string(),
  heartbeatAt: z.string().nullable().describe('its latest sign of life'),
  elapsedSeconds: z.number().nonnegative(),
  phase: z.string().nullable().describe('the part of the stage that is at work'),
  percentage: z.number().min(0).max(100).nullable().describe('of the phase; null when not known'),
  rows: rows.describe('rows so far, of the phase; of a run that has ended, of its report'),
  rowsTotal: rows.nullable().describe('rows of the phase'),
  rowsPerSecond: rate.describe('of the phase'),
  secondsLeft: rate.describe('for the phase'),
  currentTables: z.array(z.string()).describe('tables that are at work'),
  tables: z.array(
    z.object({
      table: z.string(),
      state: z.enum(['waiting', 'running', 'done', 'failed']),
      rows,
      rowsTotal: rows.nullable(),
      rowsPerSecond: rate,
      secondsLeft: rate,
      seconds: z.number().nonnegative().nullable().describe('since it was begun'),
    }),
  ),
  findings: z.object({ blocking: rows, warning: rows, info: rows }).describe('occurrences'),
  errors: z.array(errorSchema).describe('what stopped it'),
  exitCode: z.number().int().nullable().describe('of the script; null until it has ended'),
  artifact: z.string().nullable().describe('name of the artifact that it reads'),
  output: z.string().nullable().describe('name of the artifact that it writes'),
  target: z.string().nullable().describe('name of the target'),
  options: optionValuesSchema.describe('as they were asked for'),
  command: z.string().describe('the same at a terminal'),
  requestedFrom: z.string(),
  ofRun: z.string().nullable().describe('the run that it goes on with, or takes back'),
  journalRunId: z.string().nullable().describe("its name in the target's journal"),
  mayResume: z.boolean().describe('`POST :id/resume` makes sense'),
  mayRollBack: z.boolean().describe('`POST :id/rollback` makes sense'),
});

export type RunStatus = z.infer<typeof statusSchema>;
type RunStateName = RunStatus['state'];

/** The parts of a script's report that every script has. */
export const anyReportSchema = z.looseObject({
  exitCode: z.number().int(),
  elapsedMs: z.number().optional(),
  totalRows: z.number().int().optional(),
  findings: z.array(findingSchema).optional(),
  failure: errorSchema.optional(),
  error: errorReportSchema.shape.error.optional(),
});
export type AnyReport = z.infer<typeof anyReportSchema>;

/** Everything that is known of a run. */
export interface RunFacts {
  readonly record: RunRecord;
  readonly isAlive: boolean;
  /** null before its first event */
  readonly watched: RunState | null;
  /** null before its end, and when it was killed */
  readonly report: AnyReport | null;
}

/** How a run stands at `now`. */
export function describeRun(facts: RunFacts, now: Date): RunStatus {
  const { record, watched, report } = facts;
  const state = stateOf(facts);
  const isOver = hasEnded(state);
  const isImport = record.stage === 'import' && record.action !== 'dry-run';
  return {
    id: record.id,
    stage: record.stage,
    action: record.action,
    state,
    isStalled: !isOver && watched !== null && ageOf(watched.heartbeatAt, now) > STALLED_AFTER_MS,
    createdAt: record.createdAt,
    heartbeatAt: watched?.heartbeatAt ?? null,
    elapsedSeconds: elapsedOf(facts, isOver, now),
    ...progressOf(facts, state),
    findings: countFindings(watched, report),
    errors: errorsOf(facts, state),
    exitCode: report?.exitCode ?? watched?.done?.exitCode ?? null,
    artifact: record.artifact ?? null,
    output: record.output ?? null,
    target: record.target ?? null,
    options: record.options,
    command: record.command,
    requestedFrom: record.requestedFrom,
    ofRun: record.ofRun ?? null,
    journalRunId: watched?.journalRunId ?? null,
    mayResume:
      isOver &&
      state !== 'succeeded' &&
      (isImport || record.stage !== 'import') &&
      record.action !== 'rollback',
    mayRollBack:
      isOver && isImport && record.action !== 'rollback' && watched?.journalRunId != null,
  };
}

/** Whether nothing will change any more. */
export function hasEnded(state: RunStateName): boolean {
  return state !== 'starting' && state !== 'running';
}

function stateOf({ isAlive, watched, report }: RunFacts): RunStateName {
  // Until it is gone it may still write, and it has its target.
  if (isAlive) return watched === null ? 'starting' : 'running';
  if (report !== null) return outcomeOf(report, watched);
  return watched?.done?.outcome ?? 'lost';
}

const INTERRUPTED = 130;

function outcomeOf(report: AnyReport, watched: RunState | null): RunStateName {
  if (watched?.done != null) return watched.done.outcome;
  if (report.exitCode === 0) return 'succeeded';
  if (report.exitCode === INTERRUPTED) return 'interrupted';
  return report.error === undefined && report.failure === undefined ? 'findings' : 'failed';
}

function elapsedOf({ record, watched, report }: RunFacts, isOver: boolean, now: Date): number {
  if (!isOver) return Math.max(0, ageOf(record.createdAt, now) / 1000);
  return report?.elapsedMs === undefined ? (watched?.elapsedSeconds ?? 0) : report.elapsedMs / 1000;
}

function progressOf(
  { watched, report }: RunFacts,
  state: RunStateName,
): Pick<
  RunStatus,
  | 'phase'
  | 'percentage'
  | 'rows'
  | 'rowsTotal'
  | 'rowsPerSecond'
  | 'secondsLeft'
  | 'currentTables'
  | 'tables'
> {
  const isOver = hasEnded(state);
  const tables = [...(watched?.tables ?? [])].map(([table, of]) =>
    describeTable(table, of, watched?.elapsedSeconds ?? 0),
  );
  const running = tables.filter((table) => table.state === 'running');
  const rowsTotal = watched?.phaseRowsTotal ?? null;
  const phaseRows = watched?.phaseRows ?? 0;
  return {
    phase: watched?.phase ?? null,
    percentage: state === 'succeeded' ? 100 : percentageOf(phaseRows, rowsTotal),
    rows: isOver ? (report?.totalRows ?? phaseRows) : phaseRows,
    rowsTotal,
    rowsPerSecond:
      isOver || running.length === 0 ? null : sum(running.map((table) => table.rowsPerSecond ?? 0)),
    secondsLeft: isOver ? null : (watched?.phaseSecondsLeft ?? null),
    currentTables: isOver ? [] : running.map(({ table }) => table),
    tables,
  };
}

function describeTable(
  table: string,
  { state, rows, rowsTotal, seconds, startedAtSeconds }: TableState,
  elapsedSeconds: number,
): RunStatus['tables'][number] {
  const since = startedAtSeconds === null ? null : Math.max(0, elapsedSeconds - startedAtSeconds);
  const taken = seconds ?? since;
  const rowsPerSecond = taken === null || taken === 0 ? null : inTenths(rows / taken);
  return {
    table,
    state,
    rows,
    rowsTotal,
    rowsPerSecond,
    secondsLeft: state === 'running' ? secondsLeft(rows, rowsTotal, taken ?? 0) : null,
    seconds: taken === null ? null : inTenths(taken),
  };
}

function percentageOf(done: number, total: number | null): number | null {
  if (total === null) return null;
  return total === 0 ? 100 : Math.min(100, inTenths((done / total) * 100));
}

function countFindings(watched: RunState | null, report: AnyReport | null): RunStatus['findings'] {
  const counted = { blocking: 0, warning: 0, info: 0 };
  for (const { severity, total } of report?.findings ?? watched?.findings ?? []) {
    counted[severity] += total;
  }
  return counted;
}

function errorsOf(facts: RunFacts, state: RunStateName): ErrorDescription[] {
  const { report, watched } = facts;
  const error = report?.error ?? report?.failure ?? watched?.done?.error;
  if (error !== undefined) return [error];
  return state === 'lost' ? [lost(facts.record)] : [];
}

/** What is said of a run whose process is gone without a word. */
function lost({ stage, action }: RunRecord): ErrorDescription {
  return {
    kind: 'interrupted',
    code: 'run-lost',
    message:
      'the process of the run is gone and has said nothing: it was killed, or the machine was',
    where: {},
    hint:
      stage === 'import' && action !== 'dry-run' && action !== 'rollback'
        ? 'resume it: it goes on with the tables that are not committed'
        : 'start it again: nothing half-written is left',
  };
}

function ageOf(time: string, now: Date): number {
  return now.getTime() - Date.parse(time);
}

function sum(numbers: readonly number[]): number {
  return inTenths(numbers.reduce((total, number) => total + number, 0));
}
