import type { MeasuredStage, StoryEvent } from '../model/artifact-story.ts';
import type { VerifySummaryReport } from '../model/reports/verify.ts';
import type { Stage } from '../model/stage.ts';
import {
  formatBytes,
  formatColumns,
  formatCount,
  formatDuration,
  formatPlural,
  formatTime,
} from './format.ts';

/** The story of an artifact and what it says of the next run, for a person. */
export function summarizeStory(report: VerifySummaryReport): string[] {
  const { artifact, taken, events } = report;
  return [
    `artifact ${artifact.path}, taken ${formatTime(taken.at)} from ${taken.fileName} (${formatBytes(taken.sourceBytes)}): ${formatPlural(taken.tables, 'table')}, ${formatPlural(taken.totalRows, 'row')}, ${formatBytes(taken.totalBytes)}`,
    `artifact id ${artifact.id}`,
    ...describeEvents(events),
    ...describeEstimate(report),
    'nothing was verified now: this is what the kept reports say',
  ];
}

function describeEvents(events: readonly StoryEvent[]): string[] {
  if (events.length === 0) {
    return ['no report is kept with it: export, verify and import each leave one'];
  }
  const rows = events.map((event) => [
    `  ${formatTime(event.startedAt)}`,
    event.stage,
    describeEventVerdict(event),
    ...describeEventSize(event),
    formatDuration(event.elapsedMs),
    describeEventPlace(event),
  ]);
  return formatColumns(rows, new Set([3, 4, 5]));
}

const DONE: Readonly<Record<Stage, string>> = {
  export: 'taken',
  'export-from': 'written once more',
  verify: 'sound',
  'verify-target': 'equal',
  'verify-sample': 'sample equal',
  'verify-source': 'unchanged',
  'verify-baseline': 'equal',
  import: 'loaded',
  'import-dry-run': 'would load',
  restore: 'restored',
  'restore-dry-run': 'would restore',
};

/** What came of it, in a few words. */
export function describeEventVerdict({
  stage,
  exitCode,
  totalRows,
  run,
  findings,
  error,
}: StoryEvent): string {
  if (exitCode === 0 && run?.isResumed === true) {
    return totalRows === 0 ? 'nothing was left to load' : `${DONE[stage]}, gone on with`;
  }
  if (exitCode === 0) return DONE[stage];
  if (error !== null) return `FAILED: ${error} (exit ${exitCode})`;
  const found = findings.map(({ code, total }) => `${code} ${formatCount(total)}`).join(', ');
  return `FINDINGS: ${found === '' ? 'none that block' : found} (exit ${exitCode})`;
}

/** Rows and bytes; empty where they say nothing. */
export function describeEventSize({
  exitCode,
  totalRows,
  totalBytes,
}: StoryEvent): [rows: string, bytes: string] {
  if (totalRows === null || (exitCode !== 0 && totalRows === 0)) return ['', ''];
  return [formatPlural(totalRows, 'row'), totalBytes === null ? '' : formatBytes(totalBytes)];
}

/** Source, target and run. */
export function describeEventPlace({ source, target, run }: StoryEvent): string {
  return [
    ...(source === null ? [] : [`from ${source}`]),
    ...(target === null ? [] : [target]),
    ...(run === null ? [] : [`run ${run.id}`]),
  ].join(', ');
}

function describeEstimate({ estimate, taken }: VerifySummaryReport): string[] {
  const { stages, missing, expectedMs } = estimate;
  if (expectedMs === null) return ['no stage has ended well yet: the window cannot be estimated'];
  const counted = stages.filter(({ isInWindow }) => isInWindow);
  const others = stages.filter(({ isInWindow }) => !isInWindow);
  const lines = formatColumns(
    [
      ...counted.map(measured),
      ['  together', '', '', formatDuration(expectedMs), ''],
      ...others.map(measured),
    ],
    new Set([1, 2, 3]),
  );
  const windowLines = lines.slice(0, counted.length + 1);
  return [
    `the next run with ${formatPlural(taken.totalRows, 'row')} and ${formatBytes(taken.totalBytes)}, by the latest of each stage:`,
    ...windowLines,
    ...(missing.length === 0 ? [] : [`not measured, and not in it: ${missing.join(', ')}`]),
    'add the time to stop, copy, make your own checks and start; it grows about as the bytes do',
    ...(others.length === 0 ? [] : ['measured as well, and no part of the window:']),
    ...lines.slice(windowLines.length),
  ];
}

function measured(stage: MeasuredStage): string[] {
  return [
    `  ${stage.stage}`,
    stage.rowsPerSecond === null ? '' : `${formatCount(stage.rowsPerSecond)} rows/s`,
    stage.bytesPerSecond === null ? '' : `${formatBytes(stage.bytesPerSecond)}/s`,
    formatDuration(stage.expectedMs),
    stage.target ?? '',
  ];
}
