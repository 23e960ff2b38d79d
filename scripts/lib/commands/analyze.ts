import { lineEncoder } from '../artifact/line.ts';
import { FindingCollector, type FindingHead } from '../model/findings.ts';
import type { CommandContext } from '../model/progress.ts';
import type { AnalyzeReport, CommandResult } from '../model/report.ts';
import type { SourceCatalog, SourceTable } from '../model/source-catalog.ts';
import { hintColumns, sampleRows, type ContentHint } from '../source/content-hints.ts';
import { checkIntegrity, type Integrity } from '../source/integrity.ts';
import { introspectSource } from '../source/introspect.ts';
import {
  asSourceError,
  hasWalContent,
  openSource,
  readSourceFacts,
  type Source,
} from '../source/open.ts';
import { countRows } from '../source/rows.ts';
import { loadOrder } from './load-order.ts';

export interface AnalyzeOptions {
  readonly source: string;
  /** How many rows of each table go into the report; rows may be private, so none by default. */
  readonly samples: number;
}

type AnalyzeResult = CommandResult<AnalyzeReport>;
type AnalyzedTable = AnalyzeResult['tables'][number];

/**
 * Describes a SQLite database and what stands in the way of moving it. Reads only.
 *
 * @throws ToolkitError of kind `source` when the file cannot be read
 */
export async function analyzeSource(
  options: AnalyzeOptions,
  context: CommandContext,
): Promise<AnalyzeResult> {
  const hadWal = hasWalContent(options.source);
  const source = openSource(options.source);
  try {
    const catalog = { facts: readSourceFacts(source, hadWal), ...introspectSource(source.db) };
    const checking = context.progress.start('integrity_check and foreign_key_check', null);
    const integrity = await checkIntegrity(options.source, context.signal);
    checking.done();
    const findings = new FindingCollector();
    reportIntegrity(integrity, findings);
    reportStructure(catalog, findings);
    const groups = loadOrder(catalog.tables);
    const order = groups.flatMap((group) => group.members);
    const tables = await describeTables(source, catalog, order, { options, context, findings });
    const { fileName: _, ...facts } = catalog.facts;
    return {
      source: { file: options.source, ...facts },
      integrity: { ok: integrity.messages.length === 0, messages: integrity.messages },
      totalRows: tables.reduce((sum, table) => sum + table.rowCount, 0),
      tables,
      loadOrder: order,
      cycles: groups.filter((group) => group.cyclic).map((group) => [...group.members]),
      notCarried: [...catalog.notCarried],
      findings: findings.list(),
    };
  } catch (error) {
    throw asSourceError(error, options.source);
  } finally {
    source.close();
  }
}

interface Work {
  readonly options: AnalyzeOptions;
  readonly context: CommandContext;
  readonly findings: FindingCollector;
}

async function describeTables(
  source: Source,
  catalog: SourceCatalog,
  order: readonly string[],
  work: Work,
): Promise<AnalyzedTable[]> {
  const byName = new Map(catalog.tables.map((table) => [table.name, table]));
  const activity = work.context.progress.start('counting rows', null);
  const tables: AnalyzedTable[] = [];
  for (const [index, name] of order.entries()) {
    // A turn of the event loop, so that Ctrl-C is heard between tables.
    await new Promise(setImmediate);
    work.context.signal.throwIfAborted();
    const table = byName.get(name);
    if (table === undefined) continue;
    const rowCount = Number(countRows(source.db, table));
    reportHints(source, catalog, table, work.findings);
    tables.push({
      ...describeTable(table, index + 1, rowCount),
      ...samplesOf(source, catalog, table, work.options.samples),
    });
  }
  activity.done();
  return tables;
}

