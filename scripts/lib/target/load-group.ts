import { performance } from 'node:perf_hooks';

import pg from 'pg';

import type { Artifact } from '../artifact/reader.ts';
import type { TablePlan } from '../mapping/plan.ts';
import { ToolkitError } from '../model/errors.ts';
import { MAX_EXAMPLES, type FindingCollector } from '../model/findings.ts';
import type { CommandContext } from '../model/progress.ts';
import type { TargetCatalog, TargetTable } from '../model/target-catalog.ts';
import {
  chooseMode,
  findBrokenReferences,
  lockForLoad,
  setConstraintsAside,
} from './constraints.ts';
import { copyTable } from './copy-table.ts';
import { quoteTable } from './introspect.ts';
import { reportRejectedRow } from './rejected-row.ts';
import { setSequences, type SetSequence } from './sequences.ts';

export interface LoadJob {
  readonly client: pg.Client;
  readonly catalog: TargetCatalog;
  readonly artifact: Artifact;
  readonly findings: FindingCollector;
  readonly context: CommandContext;
  /** `empty`: the tables have no rows; `truncate`: empty them first; `append`: keep what is there. */
  readonly existingRows: 'empty' | 'truncate' | 'append';
  readonly mayProve: boolean;
  /** The sequences that this run has set, filled while it goes on. */
  readonly sequencesSet: Map<string, bigint>;
}

export interface LoadedTable {
  readonly plan: TablePlan;
  readonly rowCount: number;
  readonly rowsAfter: number;
  readonly sequences: readonly SetSequence[];
  readonly elapsedMs: number;
}

/** The load found rows that break a constraint: they are in the findings, and the transaction must be rolled back. */
export class LoadRefused extends Error {}

/**
 * Loads tables together in the transaction that the session is in: COPY, counts, foreign keys,
 * sequences. The caller commits or rolls back.
 *
 * @throws LoadRefused when rows break a constraint of the target
 */
export async function loadGroup(job: LoadJob, plans: readonly TablePlan[]): Promise<LoadedTable[]> {
  const { client, catalog, existingRows } = job;
  const tables = plans.map((plan) => plan.target);
  const keepsRows = existingRows === 'append';
  const mode = chooseMode(tables, job.mayProve, keepsRows);
  await lockForLoad(client, catalog, tables, mode);
  const touched = existingRows === 'truncate' ? withReferring(catalog, tables) : tables;
  const restore = await setConstraintsAside(client, catalog, tables, touched, mode);
  if (existingRows === 'truncate') await truncate(client, catalog, touched);
  const loaded: LoadedTable[] = [];
  for (const plan of plans) loaded.push(await loadTable(job, plan));
  await checkBeforeCommit(job, plans, restore);
  if (mode === 'proven') await proveForeignKeys(job, plans);
  return loaded;
}

async function loadTable(job: LoadJob, plan: TablePlan): Promise<LoadedTable> {
  const { client, catalog, artifact, context } = job;
  const startedAt = performance.now();
  const before = await countTable(client, catalog, plan.target.name);
  const activity = context.progress.start(plan.target.name, plan.source.rowCount);
  let rowCount;
  try {
    rowCount = await copyTable({
      client,
      catalog,
      artifact,
      plan,
      activity,
      signal: context.signal,
    });
  } catch (error) {
    if (await reportRejectedRow(error, artifact, plan, job.findings)) {
      throw new LoadRefused(plan.source.name, { cause: error });
    }
    throw error;
  } finally {
    activity.done();
  }
  const rowsAfter = await countTable(client, catalog, plan.target.name);
  if (rowCount !== plan.source.rowCount || rowsAfter !== before + plan.source.rowCount) {
    throw miscounted(plan, rowCount, rowsAfter - before);
  }
  const sequences = await setTableSequences(job, plan);
  const elapsedMs = Math.round(performance.now() - startedAt);
  return { plan, rowCount, rowsAfter, sequences, elapsedMs };
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

/** The rows of a target table. */
export async function countTable(
  client: pg.Client,
  catalog: TargetCatalog,
  table: string,
): Promise<number> {
  const { rows } = await client.query<{ count: string }>(
    `SELECT count(*)::text AS count FROM ${quoteTable(catalog, table)}`,
  );
  return Number(rows[0]?.count ?? 0);
}

async function setTableSequences(job: LoadJob, plan: TablePlan): Promise<readonly SetSequence[]> {
  const { source, target } = plan;
  const aliasPlan = plan.columns.find((column) => column.source.name === source.rowidAlias);
  const { set, exhausted, notInteger } = await setSequences(job.client, job.catalog, target, {
    markOf: (column) =>
      column === aliasPlan?.target.name && source.autoincrementMark !== null
        ? BigInt(source.autoincrementMark)
        : null,
    keepsRows: job.existingRows === 'append',
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

/** Lets PostgreSQL check what it put off, and puts triggers and constraints back. */
async function checkBeforeCommit(
  job: LoadJob,
  plans: readonly TablePlan[],
  restore: () => Promise<void>,
): Promise<void> {
  try {
    await restore();
  } catch (error) {
    const broken = error instanceof pg.DatabaseError ? error.table : undefined;
    const plan = plans.find(({ target }) => target.name === broken) ?? plans[0];
    if (plan !== undefined && (await reportRejectedRow(error, job.artifact, plan, job.findings))) {
      throw new LoadRefused(plan.source.name, { cause: error });
    }
    throw error;
  }
}

async function proveForeignKeys(job: LoadJob, plans: readonly TablePlan[]): Promise<void> {
  let isBroken = false;
  for (const { source, target } of plans) {
    const broken = await findBrokenReferences(job.client, job.catalog, target, MAX_EXAMPLES);
    for (const { key, total, examples } of broken) {
      isBroken = true;
      job.findings.addCounted(
        {
          code: 'orphan',
          severity: 'blocking',
          kind: 'data',
          message: `rows refer to a parent row that the target's table ${key.parentTable} does not have`,
          where: { table: source.name, column: key.columns.join(', '), constraint: key.name },
          hint: 'load the parents first, or mend the rows in the source and export again',
        },
        total,
        examples.map((detail) => ({ detail })),
      );
    }
  }
  if (isBroken) throw new LoadRefused();
}

function miscounted(plan: TablePlan, copied: number, added: number): ToolkitError {
  return new ToolkitError({
    kind: 'target',
    code: 'row-count',
    message: `the artifact has ${plan.source.rowCount} rows, PostgreSQL copied ${copied} and the table grew by ${added}`,
    where: { table: plan.target.name },
    hint: 'look for a trigger, rule or policy on the table that drops or adds rows',
  });
}
