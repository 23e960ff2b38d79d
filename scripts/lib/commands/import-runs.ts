import type { CommandResult } from '../model/reports/parts.ts';
import type { ImportStatusReport } from '../model/reports/import.ts';
import type { TargetSession } from '../target/connect.ts';
import { readActivity, readClock, type TableActivity } from '../target/journal/activity.ts';
import { findHolder } from '../target/journal/run-lock.ts';
import { readRunTables, type JournalRun, type JournalTable } from '../target/journal/runs.ts';

export type StatusResult = CommandResult<ImportStatusReport>;
type StatusRun = StatusResult['runs'][number];
type StatusTable = StatusRun['tables'][number];

/** Runs of the journal as a report has them; of one that is running, how far it is. */
export async function describeRuns(
  session: TargetSession,
  runs: readonly JournalRun[],
): Promise<StatusRun[]> {
  const described: StatusRun[] = [];
  for (const run of runs) described.push(await describeRun(session, run));
  return described;
}

async function describeRun(session: TargetSession, run: JournalRun): Promise<StatusRun> {
  const { client } = session;
  const isRunning = await isHeld(session, run);
  const activity = isRunning ? await readActivity(client, run.targetSchema) : [];
  const tables = (await readRunTables(client, run.runId)).map((table) => ({
    entry: table,
    described: describeTable(table, activity),
  }));
  return {
    runId: run.runId,
    // A run that nobody holds the lock for was killed, or lost its target.
    state: run.state === 'running' && !isRunning ? 'interrupted' : run.state,
    schema: run.targetSchema,
    artifact: { path: run.artifactPath, id: run.artifactId },
    mappingSha256: run.mappingSha256,
    toolVersion: run.toolVersion,
    host: run.host,
    osUser: run.osUser,
    databaseUser: run.databaseUser,
    processId: run.processId,
    attempts: run.attempts,
    startedAt: run.startedAt.toISOString(),
    resumedAt: run.resumedAt?.toISOString() ?? null,
    endedAt: run.endedAt?.toISOString() ?? null,
    error: run.error,
    progress: isRunning ? progressOf(run, tables, await readClock(client)) : null,
    tables: tables.map(({ described }) => described),
  };
}

/** Whether an import holds the lock of the run's schema; this command may hold it itself. */
async function isHeld({ client, backend }: TargetSession, run: JournalRun): Promise<boolean> {
  if (run.state !== 'running') return false;
  const holder = await findHolder(client, run.targetSchema);
  return holder !== null && holder.pid !== backend.pid;
}

function describeTable(table: JournalTable, activity: readonly TableActivity[]): StatusTable {
  const active =
    table.state === 'pending'
      ? activity.find((candidate) => candidate.table === table.targetTable)
      : undefined;
  const copied = active?.state === 'checking' ? table.rowsExpected : (active?.rowsCopied ?? 0);
  return {
    source: table.sourceTable,
    target: table.targetTable,
    state: active?.state ?? table.state,
    rowsExpected: table.rowsExpected,
    rowsLoaded: table.rowsLoaded ?? copied,
    rowsEmptied: table.rowsEmptied,
    rowsLeftOut: table.rowsLeftOut,
    sizeBytes: table.sizeBytes,
    sha256: table.sha256,
    digest: table.digest,
    elapsedMs: table.elapsedMs,
    endedAt: table.endedAt?.toISOString() ?? null,
    error: table.error,
  };
}

function progressOf(
  run: JournalRun,
  tables: readonly { readonly entry: JournalTable; readonly described: StatusTable }[],
  now: Date,
): NonNullable<StatusRun['progress']> {
  const begunAt = run.resumedAt ?? run.startedAt;
  const rowsDone = sum(tables.map(({ described }) => described.rowsLoaded));
  const rowsExpected = sum(tables.map(({ entry }) => entry.rowsExpected));
  const doneBefore = tables.filter(
    ({ entry }) => entry.endedAt !== null && entry.endedAt < begunAt,
  );
  const rowsSince = rowsDone - sum(doneBefore.map(({ described }) => described.rowsLoaded));
  const seconds = Math.max(0.001, (now.getTime() - begunAt.getTime()) / 1000);
  const rowsPerSecond = rowsSince / seconds;
  return {
    tablesDone: tables.filter(({ entry }) => entry.state === 'done').length,
    rowsDone,
    rowsExpected,
    rowsPerSecond,
    secondsLeft: rowsPerSecond > 0 ? Math.max(0, rowsExpected - rowsDone) / rowsPerSecond : null,
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
