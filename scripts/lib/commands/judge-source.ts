import type pg from 'pg';

import { Judgement, type TableJudgement } from '../check/judgement.ts';
import { TableDigests } from '../compare/target/table-digest.ts';
import { columnId, type IntegerRange, type TablePlan } from '../mapping/plan.ts';
import type { PlannedTable } from '../mapping/source-shape.ts';
import type { FindingCollector } from '../model/findings.ts';
import { Ledger, type LedgerEntry } from '../model/ledger.ts';
import type { CommandContext } from '../model/progress.ts';
import type { AnalyzeReport } from '../model/reports/analyze.ts';
import { rowKeyDescriber } from '../model/row-key.ts';
import type { SourceCatalog, SourceTable } from '../model/source-catalog.ts';
import type { TargetCatalog } from '../model/target-catalog.ts';
import { quoteIdentifier } from '../model/sql.ts';
import type { Source } from '../source/open.ts';
import { countRows, readRows } from '../source/rows.ts';
import { chooseSchema, parseTargetUrl } from '../target/connection-config.ts';
import { connectTarget, explainFault, type TargetSession } from '../target/connect.ts';
import { introspectTarget } from '../target/introspect.ts';
import type { AppliedMapping } from './apply-mapping.ts';
import { planWithRanges } from './plan-with-ranges.ts';
import { plannedCatalog } from './planned-catalog.ts';

export interface JudgeSourceOptions {
  readonly source: Source;
  readonly catalog: SourceCatalog;
  /** Names of the source tables, parents first. */
  readonly order: readonly string[];
  readonly mapping: AppliedMapping | null;
  readonly findings: FindingCollector;
}

/** What holding a source against a target found, beside the findings. */
export interface SourceJudgement {
  /** Host, port, database and schema. */
  readonly target: string;
  readonly ledger: readonly LedgerEntry[];
  readonly tables: ReportedTarget['tables'];
}

type ReportedTarget = NonNullable<AnalyzeReport['target']>;

/** A read-only session on the target that a source is to be held against. */
export interface TargetToJudge {
  readonly session: TargetSession;
  readonly schema: string;
}

/**
 * Connects before anything long begins, so that a wrong address is known at once; null without a target.
 *
 * @throws ToolkitError of kind `target` when it cannot be reached, of kind `usage` when it cannot be
 */
export async function connectToJudge(
  {
    target,
    schema,
    env,
  }: {
    readonly target?: string | undefined;
    /** Overrides the URL's `?schema=`. */
    readonly schema?: string | undefined;
    readonly env: NodeJS.ProcessEnv;
  },
  context: CommandContext,
): Promise<TargetToJudge | null> {
  if (target === undefined) return null;
  const address = parseTargetUrl(target, env);
  const session = await connectTarget(address, 'sqlite-migration analyze', context.signal);
  await session.client.query('SET default_transaction_read_only = on');
  return { session, schema: chooseSchema(schema, address) };
}

/**
 * Holds every row of a source against a target's schema, as an import would before it loads. Nothing
 * is written.
 *
 * @throws ToolkitError of kind `target` or `target-schema` when the target cannot be asked
 */
export async function judgeSource(
  { session, schema }: TargetToJudge,
  options: JudgeSourceOptions,
  context: CommandContext,
): Promise<SourceJudgement> {
  try {
    return await judgeAgainst(session, schema, options, context);
  } catch (error) {
    throw explainFault(error, session.label);
  }
}

async function judgeAgainst(
  { client, label }: TargetSession,
  schema: string,
  options: JudgeSourceOptions,
  context: CommandContext,
): Promise<SourceJudgement> {
  const target = await introspectTarget(client, schema);
  const note = `holding every value against ${label}, schema ${schema}; nothing is written`;
  const judged = await judgeAgainstCatalog(target, client, options, {
    ...context,
    onPlanned: () => context.progress.note(note),
  });
  return { target: `${label}?schema=${schema}`, ...judged };
}

/**
 * Holds every row of a source against a catalog of PostgreSQL, be it a database's or one that is only
 * drafted.
 *
 * @param client null for a drafted catalog, which has nothing that only a server can judge
 */
