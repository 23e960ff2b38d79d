import { performance } from 'node:perf_hooks';

import type pg from 'pg';

import type { Artifact } from '../../artifact/reader.ts';
import type { TablePlan } from '../../mapping/plan.ts';
import type { LostReferences } from '../../mapping/references.ts';
import type { Activity, CommandContext } from '../../model/progress.ts';
import type { TargetCatalog } from '../../model/target-catalog.ts';
import type { ComparedTable } from '../../model/target-comparison.ts';
import { countTable } from '../../target/introspect.ts';
import { scopeSql } from '../../target/scope.ts';
import { expectedRows, sortedRows } from './expected-rows.ts';
import { RowMerge, type MergeResult } from './merge.ts';
import type { ReadAhead } from './read-ahead.ts';
import type { RowFormat } from './row-format.ts';
import type { RowSample, SampledRow } from './sample.ts';
import { copyRows, rowsWithKeys } from './statements.ts';
import { TargetLines, copyOutput } from './target-lines.ts';
import type { TargetOutput } from './target-output.ts';

export interface TableToCompare {
  /** In a transaction that sees one state of the target. */
  readonly client: pg.Client;
  readonly catalog: TargetCatalog;
  readonly artifact: Artifact;
  readonly plan: TablePlan;
  readonly format: RowFormat;
  /** The rows of the data file come in the order in which PostgreSQL sorts them. */
  readonly isInOrder: boolean;
  /** SHA-256 of the lines that the target should write; null where it is not known before. */
  readonly archiveDigest: string | null;
  /** Reads what the target holds, where not just a sample is compared. */
  readonly ahead: ReadAhead;
  /** The rows to compare; null for all. */
  readonly sample: RowSample | null;
  readonly lostReferences: LostReferences;
  readonly rowsLeftOut: number;
  readonly showValues: boolean;
  readonly context: CommandContext;
}

/**
 * Compares a table of the target with the rows that the archive has for it. Memory does not grow with
 * the rows: both sides are read in the order of the key, and the archive's are sorted in a temporary
 * file where they are in another.
 */
export async function compareTable(job: TableToCompare): Promise<ComparedTable> {
  const startedAt = performance.now();
  const { plan, format, rowsLeftOut } = job;
  const compared =
    job.sample === null ? await compareAll(job) : await compareSample(job, job.sample);
  return {
    source: plan.source.name,
    target: plan.target.name,
    columns: format.columns.map(({ target }) => target.name),
    key: format.isKeyed
      ? format.key.map((index) => format.columns[index]?.target.name ?? '')
      : null,
    ...(await describeScope(job)),
    rowsLeftOut,
    elapsedMs: Math.round(performance.now() - startedAt),
    ...compared,
  };
}

/** Which rows of the target were compared, and how many belong to other sources. */
async function describeScope({
  client,
  catalog,
  plan,
}: TableToCompare): Promise<Pick<ComparedTable, 'where' | 'rowsOfOthers'>> {
  const where = scopeSql(plan.scope);
  if (where === null) return { where, rowsOfOthers: 0 };
  const rowsOfOthers = await countTable(
    client,
    catalog,
    plan.target.name,
    `(${where}) IS NOT TRUE`,
  );
  return { where, rowsOfOthers };
}

type Compared = Pick<ComparedTable, 'rowsOfTarget' | 'digest'> &
  Partial<Pick<ComparedTable, 'elapsedMs'>> &
  Omit<MergeResult, 'digest'>;

async function compareAll(job: TableToCompare): Promise<Compared> {
  const { catalog, plan, format, ahead } = job;
  const sql = copyRows({ catalog, table: plan.target, format }, scopeSql(plan.scope));
  const rowCount = plan.source.rowCount - job.rowsLeftOut;
  const activity = startComparing(job, rowCount);
  try {
    let passed = 0;
    const output = await ahead.outputOf(plan, (lines) => {
      passed += lines;
      activity.advance(lines);
    });
    // Nearly always nothing differs, and then the digests say so.
    const isSame = output !== null && output.sha256 === job.archiveDigest;
    if (isSame && output.lineCount === rowCount) return allEqual(output, sql);
    activity.advance(-passed);
    return await compareRowByRow(job, sql, activity);
  } catch (error) {
    activity.fail?.();
    throw error;
  } finally {
    activity.done();
  }
}

/** The time is that of the reading, which began before the comparison. */
function allEqual({ lineCount, sha256, elapsedMs }: TargetOutput, sql: string): Compared {
  return {
    rowsOfArchive: lineCount,
    rowsEqual: lineCount,
    rowsMissing: 0,
    rowsExtra: 0,
    rowsDifferent: 0,
    differences: [],
    rowsOfTarget: lineCount,
    digest: { archive: sha256, target: sha256, sql },
    elapsedMs,
  };
}

async function compareRowByRow(
  job: TableToCompare,
  sql: string,
  activity: Activity,
): Promise<Compared> {
  const { client, format } = job;
  const target = new TargetLines(copyOutput(client, [sql]));
  const merge = new RowMerge({ format, target, showValues: job.showValues, ignoresExtra: false });
  const options = { ...job, signal: job.context.signal };
  const batches = job.isInOrder ? expectedRows(options) : sortedRows(options);
  for await (const rows of batches) {
    await merge.add(rows);
    activity.advance(rows.length);
  }
  const { digest, ...result } = await merge.finish();
  return {
    ...result,
    rowsOfTarget: target.count,
    digest: { archive: digest, target: target.digest(), sql },
  };
}

const ROWS_OF_A_STATEMENT = 1000;

async function compareSample(job: TableToCompare, sample: RowSample): Promise<Compared> {
  const { client, catalog, plan, format } = job;
  const rows = sample.list();
  const table = { catalog, table: plan.target, format };
  const scope = scopeSql(plan.scope);
  const statements = batchesOf(rows).map((batch) => {
    const chosen = rowsWithKeys(
      format,
      batch.map(({ keyTexts }) => keyTexts),
    );
    return copyRows(table, scope === null ? chosen : `${chosen} AND ${scope}`);
  });
  const target = new TargetLines(copyOutput(client, statements));
  const merge = new RowMerge({ format, target, showValues: job.showValues, ignoresExtra: true });
  const activity = startComparing(job, rows.length);
  try {
    await merge.add(rows);
    activity.advance(rows.length);
    const { digest: _, ...result } = await merge.finish();
    return {
      ...result,
      rowsOfTarget: await countTable(client, catalog, plan.target.name, scope),
      digest: null,
    };
  } catch (error) {
    activity.fail?.();
    throw error;
  } finally {
    activity.done();
  }
}

function startComparing({ plan, context }: TableToCompare, rowCount: number): Activity {
  const table = plan.target.name;
  return context.progress.start(`${table}: comparing`, rowCount, { phase: 'compare', table });
}

function batchesOf(rows: readonly SampledRow[]): (readonly SampledRow[])[] {
  const count = Math.ceil(rows.length / ROWS_OF_A_STATEMENT);
  return Array.from({ length: count }, (_, index) =>
    rows.slice(index * ROWS_OF_A_STATEMENT, (index + 1) * ROWS_OF_A_STATEMENT),
  );
}
