import { lineEncoder } from '../artifact/line.ts';
import { tableShape } from '../artifact/table-shape.ts';
import { isOutward } from '../mapping/outward-references.ts';
import { ToolkitError, reword } from '../model/errors.ts';
import { FindingCollector } from '../model/findings.ts';
import type { CommandContext } from '../model/progress.ts';
import type { AnalyzeReport } from '../model/reports/analyze.ts';
import type { CommandResult } from '../model/reports/parts.ts';
import type { SourceCatalog, SourceTable } from '../model/source-catalog.ts';
import type { TableCensus } from '../source/census/take-census.ts';
import { checkIntegrity, type Integrity } from '../source/integrity.ts';
import { introspectSource } from '../source/introspect.ts';
import { hasWalContent, openSource, readSourceFacts, type Source } from '../source/open.ts';
import { sampleRows } from '../source/sample-rows.ts';
import type { SnapshotReaders } from '../source/snapshot-readers.ts';
import { asSourceError } from '../source/source-error.ts';
import { reportIntegrity, reportStructure } from './analyze-findings.ts';
import { applyMapping, describeMapping, type AppliedMapping } from './apply-mapping.ts';
import { reportCensus } from './census-findings.ts';
import { censusTables } from './census-tables.ts';
import type { SourceJudgement, TargetToJudge } from './judge-source.ts';
import type { DraftOptions } from './draft.ts';
import { loadOrder } from './load-order.ts';
import { openReaderAhead } from './open-readers.ts';
import { plannedCatalog } from './planned-catalog.ts';

export interface AnalyzeOptions {
  readonly source: string;
  /** How many rows of each table go into the report; rows may be private, so none by default. */
  readonly samples: number;
  /** A PostgreSQL database whose schema every value is held against. */
  readonly target?: string | undefined;
  /** Overrides the URL's `?schema=`. */
  readonly schema?: string | undefined;
  /** The mapping file. */
  readonly mapping?: string | undefined;
  readonly env: NodeJS.ProcessEnv;
  /** Drafts a Prisma schema for the source. */
  readonly draft?: DraftOptions | undefined;
}

type AnalyzeResult = CommandResult<AnalyzeReport>;
type AnalyzedTable = AnalyzeResult['tables'][number];

/**
 * Describes a SQLite database and what stands in the way of moving it; with a target, every value
 * that its schema would refuse. Reads only.
 *
 * @throws ToolkitError of kind `source` when the file cannot be read
 */
export async function analyzeSource(
  options: AnalyzeOptions,
  context: CommandContext,
): Promise<AnalyzeResult> {
  const drafting = options.draft === undefined ? null : await import('./draft.ts');
  const judging = options.target === undefined ? null : await import('./judge-source.ts');
  if (options.draft !== undefined) await drafting?.checkDraftFolder(options.draft);
  const hadWal = hasWalContent(options.source);
  const source = openSource(options.source);
  let target: TargetToJudge | null = null;
  let readers: SnapshotReaders | undefined;
  try {
    readers = await openReaderAhead(source);
    const catalog = { facts: readSourceFacts(source, hadWal), ...introspectSource(source.db) };
    const groups = loadOrder(catalog.tables);
    const order = groups.flatMap((group) => group.members);
    const mapping = await applyMapping(options.mapping, plannedCatalog(catalog, order));
    target = (await judging?.connectToJudge(options, context)) ?? null;
    const [integrity, censuses] = await besideIntegrityCheck(options.source, context, (beside) =>
      censusTables(source, catalog, beside, readers),
    );
    const findings = new FindingCollector();
    reportIntegrity({ ...integrity, orphans: unansweredOrphans(integrity, mapping) }, findings);
    reportStructure(catalog, findings);
    const tables = await describeTables(source, catalog, order, {
      options,
      context,
      findings,
      censuses,
    });
    const { orphans } = integrity;
    const analyzed = { source, catalog, order, censuses, orphans };
    const draft =
      options.draft === undefined
        ? undefined
        : await drafting?.draftPrismaSchema(options.draft, analyzed, findings, context);
    const judged =
      target === null
        ? undefined
        : await judging?.judgeSource(
            target,
            { source, catalog, order, mapping, findings },
            context,
          );
    const { fileName: _, ...facts } = catalog.facts;
    return {
      source: { file: options.source, ...facts },
      integrity: { ok: integrity.messages.length === 0, messages: integrity.messages },
      totalRows: tables.reduce((sum, table) => sum + table.rowCount, 0),
      tables,
      loadOrder: order,
      cycles: groups.filter((group) => group.cyclic).map((group) => [...group.members]),
      notCarried: [...catalog.notCarried],
      mapping: describeMapping(mapping),
      target: judged === undefined ? null : describeJudgement(judged),
      draft: draft ?? null,
      findings: findings.list(),
    };
  } catch (error) {
    throw asSourceError(error, options.source);
  } finally {
    await target?.session.close();
    await readers?.close();
    source.close();
  }
}