export async function judgeAgainstCatalog(
  target: TargetCatalog,
  client: pg.Client | null,
  options: JudgeSourceOptions,
  context: CommandContext & { readonly onPlanned?: () => void },
): Promise<Pick<SourceJudgement, 'ledger' | 'tables'>> {
  const { source, catalog, order, mapping, findings } = options;
  const plans = await planWithRanges(
    { source: plannedCatalog(catalog, order), target, mapping, findings },
    (undecided) => readIntegerRanges(source, undecided),
  );
  const ledger = new Ledger();
  const tableDigests = new TableDigests();
  const judgement = new Judgement({
    plans,
    catalog: target,
    client,
    findings,
    ledger,
    keepsRows: false,
    onConflict: 'error',
    keyMemoryBytes: context.keyMemoryBytes,
    doneBefore: new Set(),
    watch: (plan) => tableDigests.watch(plan),
  });
  const tables: ReportedTarget['tables'] = [];
  try {
    context.onPlanned?.();
    await judgement.prepare((name) => {
      const table = catalog.tables.find((candidate) => candidate.name === name);
      const { encoding } = catalog.facts;
      return table === undefined ? [] : [readRows(source.db, table, 'bytes', encoding)];
    });
    const rowCounts = countTables(options, plans, context);
    for (const plan of plans) {
      const table = catalog.tables.find((candidate) => candidate.name === plan.source.name);
      if (table === undefined) continue;
      const judging = { table, rowCount: rowCounts.get(table.name) ?? 0 };
      const judged = await judgeTable(options, judging, judgement.table(plan), context);
      const rowCount = judged - ledger.rowsLeftOut(table.name);
      tables.push({
        source: table.name,
        target: plan.target.name,
        rowCount,
        digest: null,
        columns: plan.columns.map((column) => ({
          source: column.source?.name ?? null,
          target: column.target.name,
          type: column.target.type.display,
        })),
      });
    }
    judgement.finish();
    const digests = tableDigests.results();
    for (const table of tables) table.digest = digests.get(table.source) ?? null;
  } finally {
    judgement.close();
  }
  return { ledger: ledger.list(), tables };
}

/** Counts the rows of the tables that are to be judged, and says so to those who watch. */
function countTables(
  { source, catalog }: JudgeSourceOptions,
  plans: readonly TablePlan<PlannedTable>[],
  { progress }: CommandContext,
): ReadonlyMap<string, number> {
  const judged = new Set(plans.map((plan) => plan.source.name));
  const counted = catalog.tables
    .filter(({ name }) => judged.has(name))
    .map((table) => ({
      table: table.name,
      rows: Number(countRows(source.db, table)),
      bytes: null,
    }));
  progress.plan?.('judge', counted);
  return new Map(counted.map(({ table, rows }) => [table, rows]));
}

const ROWS_BETWEEN_TURNS = 500;

/** Judges the rows of a table; gives how many there are. */
async function judgeTable(
  { source, catalog }: JudgeSourceOptions,
  { table, rowCount: totalRows }: { readonly table: SourceTable; readonly rowCount: number },
  { look, settle }: TableJudgement,
  context: CommandContext,
): Promise<number> {
  const activity = context.progress.start(table.name, totalRows, {
    phase: 'judge',
    table: table.name,
  });
  const names = table.columns.map((column) => column.name);
  const describe = rowKeyDescriber(names, table.primaryKey);
  let rowCount = 0;
  // By bytes: malformed text must be seen as what it is, and no row may be judged twice.
  for (const row of readRows(source.db, table, 'bytes', catalog.facts.encoding)) {
    const rowKey = describe(row);
    look(row, rowKey === undefined ? {} : { rowKey });
    rowCount += 1;
    if (rowCount % ROWS_BETWEEN_TURNS !== 0) continue;
    await settle();
    await new Promise(setImmediate);
    context.signal.throwIfAborted();
    activity.advance(ROWS_BETWEEN_TURNS);
  }
  await settle();
  activity.advance(rowCount % ROWS_BETWEEN_TURNS);
  activity.done();
  return rowCount;
}

/** The limits of a column's integers, 0 left out, found by SQLite itself. */
function readIntegerRanges(
  source: Source,
  plans: readonly TablePlan<PlannedTable>[],
): Map<string, IntegerRange> {
  const ranges = new Map<string, IntegerRange>();
  for (const { source: table, columns } of plans) {
    for (const { source: column, needsIntegerRange } of columns) {
      if (column === null || !needsIntegerRange) continue;
      const name = quoteIdentifier(column.name);
      const [row] = source.db
        .prepare<[], { min: bigint | null; max: bigint | null }>(
          `SELECT min(${name}) AS min, max(${name}) AS max FROM main.${quoteIdentifier(table.name)}
           WHERE typeof(${name}) = 'integer' AND ${name} <> 0`,
        )
        .all();
      const range =
        row === undefined || row.min === null || row.max === null
          ? null
          : { min: row.min, max: row.max };
      ranges.set(columnId(table.name, column.name), range);
    }
  }
  return ranges;
}
