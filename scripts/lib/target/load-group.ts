import { performance } from 'node:perf_hooks';

import type pg from 'pg';

import type { Artifact } from '../artifact/reader.ts';
import type { TablePlan } from '../mapping/plan.ts';
import type { LostReferences } from '../mapping/references.ts';
import type { ConflictAnswer } from '../model/conflict.ts';
import type { FindingCollector } from '../model/findings.ts';
import type { CommandContext } from '../model/progress.ts';
import type { TargetCatalog, TargetTable } from '../model/target-catalog.ts';
import { loadWithoutIndexes, type IndexesRefused } from './constraints/dropped-indexes.ts';
import { lockForLoad } from './constraints/locks.ts';
import { planConstraints, type ConstraintPlan } from './constraints/plan.ts';
import type { ConstraintRights } from './constraints/rights.ts';
import { setConstraintsAside } from './constraints/set-aside.ts';
import type { RowsDigest } from './copy-lines.ts';
import { copyTable, type CopyOptions } from './copy-table.ts';
import { countTable, quoteTable } from './introspect.ts';
import { LoadRefused, conflictsAppeared, miscounted, rowsAppeared } from './load-errors.ts';
import { checkBeforeCommit, proveForeignKeys } from './load-proofs.ts';
import { analyzeReferredKeys } from './key-statistics.ts';
import { reportRejectedRow } from './rejected-row.ts';
import { scopeSql } from './scope.ts';
import { setSequences, type SetSequence } from './sequences.ts';
import { copyThroughStaging, type StagedRows } from './staging.ts';

export interface LoadJob {
  readonly client: pg.Client;
  readonly catalog: TargetCatalog;
  readonly artifact: Artifact;
  readonly findings: FindingCollector;
  readonly context: CommandContext;
  /** `empty`: the tables have no rows; `truncate`: empty them first; `append`: keep what is there. */
  readonly existingRows: 'empty' | 'truncate' | 'append';
  readonly rights: ConstraintRights;
  /** Leave foreign keys and indexes in place, whatever the role may do. */
  readonly keepConstraints: boolean;
  /** The indexes of a table that gets as many rows, or more, are built after them. */
  readonly rowsToDropIndexes: number;
  /** What refers to rows that the mapping leaves out. */
  readonly lostReferencesOf: (plan: TablePlan) => LostReferences;
  /** How many rows of a source table the mapping leaves out. */
  readonly rowsLeftOut: (sourceTable: string) => number;
  /** What becomes of a row whose primary key is there already. */
  readonly onConflict: ConflictAnswer;
  /** How many rows of a source table were found to be such. */
  readonly conflictsOf: (sourceTable: string) => number;
  /** Computes the digest of a table while it is loaded; null where it is known already. */
  readonly digestOf: (plan: TablePlan) => RowsDigest | null;
  /** The sequences that this run has set, filled while it goes on. */
  readonly sequencesSet: Map<string, bigint>;
}

export interface LoadedTable {
  readonly plan: TablePlan;
  readonly rowCount: number;
  readonly rowsAfter: number;
  /** Where it was computed of the rows as they were loaded. */
  readonly digest: string | null;
  readonly sequences: readonly SetSequence[];
  /** UTC; null when only the journal knows of the load. */
  readonly startedAt: string | null;
  readonly elapsedMs: number;
}

/** Takes all locks of a load, in the transaction that the session is in. */
export async function lockGroup(job: LoadJob, plans: readonly TablePlan[]): Promise<void> {
  await lockForLoad(job.client, constraintsOf(job, plans).locks);
}

/**
 * Loads tables together in the transaction that the session is in and that has locked them: COPY,
 * indexes, counts, foreign keys, sequences. The caller commits or rolls back.
 *
 * @throws LoadRefused when rows break a constraint of the target
 * @throws IndexesRefused when it must be done again `withIndexes`
 */
