import { isDifferenceCode } from '../compare/archives/findings.ts';
import type { VerifyReport } from '../model/reports/verify.ts';
import { shortDigest } from '../model/short-digest.ts';
import {
  isEqualTable,
  type ComparedTable,
  type TargetComparison,
} from '../model/target-comparison.ts';
import { formatColumns, formatCount, formatDuration, formatPlural } from './format.ts';

/** What was compared with the target, for people; nothing without --target. */
export function summarizeComparison(report: VerifyReport): string[] {
  const { comparison } = report;
  if (comparison === null) return [];
  return [
    ...tableLines(comparison),
    ...describeScopes(comparison),
    describeRest(comparison),
    describeMappingUsed(report, comparison),
    ...comparisonVerdicts(report),
  ];
}

/** Whether the target holds what the archive holds, in a sentence; nothing without --target. */
export function comparisonVerdicts(report: VerifyReport): string[] {
  const { comparison } = report;
  if (comparison === null) return [];
  return [comparison.isSample ? sampleVerdict(report, comparison) : verdict(report, comparison)];
}

function tableLines({ tables }: TargetComparison): string[] {
  const rows = tables.map((table) => [
    `  ${table.target}`,
    formatCount(table.rowsEqual),
    ...[table.rowsDifferent, table.rowsMissing, table.rowsExtra].map((count) => formatCount(count)),
    describeDigest(table),
    formatDuration(table.elapsedMs),
  ]);
  const title = ['  table', 'equal', 'different', 'missing', 'extra', 'digest', 'time'];
  return formatColumns([title, ...rows], new Set([1, 2, 3, 4, 6]));
}

/** Rows of other sources were left aside: said once for all tables that tell them by the same. */
function describeScopes({ tables }: TargetComparison): string[] {
  const scopes = new Set(tables.flatMap(({ where }) => where ?? []));
  return [...scopes].map((where) => {
    const scoped = tables.filter((table) => table.where === where);
    const others = scoped.reduce((sum, { rowsOfOthers }) => sum + rowsOfOthers, 0);
    const left = `${formatPlural(others, 'row')} of other sources left aside`;
    return `compared where ${where}, in ${formatPlural(scoped.length, 'table')}: ${left}`;
  });
}

function describeDigest({ digest }: ComparedTable): string {
  if (digest === null) return '–';
  const [archive, target] = [digest.archive, digest.target].map(shortDigest);
  return digest.archive === digest.target ? `${target}` : `${target}, not ${archive}`;
}

function describeRest({ sequences, constraints }: TargetComparison): string {
  const { primaryKeys, uniqueKeys, foreignKeys, checks } = constraints;
  const looked = [
    formatPlural(sequences.length, 'sequence'),
    formatPlural(primaryKeys, 'primary key'),
    formatPlural(uniqueKeys, 'other unique key'),
    formatPlural(foreignKeys, 'foreign key'),
    formatPlural(checks, 'check'),
  ];
  return `looked at ${looked.join(', ')}`;
}

function describeMappingUsed({ mapping }: VerifyReport, comparison: TargetComparison): string {
  switch (comparison.mappingFrom) {
    case 'file':
      return `compared by the mapping ${mapping?.file ?? ''}`;
    case 'journal':
      return `compared by the mapping that the target's journal has of the run ${comparison.run ?? ''}`;
    case 'none':
      return 'compared without a mapping';
    default:
      return comparison.mappingFrom satisfies never;
  }
}

function verdict(report: VerifyReport, comparison: TargetComparison): string {
  const { target, tables, totalRows } = comparison;
  const size = `${formatPlural(tables.length, 'table')}, ${formatPlural(totalRows, 'row')}`;
  const time = formatDuration(report.elapsedMs);
  if (tables.every((table) => isEqualTable(table))) {
    const but = hasOtherFindings(report) ? ', BUT see the findings' : '';
    return `${target} holds what the archive holds: ${size}, every value compared, in ${time}${but}`;
  }
  return `${target} does NOT hold what the archive holds: ${describeDifferences(tables)}; ${size} compared, in ${time}`;
}

function sampleVerdict(report: VerifyReport, comparison: TargetComparison): string {
  const { tables, totalRows, sample, target } = comparison;
  const all = tables.reduce((sum, table) => sum + table.rowsOfTarget, 0);
  const isSame = tables.every((table) => isEqualTable(table));
  const found = isSame ? 'no difference' : `differences: ${describeDifferences(tables)}`;
  const but = isSame && hasOtherFindings(report) ? '; BUT see the findings' : '';
  return `A SAMPLE of ${formatPlural(totalRows, 'row')} (up to ${formatCount(sample?.rows ?? 0)} a table, --seed ${sample?.seed ?? 0}) shows ${found}; it says nothing of the other rows of ${target}, which holds ${formatCount(all)}${but}`;
}

/** Findings that are in the way, beside those of a source or a baseline, which has a verdict of its own. */
function hasOtherFindings({ findings }: VerifyReport): boolean {
  return findings.some(({ severity, code }) => severity === 'blocking' && !isDifferenceCode(code));
}

function describeDifferences(tables: readonly ComparedTable[]): string {
  const sum = (count: (table: ComparedTable) => number): string =>
    formatCount(tables.reduce((total, table) => total + count(table), 0));
  return `${sum((table) => table.rowsDifferent)} different, ${sum((table) => table.rowsMissing)} missing, ${sum((table) => table.rowsExtra)} extra`;
}