function describeTable(table: SourceTable, order: number, rowCount: number): AnalyzedTable {
  return {
    name: table.name,
    order,
    rowCount,
    columns: table.columns.map(({ defaultSql, ...column }) => ({ ...column, default: defaultSql })),
    primaryKey: [...table.primaryKey],
    uniqueKeys: table.uniqueKeys
      .filter((key) => key.origin !== 'primary-key')
      .map((key) => key.columns.map((column) => column.name)),
    foreignKeys: table.foreignKeys.map((key) => ({
      ...key,
      columns: [...key.columns],
      parentColumns: [...key.parentColumns],
    })),
    autoincrementMark: table.autoincrementMark?.toString() ?? null,
    withoutRowid: table.withoutRowid,
    strict: table.strict,
  };
}

function samplesOf(
  source: Source,
  catalog: SourceCatalog,
  table: SourceTable,
  count: number,
): Pick<AnalyzedTable, 'samples'> {
  if (count === 0) return {};
  const encode = lineEncoder(table.columns.map((column) => column.name));
  return { samples: sampleRows(source.db, table, catalog.facts.encoding, count).map(encode) };
}

function reportIntegrity(integrity: Integrity, findings: FindingCollector): void {
  for (const message of integrity.messages) {
    findings.add(
      {
        code: 'integrity',
        severity: 'blocking',
        kind: 'data',
        message: 'SQLite finds the file damaged (integrity_check)',
        where: {},
        hint: 'mend a copy first (`sqlite3 COPY "REINDEX"` for indexes, `.recover` for pages) or take a backup',
      },
      { detail: message },
    );
  }
  for (const orphans of integrity.orphans) {
    const constraint = `(${orphans.columns.join(', ')}) → ${orphans.parentTable}`;
    findings.addCounted(
      {
        code: 'orphan',
        severity: 'blocking',
        kind: 'data',
        message: 'rows refer to a parent row that does not exist (foreign_key_check)',
        where: { table: orphans.table, column: orphans.columns.join(', '), constraint },
        hint: 'add the missing parents or mend the rows in the source before the export',
      },
      orphans.total,
      orphans.examples,
    );
  }
  for (const { table, message } of integrity.unresolvable) {
    findings.add({
      code: 'foreign-key-not-checked',
      severity: 'warning',
      kind: 'structure',
      message: `SQLite cannot check the foreign keys of the table: ${message}`,
      where: { table },
      hint: 'the parent needs a primary key or a unique index over exactly the columns referred to',
    });
  }
}

function reportStructure(catalog: SourceCatalog, findings: FindingCollector): void {
  const warning = { severity: 'warning', kind: 'structure' } as const;
  for (const table of catalog.tables) {
    if (table.primaryKey.length > 0) continue;
    findings.add({
      ...warning,
      code: 'no-primary-key',
      message:
        'the table has no primary key: rows are named by line only, and Prisma needs a unique key',
      where: { table: table.name },
    });
  }
  for (const object of catalog.notCarried) {
    if (object.kind !== 'virtual-table') continue;
    findings.add({
      ...warning,
      code: 'virtual-table',
      message: `a virtual table is not carried: ${object.reason}`,
      where: { table: object.name },
      hint: 'make its content anew on the target (for full-text search: a tsvector column and an index)',
    });
  }
}

const HINT_HEADS: Readonly<Record<ContentHint, FindingHead>> = {
  json: {
    code: 'json-column',
    severity: 'warning',
    kind: 'structure',
    message: 'columns hold JSON text: Json in the target checks it and can index it',
    where: {},
  },
  encrypted: {
    code: 'encrypted-column',
    severity: 'warning',
    kind: 'structure',
    message:
      'columns look encrypted: they arrive byte for byte, and their key must move with the application',
    where: {},
  },
};

function reportHints(
  source: Source,
  catalog: SourceCatalog,
  table: SourceTable,
  findings: FindingCollector,
): void {
  for (const { column, hint, examined } of hintColumns(source.db, table, catalog.facts.encoding)) {
    findings.add(HINT_HEADS[hint], {
      detail: `${table.name}.${column} (${examined} values examined)`,
    });
  }
}
