import type { Comparison, TableComparison } from '../model/archive-comparison.ts';
import type { VerifyReport } from '../model/reports/verify.ts';
import { formatColumns, formatCount, formatPlural, formatTime } from './format.ts';

/** What the artifact was compared with beside a target, for people: tables that differ, and a verdict for each. */
export function summarizeArchiveComparisons(report: VerifyReport): string[] {
  return comparisonsOf(report).flatMap(({ comparison, words }) => summarize(comparison, words));
}

/** Whether source and baseline hold what the artifact holds, a sentence for each that was compared. */
export function archiveVerdicts(report: VerifyReport): string[] {
  return comparisonsOf(report).map(({ comparison, words }) => verdict(comparison, words));
}

interface Worded {
  readonly comparison: Comparison;
  readonly words: Words;
}

function comparisonsOf({ artifact, againstSource, baseline }: VerifyReport): Worded[] {
  const source =
    againstSource === undefined
      ? []
      : [
          {
            comparison: againstSource,
            words: {
              before: 'artifact',
              after: 'source now',
              head: `${againstSource.source} as it is now, compared with ${artifact.path}`,
              equal: `${againstSource.source} holds what was exported`,
              different: `${againstSource.source} is NOT what was exported`,
            },
          },
        ];
  return baseline === undefined
    ? source
    : [
        ...source,
        {
          comparison: baseline,
          words: {
            before: 'baseline',
            after: 'artifact',
            head: `${artifact.path} compared with ${baseline.artifact.path}, taken ${formatTime(baseline.createdAt)}`,
            equal:
              artifact.id === baseline.artifact.id
                ? 'both are the same artifact'
                : `${artifact.path} holds what ${baseline.artifact.path} holds`,
            different: `${artifact.path} is NOT equal to ${baseline.artifact.path}`,
          },
        },
      ];
}

interface Words {
  readonly before: string;
  readonly after: string;
  readonly head: string;
  readonly equal: string;
  readonly different: string;
}

function summarize(comparison: Comparison, words: Words): string[] {
  const shown = comparison.tables.filter(({ state }) => state !== 'equal');
  const equal = comparison.tables.length - shown.length;
  return [
    `${words.head}:`,
    ...(shown.length === 0 ? [] : describeTables(shown, words)),
    ...(equal === 0 ? [] : [`  ${formatPlural(equal, 'table')} with the same rows`]),
    verdict(comparison, words),
  ];
}

function verdict(comparison: Comparison, { equal, different }: Words): string {
  return `${comparison.isEqual ? equal : different}: ${describeFigures(comparison)}`;
}

function describeTables(tables: readonly TableComparison[], { before, after }: Words): string[] {
  const head = ['  table', before, after, 'equal', 'added', 'removed', 'changed', ''];
  const rows = tables.map((table) => [
    `  ${table.name}`,
    table.before === null ? '-' : formatCount(table.before.rowCount),
    table.after === null ? '-' : formatCount(table.after.rowCount),
    ...(table.state === 'not-compared'
      ? ['-', '-', '-', '-', 'not compared']
      : [
          formatCount(table.rowsEqual),
          formatCount(table.rowsAdded),
          formatCount(table.rowsRemoved),
          formatCount(table.rowsChanged),
          describeColumns(table),
        ]),
  ]);
  return formatColumns([head, ...rows], new Set([1, 2, 3, 4, 5, 6]));
}

function describeColumns({ state, columns }: TableComparison): string {
  if (state !== 'different') return `the table was ${state}`;
  return columns.map(({ name, rowsChanged }) => `${name} ${formatCount(rowsChanged)}`).join(', ');
}

function describeFigures(comparison: Comparison): string {
  const { tables, schema, rowsEqual, rowsAdded, rowsRemoved, rowsChanged } = comparison;
  const left = tables.filter(({ state }) => state === 'not-compared').length;
  return [
    `${formatPlural(rowsEqual, 'row')} the same`,
    ...(comparison.isEqual
      ? []
      : [
          `${formatCount(rowsAdded)} added`,
          `${formatCount(rowsRemoved)} removed`,
          `${formatCount(rowsChanged)} changed`,
          `${formatPlural(schema.length, 'difference')} of the schema`,
        ]),
    ...(left === 0 ? [] : [`${formatPlural(left, 'table')} NOT compared`]),
  ].join(', ');
}
