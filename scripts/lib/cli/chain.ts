import type { SchemaDifference, TableComparison } from '../model/archive-comparison.ts';
import type { VerifyReport } from '../model/report.ts';
import { shortDigest } from '../model/short-digest.ts';
import type { ComparedTable } from '../model/target-comparison.ts';
import { formatColumns, formatPlural } from './format.ts';
import { isEqual } from './verify-target.ts';

/**
 * The chain from the source by way of the archive to the target, a table a line, where all three were
 * compared in full: on each side the SHA-256 that must be the same, and where the chain breaks.
 */
export function summarizeChain({ againstSource, comparison }: VerifyReport): string[] {
  if (againstSource === undefined || comparison === null || comparison.isSample) return [];
  const loaded = new Map(comparison.tables.map((table) => [table.source, table]));
  const reshaped = new Set(againstSource.schema.filter(changesLines).map(({ table }) => table));
  const links = againstSource.tables.map((table) =>
    describeLink(table, loaded.get(table.name), reshaped.has(table.name)),
  );
  const head = ['  table', 'source', 'archive', 'archive as target', 'target', ''];
  const broken = links.filter(({ isWhole }) => !isWhole).length;
  return [
    'from the source to the target, by SHA-256:',
    ...formatColumns([head, ...links.map(({ cells }) => cells)]),
    broken === 0
      ? `source = archive = target in ${formatPlural(links.length, 'table')}`
      : `source = archive = target does NOT hold in ${formatPlural(broken, 'table')} of ${links.length}`,
  ];
}

/** Whether every line of the table's data file would be another one. */
function changesLines({ kind, change }: SchemaDifference): boolean {
  return kind === 'column-order' || (kind === 'column' && change !== 'changed');
}

interface Link {
  readonly isWhole: boolean;
  readonly cells: readonly string[];
}

/** @param isReshaped the source has other columns than the archive */
function describeLink(
  table: TableComparison,
  target: ComparedTable | undefined,
  isReshaped: boolean,
): Link {
  const breaks = [
    ...(table.state === 'equal' && !isReshaped ? [] : ['source ≠ archive']),
    ...(target === undefined || isEqual(target) ? [] : ['archive ≠ target']),
  ];
  const whole = target === undefined ? 'source = archive, not loaded' : 'equal';
  return {
    isWhole: breaks.length === 0,
    cells: [
      `  ${table.name}`,
      shorten(table.after?.sha256),
      shorten(table.before?.sha256),
      shorten(target?.digest?.archive),
      shorten(target?.digest?.target),
      breaks.length === 0 ? whole : breaks.join(', '),
    ],
  };
}

function shorten(sha256: string | undefined): string {
  return sha256 === undefined ? '–' : shortDigest(sha256);
}