export async function loadGroup(job: LoadJob, plans: readonly TablePlan[]): Promise<LoadedTable[]> {
  const { client, catalog } = job;
  const tables = plans.map((plan) => plan.target);
  const emptied = emptiedWith(job, tables);
  const constraints = constraintsOf(job, plans);
  const touched = emptied.length > 0 ? emptied : tables;
  const restore = await setConstraintsAside(client, catalog, constraints, touched);
  if (emptied.length > 0) await truncate(client, catalog, emptied);
  const loaded: LoadedTable[] = [];
  for (const plan of plans) {
    const indexes = constraints.indexes.get(plan.target) ?? [];
    const table = await loadTable(job, plan, indexes);
    await analyzeReferredKeys(client, catalog, plan.target, table.rowsAfter);
    loaded.push(table);
  }
  // What follows may take as long as the rows did.
  job.context.signal.throwIfAborted();
  await proveForeignKeys(job, plans, constraints.proven);
  await checkBeforeCommit(job, plans, restore);
  return loaded;
}

/** The job with all indexes in place while rows are copied: so PostgreSQL names a row that it refuses. */
export function withIndexes<Job extends Omit<LoadJob, 'client'>>(
  job: Job,
  { message }: IndexesRefused,
): Job {
  job.context.progress.note(`${message}; loading again with its indexes in place`);
  return { ...job, rowsToDropIndexes: Infinity };
}

/** What a load of these tables does with their foreign keys and indexes, and the locks that it takes. */
export function constraintsOf(
  job: Omit<LoadJob, 'client'>,
  plans: readonly TablePlan[],
): ConstraintPlan {
  const tables = plans.map((plan) => plan.target);
  return planConstraints(job.catalog, tables, emptiedWith(job, tables), {
    ...job,
    keepsRows: plans.some((plan) => keepsRows(job, plan)),
    isFilled: (table) =>
      plans.some(
        (plan) =>
          plan.target === table &&
          !keepsRows(job, plan) &&
          rowsExpected(job, plan) >= job.rowsToDropIndexes,
      ),
  });
}

function rowsExpected({ rowsLeftOut }: Omit<LoadJob, 'client'>, { source }: TablePlan): number {
  return source.rowCount - rowsLeftOut(source.name);
}

/** Rows may stay in the table: those that were there before, or those of other sources. */
function keepsRows({ existingRows }: Omit<LoadJob, 'client'>, { scope }: TablePlan): boolean {
  return existingRows === 'append' || (existingRows === 'empty' && scope.length > 0);
}

function emptiedWith(
  { catalog, existingRows }: Omit<LoadJob, 'client'>,
  tables: readonly TargetTable[],
): readonly TargetTable[] {
  return existingRows === 'truncate' ? withReferring(catalog, tables) : [];
}

async function loadTable(
  job: LoadJob,
  plan: TablePlan,
  indexes: readonly string[],
): Promise<LoadedTable> {
  const { client, catalog, context } = job;
  const startedAt = new Date().toISOString();
  const start = performance.now();
  const before = await countTable(client, catalog, plan.target.name);
  if (job.existingRows === 'empty') await requireNoRows(job, plan);
  const { rows, digest } = await loadWithoutIndexes(
    { client, catalog, ...context, table: plan.target, indexes },
    async () => copyPlanned(job, plan),
  );
  const rowsAfter = await countTable(client, catalog, plan.target.name);
  const expected = rowsExpected(job, plan);
  const conflicts = job.conflictsOf(plan.source.name);
  if (rows.copied - rows.inserted !== conflicts) throw conflictsAppeared(plan, conflicts, rows);
  if (rows.copied !== expected || rowsAfter !== before + rows.inserted) {
    throw miscounted(plan, expected, rows.copied, rowsAfter - before);
  }
  const sequences = await setTableSequences(job, plan);
  const elapsedMs = Math.round(performance.now() - start);
  const rowCount = rows.inserted + rows.updated;
  return { plan, rowCount, rowsAfter, digest, sequences, startedAt, elapsedMs };
}

