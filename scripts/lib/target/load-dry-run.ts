import type pg from 'pg';

import type { TablePlan } from '../mapping/plan.ts';
import { IndexesRefused } from './constraints/dropped-indexes.ts';
import { LoadRefused } from './load-errors.ts';
import { loadGroup, lockGroup, withIndexes, type LoadJob, type LoadedTable } from './load-group.ts';
import {
  describeFailure,
  settleTables,
  type LoadOutcome,
  type TableOutcome,
} from './load-outcome.ts';

/**
 * Loads all groups one after the other in a single transaction, and rolls it back.
 *
 * @param label `user@host:port/database`, for people
 */
export async function tryLoad(
  job: Omit<LoadJob, 'client'>,
  client: pg.Client,
  groups: readonly (readonly TablePlan[])[],
  label: string,
): Promise<LoadOutcome> {
  const tables: TableOutcome[] = [];
  let current: readonly TablePlan[] = [];
  try {
    await client.query('BEGIN');
    for (const plans of groups) {
      current = plans;
      job.context.signal.throwIfAborted();
      for (const loaded of await tryGroup({ ...job, client }, plans)) {
        tables.push({ plan: loaded.plan, state: 'rolled-back', loaded, job: 1 });
      }
      settleTables(job.context.progress, plans, 'done');
    }
    await client.query('ROLLBACK');
    return { tables, emptied: new Set() };
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    for (const plan of current) tables.push({ plan, state: 'rolled-back' });
    settleTables(job.context.progress, current, 'failed');
    if (error instanceof LoadRefused) return { tables, emptied: new Set() };
    const failure = describeFailure(error, {
      label,
      table: current.map(({ target }) => target.name).join(', '),
      isInterrupted: job.context.signal.aborted,
      tables: [],
      emptied: new Set(),
      hint: 'nothing was changed: run it again',
    });
    return { tables, emptied: new Set(), failure };
  }
}

async function tryGroup(job: LoadJob, plans: readonly TablePlan[]): Promise<LoadedTable[]> {
  const { client } = job;
  await lockGroup(job, plans);
  await client.query('SAVEPOINT before_group');
  let loaded;
  try {
    loaded = await loadGroup(job, plans);
  } catch (error) {
    if (!(error instanceof IndexesRefused)) throw error;
    await client.query('ROLLBACK TO SAVEPOINT before_group');
    loaded = await loadGroup(withIndexes(job, error), plans);
  }
  await client.query('RELEASE SAVEPOINT before_group');
  return loaded;
}
