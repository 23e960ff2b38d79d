import { lineEncoder } from '../artifact/line.ts';
import { FindingCollector } from '../model/findings.ts';
import type { CommandContext } from '../model/progress.ts';
import type { AnalyzeReport, CommandResult } from '../model/report.ts';
import type { SourceCatalog, SourceTable } from '../model/source-catalog.ts';
import { hintColumns, sampleRows } from '../source/content-hints.ts';
import { checkIntegrity } from '../source/integrity.ts';
import { introspectSource } from '../source/introspect.ts';
import {
  asSourceError,
  hasWalContent,
  openSource,
  readSourceFacts,
  type Source,
} from '../source/open.ts';
import { countRows } from '../source/rows.ts';
import { reportHints, reportIntegrity, reportStructure } from './analyze-findings.ts';
import { loadOrder } from './load-order.ts';
import { tableShape } from './table-shape.ts';

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
    reportHints(table, hintColumns(source.db, table, catalog.facts.encoding), work.findings);
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
    order,
    rowCount,
    ...tableShape(table),
    uniqueKeys: table.uniqueKeys
      .filter((key) => key.origin !== 'primary-key')
      .map((key) => key.columns.map((column) => column.name)),
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