/** What the judgement found, as the report has it. */
function describeJudgement({ target, ledger, tables }: SourceJudgement): AnalyzeResult['target'] {
  return { name: target, tables, ledger: [...ledger] };
}

/**
 * The orphans that no word of the mapping answers: neither their table nor their key is left out, nor has
 * it a policy, nor does another source bring the parents.
 */
function unansweredOrphans(
  { orphans }: Integrity,
  mapping: AppliedMapping | null,
): Integrity['orphans'] {
  return orphans.filter(({ table, columns }) => {
    const mapped = mapping?.tables.get(table);
    const isAnswered = columns.some((name) => {
      const column = mapped?.columns.get(name);
      const { policies } = column ?? {};
      return (
        column?.drop !== undefined ||
        policies?.has('null') === true ||
        policies?.has('skip_row') === true
      );
    });
    const isOfTarget = mapped !== undefined && isOutward({ outward: mapped.references }, columns);
    return mapped?.skip === undefined && !isAnswered && !isOfTarget;
  });
}

interface Work {
  readonly options: AnalyzeOptions;
  readonly context: CommandContext;
  readonly findings: FindingCollector;
  readonly censuses: ReadonlyMap<string, TableCensus>;
}

/**
 * Runs SQLite's own checks, which are a process of their own, side by side with other work. When
 * one of the two fails, the other is ended; where the file is damaged, the error has what the checks say.
 */
async function besideIntegrityCheck<Result>(
  path: string,
  context: CommandContext,
  work: (context: CommandContext) => Promise<Result>,
): Promise<[Integrity, Result]> {
  const failed = new AbortController();
  const signal = AbortSignal.any([context.signal, failed.signal]);
  const activity = context.progress.start('integrity_check and foreign_key_check', null, {
    phase: 'integrity',
  });
  const checking = checkIntegrity(path, signal).finally(() => activity.done());
  const working = work({ ...context, signal }).catch(async (error: unknown) => {
    throw error instanceof ToolkitError && error.code === 'source-damaged'
      ? withDamage(error, (await checking).messages)
      : error;
  });
  try {
    return await Promise.all([checking, working]);
  } finally {
    failed.abort();
  }
}

/** How many of SQLite's messages an error repeats. */
const MESSAGES_SHOWN = 10;

function withDamage(error: ToolkitError, messages: readonly string[]): ToolkitError {
  const more = messages.length - MESSAGES_SHOWN;
  const details = [
    ...messages.slice(0, MESSAGES_SHOWN),
    ...(more > 0 ? [`and ${more} more of integrity_check`] : []),
  ];
  const lines = [error.message, ...details.map((detail) => `  - ${detail}`)];
  return reword(error, { message: lines.join('\n') });
}

async function describeTables(
  source: Source,
  catalog: SourceCatalog,
  order: readonly string[],
  work: Work,
): Promise<AnalyzedTable[]> {
  const byName = new Map(catalog.tables.map((table) => [table.name, table]));
  const { facts } = catalog;
  const { findings } = work;
  const activity = work.context.progress.start('finding the rows that stand out', null, {
    phase: 'census',
  });
  const tables: AnalyzedTable[] = [];
  for (const [index, name] of order.entries()) {
    const table = byName.get(name);
    const census = work.censuses.get(name);
    if (table === undefined || census === undefined) continue;
    await reportCensus(table, census, { source, facts, findings, signal: work.context.signal });
    tables.push({
      ...describeTable(table, index + 1, census),
      ...samplesOf(source, catalog, table, work.options.samples),
    });
  }
  activity.done();
  return tables;
}

function describeTable(table: SourceTable, order: number, census: TableCensus): AnalyzedTable {
  const shape = tableShape(table);
  const censuses = new Map(census.columns.map((column) => [column.name, column.census]));
  return {
    order,
    rowCount: census.rowCount,
    ...shape,
    columns: shape.columns.flatMap((column) => {
      const counted = censuses.get(column.name);
      return counted === undefined ? [] : [{ ...column, census: counted }];
    }),
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