/** Copies the rows of a table; the digest is of the rows as they were copied. */
async function copyPlanned(
  job: LoadJob,
  plan: TablePlan,
): Promise<{ readonly rows: StagedRows; readonly digest: string | null }> {
  const { client, catalog, artifact, context } = job;
  const activity = context.progress.start(plan.target.name, plan.source.rowCount, {
    phase: 'load',
    table: plan.target.name,
    isSettledLater: true,
  });
  const lostReferences = job.lostReferencesOf(plan);
  const digest = job.digestOf(plan);
  const copying = { client, catalog, artifact, plan, lostReferences, activity, digest };
  try {
    const rows = await copyRows({ ...copying, signal: context.signal }, job.onConflict);
    return { rows, digest: digest?.result() ?? null };
  } catch (error) {
    if (await reportRejectedRow(error, artifact, plan, lostReferences, job.findings)) {
      throw new LoadRefused(plan.source.name, { cause: error });
    }
    throw error;
  } finally {
    activity.done();
  }
}

async function copyRows(options: CopyOptions, onConflict: ConflictAnswer): Promise<StagedRows> {
  if (onConflict !== 'error') return copyThroughStaging(options, onConflict);
  const copied = await copyTable(options);
  return { copied, inserted: copied, updated: 0 };
}

/** @throws ToolkitError of kind `target` when rows of this source are there */
async function requireNoRows({ client, catalog }: LoadJob, plan: TablePlan): Promise<void> {
  const count = await countTable(client, catalog, plan.target.name, scopeSql(plan.scope));
  if (count > 0) throw rowsAppeared(plan, count);
}

/**
 * The tables and every table that refers to them. They are emptied together: the others are loaded
 * later in the same run or were empty before, and rows that refer to nothing must not be seen by
 * anybody in between.
 */
function withReferring(
  catalog: TargetCatalog,
  tables: readonly TargetTable[],
): readonly TargetTable[] {
  const closure = tablesReferringTo(
    catalog,
    tables.map((table) => table.name),
  );
  return catalog.tables.filter((table) => closure.has(table.name));
}

async function truncate(
  client: pg.Client,
  catalog: TargetCatalog,
  tables: readonly TargetTable[],
): Promise<void> {
  const list = tables.map((table) => quoteTable(catalog, table.name)).toSorted();
  await client.query(`TRUNCATE ${list.join(', ')}`);
}

/** The tables named, and every table of the schema that refers to one of them, directly or not. */
export function tablesReferringTo(catalog: TargetCatalog, names: readonly string[]): Set<string> {
  const closure = new Set(names);
  for (let size = -1; size !== closure.size;) {
    size = closure.size;
    for (const table of catalog.tables) {
      const refers = table.foreignKeys.some(
        (key) => key.parentSchema === catalog.schema && closure.has(key.parentTable),
      );
      if (refers) closure.add(table.name);
    }
  }
  return closure;
}

async function setTableSequences(job: LoadJob, plan: TablePlan): Promise<readonly SetSequence[]> {
  const { source, target } = plan;
  const aliasPlan = plan.columns.find(
    (column) => column.source !== null && column.source.name === source.rowidAlias,
  );
  const { set, exhausted, notInteger } = await setSequences(job.client, job.catalog, target, {
    markOf: (column) =>
      column === aliasPlan?.target.name && source.autoincrementMark !== null
        ? BigInt(source.autoincrementMark)
        : null,
    keepsRows: keepsRows(job, plan),
    alreadySet: job.sequencesSet,
  });
  const head = { severity: 'warning', kind: 'structure', where: { table: target.name } } as const;
  for (const sequence of exhausted) {
    job.findings.add({
      ...head,
      code: 'sequence-exhausted',
      message: `the sequence ${sequence} has no value left above what the table holds`,
      hint: 'give the column a larger type (BigInt) before the application inserts rows',
    });
  }
  for (const sequence of notInteger) {
    job.findings.add({
      ...head,
      code: 'sequence-not-set',
      message: `the sequence ${sequence} feeds a column that is no integer, and was left as it is`,
      hint: 'set it by hand above the numbers that the column holds',
    });
  }
  return set;
}
