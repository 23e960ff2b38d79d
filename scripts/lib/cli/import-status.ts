import type { ImportStatusReport } from '../model/reports/import.ts';
import { IMPORT_APPLICATION } from '../target/connect.ts';
import { formatBytes, formatColumns, formatCount, formatDuration, formatPlural } from './format.ts';

type Run = ImportStatusReport['runs'][number];

/** What was asked of the journal of a target, for people. */
export function summarizeStatus(report: ImportStatusReport): string[] {
  switch (report.action) {
    case 'status':
      return summarizeRuns(report);
    case 'forget':
      if (report.runs.length === 0) return [`${report.target} has no journal any more`];
      return [
        `the journal of ${report.target} is removed, with ${formatPlural(report.runs.length, 'run')}; the loaded tables are as they were`,
      ];
    case 'rollback':
      return summarizeRollback(report);
    default:
      return report.action satisfies never;
  }
}

/** Of each schema the latest run in full, and every one that is running; the others in a line each. */
function summarizeRuns({ target, runs, sessions }: ImportStatusReport): string[] {
  const checking = sessions
    .filter(({ schema }) => !runs.some((run) => run.state === 'running' && run.schema === schema))
    .map(({ schema, pid, user, address, application, since }) => {
      const who = `pid ${pid}, ${user}@${address}, connected since ${since}`;
      return application === IMPORT_APPLICATION
        ? `an import into ${target}?schema=${schema} is at its checks and has written nothing yet (${who})`
        : `the journal of ${target}?schema=${schema} is being worked on (${application}, ${who})`;
    });
  if (runs.length === 0) {
    return checking.length > 0 ? checking : [`no import has been run into ${target}`];
  }
  const inFull = runs.filter(
    (run) => run.state === 'running' || runs.find(({ schema }) => schema === run.schema) === run,
  );
  const others = runs.filter((run) => !inFull.includes(run));
  return [
    ...checking,
    ...inFull.flatMap((run) => describeRun(run, target)),
    ...(others.length === 0 ? [] : ['before that:', ...formatColumns(others.map(shortLine))]),
  ];
}

function summarizeRollback({ target, runs, takenBack, exitCode }: ImportStatusReport): string[] {
  const [run] = runs;
  if (run === undefined || exitCode !== 0) return [`nothing was changed in ${target}`];
  if (takenBack.length === 0) {
    return [
      `nothing is left of run ${run.runId} in ${target}: it is taken back since ${when(run.endedAt)}`,
    ];
  }
  const lines = takenBack.map((table) => [
    `  ${table.target}`,
    formatCount(table.rowCount),
    table.rowCount === 1 ? 'row' : 'rows',
    table.rowsLeft === 0 ? 'taken back' : `taken back, ${formatCount(table.rowsLeft)} stay`,
  ]);
  const rows = takenBack.reduce((sum, table) => sum + table.rowCount, 0);
  return [
    ...formatColumns(lines, new Set([1])),
    `run ${run.runId} is taken back from ${target}?schema=${run.schema}: ${formatPlural(rows, 'row')} of ${formatPlural(takenBack.length, 'table')}; the journal keeps the record`,
  ];
}

const STATES: Readonly<Record<Run['state'], string>> = {
  running: 'is running',
  interrupted: 'was interrupted: its process is gone',
  stopped: 'stopped',
  done: 'is done',
  abandoned: 'was left as it is: another was begun with --restart',
  'rolled-back': 'was taken back',
};

/** The message of an interruption says by itself what it is. */
function describeError({ code, message }: NonNullable<Run['error']>): string {
  return code === 'interrupted' ? message : `stopped by ${code}: ${message}`;
}

function describeRun(run: Run, target: string): string[] {
  const resumed = run.resumedAt === null ? '' : `, gone on with ${when(run.resumedAt)}`;
  const ended = run.endedAt === null ? '' : `, ended ${when(run.endedAt)}`;
  const attempts = run.attempts === 1 ? '' : ` (${formatPlural(run.attempts, 'attempt')})`;
  return [
    `run ${run.runId} into ${target}?schema=${run.schema} ${STATES[run.state]}`,
    `  artifact ${run.artifact.path}, id ${run.artifact.id}${run.mappingSha256 === null ? '' : ', with a mapping'}`,
    `  by ${run.osUser} on ${run.host}, process ${run.processId}, as ${run.databaseUser}`,
    `  begun ${when(run.startedAt)}${resumed}${ended}${attempts}`,
    ...(run.error === null ? [] : [`  ${describeError(run.error)}`]),
    ...tableLines(run),
    ...progressLines(run),
  ];
}

function tableLines(run: Run): string[] {
  return formatColumns(
    run.tables.map((table) => [
      `  ${table.target}`,
      formatCount(table.rowsLoaded),
      `of ${formatCount(table.rowsExpected)}`,
      table.rowsExpected === 1 ? 'row' : 'rows',
      formatBytes(table.sizeBytes),
      table.state,
      table.elapsedMs === null ? '' : formatDuration(table.elapsedMs),
      [
        ...(table.rowsEmptied > 0 && table.state !== 'pending'
          ? [`${formatCount(table.rowsEmptied)} emptied`]
          : []),
        ...(table.rowsLeftOut > 0 ? [`${formatCount(table.rowsLeftOut)} left out`] : []),
        ...(table.error === null ? [] : [table.error.code]),
      ].join(', '),
    ]),
    new Set([1, 2, 4, 6]),
  );
}

function progressLines({ state, progress, tables, runId }: Run): string[] {
  const done = tables.filter((table) => table.state === 'done').length;
  const share = `${formatCount(done)} of ${formatPlural(tables.length, 'table')} done`;
  if (progress !== null) {
    const left =
      progress.secondsLeft === null
        ? ''
        : `, about ${formatDuration(progress.secondsLeft * 1000)} left`;
    return [
      `${share}, ${formatCount(progress.rowsDone)} of ${formatCount(progress.rowsExpected)} rows, ${formatCount(progress.rowsPerSecond)} rows/s${left}`,
    ];
  }
  const isUnfinished = state === 'stopped' || state === 'interrupted';
  if (!isUnfinished) return state === 'rolled-back' ? [] : [share];
  return [
    `${share}; the rest is as it was`,
    `  next: run the same import again to go on, or take it back with import --rollback ${runId}`,
  ];
}

function shortLine(run: Run): string[] {
  const rows = run.tables.reduce((sum, table) => sum + table.rowsLoaded, 0);
  return [
    `  ${run.runId}`,
    run.state,
    formatPlural(rows, 'row'),
    `schema ${run.schema}`,
    run.artifact.path,
  ];
}

/** `2026-01-31 23:59:59 UTC` */
function when(time: string | null): string {
  return time === null ? '-' : `${time.slice(0, 19).replace('T', ' ')} UTC`;
}
