import { analyzeSource } from '../../commands/analyze.ts';
import { ToolkitError } from '../../model/errors.ts';
import type { AnalyzeReport } from '../../model/report.ts';
import { describeCensus } from '../census.ts';
import { resolveSource } from '../environment.ts';
import { exitCodeOfFindings } from '../exit-codes.ts';
import { DEFAULT_SCHEMA } from '../../target/connection-config.ts';
import {
  mappingFlag,
  optionalText,
  sourceFlag,
  switchFlag,
  valueFlag,
  wholeNumber,
} from '../flags.ts';
import {
  formatBytes,
  formatColumns,
  formatCount,
  formatDuration,
  formatPlural,
} from '../format.ts';
import { describeLedger } from '../ledger.ts';
import { describeNotCarried } from '../render.ts';
import type { Script } from '../run.ts';

const flags = {
  source: sourceFlag,
  target: valueFlag(
    'URL',
    'a PostgreSQL database, postgresql://…: every value is held against its schema, as an import would; nothing is written',
    optionalText,
    'none: the source alone',
  ),
  schema: valueFlag(
    'NAME',
    "the schema that Prisma's migrations made; with --target",
    optionalText,
    `?schema= of the URL, else ${DEFAULT_SCHEMA}`,
  ),
  mapping: mappingFlag,
  census: switchFlag('print what every column holds; the report always has it'),
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
      'npx tsx scripts/analyze.ts --source shop.db --target postgresql://app@localhost/shop --mapping mapping.json',
    ],
  },
  run: ({ flags: given }, context, env) => {
    if (given.schema !== undefined && given.target === undefined) {
      const message = '--schema names a schema of the target: give --target too';
      throw new ToolkitError({ kind: 'usage', code: 'usage', message });
    }
    return analyzeSource({ ...given, source: resolveSource(given.source, env), env }, context);
  },
  exitCode: exitCodeOfFindings,
  reportFile: ({ flags: given }) => given.out,
  summarize,
  whenInterrupted: 'nothing was written, and the source is as it was',
};

function summarize(
  report: AnalyzeReport,
  { flags: given }: { readonly flags: { readonly census: boolean } },
): string[] {
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
    ...(given.census ? describeCensus(report) : []),
    ...report.tables.flatMap((table) =>
      (table.samples ?? []).map((line) => `  sample ${table.name}: ${line}`),
    ),
    ...targetLines(report),
    `${formatPlural(report.tables.length, 'table')}, ${formatPlural(report.totalRows, 'row')}, analyzed in ${formatDuration(report.elapsedMs)}`,
  ];
}

/** What an import into the target would do. */
function targetLines({ target, exitCode }: AnalyzeReport): string[] {
  if (target === null) return [];
  const rows = target.tables.reduce((sum, table) => sum + table.rowCount, 0);
  const size = `${formatPlural(target.tables.length, 'table')}, ${formatPlural(rows, 'row')}`;
  return [
    ...describeLedger(target.ledger, false),
    exitCode === 0
      ? `held against ${target.name}: ${size} fit`
      : `held against ${target.name}: NOT everything fits`,
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
