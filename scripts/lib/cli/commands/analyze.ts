import { analyzeSource } from '../../commands/analyze.ts';
import type { AnalyzeReport } from '../../model/report.ts';
import { resolveSource } from '../environment.ts';
import { exitCodeOfFindings } from '../exit-codes.ts';
import { optionalText, valueFlag, wholeNumber, sourceFlag } from '../flags.ts';
import {
  formatBytes,
  formatColumns,
  formatCount,
  formatDuration,
  formatPlural,
} from '../format.ts';
import { describeNotCarried } from '../render.ts';
import type { Script } from '../run.ts';

const flags = {
  source: sourceFlag,
  samples: valueFlag(
    'N',
    'put the first N rows of each table into the report (rows may be private)',
    wholeNumber(0, 0),
    '0',
  ),
  out: valueFlag('FILE', 'also write the JSON report to this file', optionalText, 'none'),
} as const;

/** `analyze --source FILE` */
export const analyzeScript: Script<typeof flags, AnalyzeReport> = {
  commandLine: {
    name: 'analyze',
    summary:
      'Describes a SQLite database before it is moved: integrity, tables, keys, load order, cycles, what will not be carried, what needs care. Reads only.',
    flags,
    examples: [
      'npx tsx scripts/analyze.ts --source shop.db',
      'npx tsx scripts/analyze.ts --source shop.db --samples 3 --json > analysis.json',
    ],
  },
  run: ({ flags: given }, context, env) =>
    analyzeSource({ source: resolveSource(given.source, env), samples: given.samples }, context),
  exitCode: exitCodeOfFindings,
  reportFile: ({ flags: given }) => given.out,
  summarize,
  whenInterrupted: 'nothing was written, and the source is as it was',
};

function summarize(report: AnalyzeReport): string[] {
  const { source, integrity } = report;
  const facts = [
    `SQLite ${source.sqliteVersion}`,
    formatBytes(source.sizeBytes),
    source.encoding,
    `journal mode ${source.journalMode}`,
    ...(source.hadWal ? ['rows still in its -wal file (they are read too)'] : []),
    ...(source.madeByPrisma ? ['managed by Prisma'] : []),
    integrity.ok ? 'integrity ok' : 'DAMAGED',
  ];
  return [
    `${source.file}: ${facts.join(', ')}`,
    ...tableLines(report),
    ...report.cycles.map((cycle) => `  cycle: ${cycle.join(' ↔ ')} refer to each other`),
    ...describeNotCarried(report.notCarried),
    ...report.tables.flatMap((table) =>
      (table.samples ?? []).map((line) => `  sample ${table.name}: ${line}`),
    ),
    `${formatPlural(report.tables.length, 'table')}, ${formatPlural(report.totalRows, 'row')}, analyzed in ${formatDuration(report.elapsedMs)}`,
  ];
}

function tableLines(report: AnalyzeReport): string[] {
  const header = ['  order', 'table', 'rows', 'columns', 'primary key', 'refers to', ''];
  const rows = report.tables.map((table) => [
    `  ${table.order}`,
    table.name,
    formatCount(table.rowCount),
    String(table.columns.length),
    table.primaryKey.join(', ') || '(none)',
    [...new Set(table.foreignKeys.map((key) => key.parentTable))].join(', ') || '-',
    describeTraits(table),
  ]);
  return formatColumns([header, ...rows], new Set([2, 3]));
}

function describeTraits(table: AnalyzeReport['tables'][number]): string {
  const generated = table.columns.filter((column) => column.generated !== null).length;
  return [
    ...(table.autoincrementMark === null ? [] : [`autoincrement up to ${table.autoincrementMark}`]),
    ...(table.withoutRowid ? ['WITHOUT ROWID'] : []),
    ...(table.strict ? ['STRICT'] : []),
    ...(generated === 0 ? [] : [formatPlural(generated, 'generated column')]),
  ].join(', ');
}
