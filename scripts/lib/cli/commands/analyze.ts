import { join, parse } from 'node:path';

import { DRAFT_FILES } from '../../draft/files.ts';
import { ToolkitError } from '../../model/errors.ts';
import { groupBy } from '../../model/collections.ts';
import type { AnalyzeReport } from '../../model/reports/analyze.ts';
import { quoteWord } from '../../model/shell.ts';
import { describeCensus } from '../census.ts';
import { resolveSource } from '../environment.ts';
import { exitCodeOfFindings } from '../exit-codes.ts';
import { DEFAULT_SCHEMA } from '../../target/connection-config.ts';
import {
  htmlFlag,
  mappingFlag,
  memoryFlag,
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
  memory: memoryFlag,
  census: switchFlag('print what every column holds; the report always has it'),
  samples: valueFlag(
    'N',
    'put the first N rows of each table into the report (rows may be private)',
    wholeNumber(0, 0),
    '0',
  ),
  draft: valueFlag(
    'DIR',
    'draft a Prisma schema for PostgreSQL that takes every row, with its mapping and what to look at in DRAFT.md, into this folder',
    optionalText,
    'none',
  ),
  migration: switchFlag('with --draft: write the first migration too, for `prisma migrate deploy`'),
  snakeCase: switchFlag("with --draft: names of PostgreSQL in snake_case, not the source's own"),
  force: switchFlag('with --draft: overwrite files of the folder that differ from the draft'),
  out: valueFlag('FILE', 'also write the JSON report to this file', optionalText, 'none'),
  html: htmlFlag,
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
      'npx tsx scripts/analyze.ts --source shop.db --draft drafts/shop --migration',
      'npx tsx scripts/analyze.ts --source shop.db --target postgresql://app@localhost/shop --mapping mapping.json',
    ],
  },
  run: async ({ flags: given }, context, env) => {
    if (given.schema !== undefined && given.target === undefined) {
      const message = '--schema names a schema of the target: give --target too';
      throw new ToolkitError({ kind: 'usage', code: 'usage', message });
    }
    const { draft: folder, migration, snakeCase, force, memory, ...others } = given;
    requireDraft(given);
    const draft = folder === undefined ? undefined : { folder, migration, snakeCase, force };
    const { analyzeSource } = await import('../../commands/analyze.ts');
    return analyzeSource(
      { ...others, draft, source: resolveSource(given.source, env), env },
      { ...context, keyMemoryBytes: memory },
    );
  },
  exitCode: exitCodeOfFindings,
  reportFile: ({ flags: given }) => given.out,
  page: async (report) => {
    const { analyzePage } = await import('../../html/report-pages.ts');
    return analyzePage(report, [verdict(report)]);
  },
  summarize,
  whenInterrupted: 'nothing was written, and the source is as it was',
};

/** The flags of a draft go with --draft, and a draft goes without a target of its own. */
function requireDraft(given: {
  readonly draft?: string | undefined;
  readonly migration: boolean;
  readonly snakeCase: boolean;
  readonly force: boolean;
  readonly target?: string | undefined;
  readonly mapping?: string | undefined;
}): void {
  const isDrafting = given.draft !== undefined;
  const message =
    !isDrafting && (given.migration || given.snakeCase || given.force)
      ? '--migration, --snake-case and --force say how a draft is written: give --draft too'
      : isDrafting && (given.target !== undefined || given.mapping !== undefined)
        ? '--draft makes a schema and a mapping of its own: leave out --target and --mapping'
        : null;
  if (message !== null) throw new ToolkitError({ kind: 'usage', code: 'usage', message });
}

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
    ...draftLines(report),
    verdict(report),
  ];
}

function verdict({ tables, totalRows, elapsedMs }: AnalyzeReport): string {
  return `${formatPlural(tables.length, 'table')}, ${formatPlural(totalRows, 'row')}, analyzed in ${formatDuration(elapsedMs)}`;
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

/** What was drafted, and what comes next. */
function draftLines({ draft, source }: AnalyzeReport): string[] {
  if (draft === null) return [];
  const { folder, files, migration, models, enums, relations, decisions } = draft;
  const isKept = files.some(({ state }) => state === 'kept');
  const counts = [
    formatPlural(models, 'model'),
    formatPlural(enums, 'enum'),
    formatPlural(relations, 'relation'),
  ].join(', ');
  const kinds = [...groupBy(decisions, ({ kind }) => kind)].map(
    ([kind, group]) => `${formatCount(group.length)} ${kind.replaceAll('-', ' ')}`,
  );
  return [
    `draft: ${counts}, into ${folder}`,
    ...files.map(({ path, state }) => `  ${state === 'kept' ? 'KEPT as it is' : state}: ${path}`),
    ...(kinds.length === 0 || isKept
      ? []
      : [`  to look at, in ${join(folder, DRAFT_FILES.report)}: ${kinds.join(', ')}`]),
    ...(isKept ? [] : nextSteps(folder, migration, source.file).map((line) => `  next: ${line}`)),
  ];
}

function shown(...words: readonly string[]): string {
  return words.map(quoteWord).join(' ');
}

function nextSteps(folder: string, migration: string | null, source: string): string[] {
  if (migration === null) {
    const args = ['--source', source, '--draft', folder, '--migration'];
    return [shown('npx', 'tsx', 'scripts/analyze.ts', ...args)];
  }
  const mapping = join(folder, DRAFT_FILES.mapping);
  const migrations = join(folder, DRAFT_FILES.migrations);
  const artifact = join('exports', parse(source).name);
  return [
    shown('npx', 'prisma', 'migrate', 'deploy', '--schema', join(folder, DRAFT_FILES.schema)),
    shown('npx', 'tsx', 'scripts/export.ts', '--source', source, '--out', artifact),
    shown('npx', 'tsx', 'scripts/verify.ts', artifact, '--mapping', mapping),
    shown(
      'npx',
      'tsx',
      'scripts/import.ts',
      artifact,
      '--mapping',
      mapping,
      '--migrations',
      migrations,
    ),
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
