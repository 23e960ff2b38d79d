import type { TablePlan } from '../mapping/plan.ts';
import { ToolkitError, describeError, type ErrorDescription } from '../model/errors.ts';
import { asTargetError } from './connect.ts';
import { quoteTable } from './introspect.ts';
import { LoadRefused, loadGroup, type LoadJob, type LoadedTable } from './load-group.ts';

export interface TableOutcome {
  readonly plan: TablePlan;
  readonly state: 'committed' | 'rolled-back' | 'not-loaded';
  readonly loaded?: LoadedTable;
}

export interface LoadOutcome {
  readonly tables: readonly TableOutcome[];
  /** What stopped the load; absent when it went to its end or only findings stopped it. */
  readonly failure?: ErrorDescription;
}

/**
 * Loads the groups one after the other, each in a transaction of its own; for a dry run all in one,
 * which is rolled back. The first group that fails is rolled back whole and ends the load.
 */
export async function loadAll(
  job: LoadJob,
  groups: readonly (readonly TablePlan[])[],
  label: string,
  dryRun: boolean,
): Promise<LoadOutcome> {
  const outcomes: TableOutcome[] = [];
  let current: readonly TablePlan[] = [];
  try {
    if (dryRun) await job.client.query('BEGIN');
    for (const plans of groups) {
      current = plans;
      job.context.signal.throwIfAborted();
      if (!dryRun) await job.client.query('BEGIN');
      const loaded = await loadGroup(job, plans);
      if (!dryRun) await job.client.query('COMMIT');
      const state = dryRun ? 'rolled-back' : 'committed';
      outcomes.push(
        ...loaded.map((table) => ({ plan: table.plan, state, loaded: table }) as const),
      );
    }
    if (dryRun) await job.client.query('ROLLBACK');
    else await analyzeTables(job, outcomes);
    return { tables: outcomes };
  } catch (error) {
    await job.client.query('ROLLBACK').catch(() => undefined);
    outcomes.push(...current.map((plan) => ({ plan, state: 'rolled-back' }) as const));
    if (error instanceof LoadRefused) return { tables: outcomes };
    const failure = describeFailure(job, error, label, outcomes);
    return { tables: outcomes, failure };
  }
}

async function analyzeTables(job: LoadJob, outcomes: readonly TableOutcome[]): Promise<void> {
  if (outcomes.length === 0) return;
  const tables = outcomes.map(({ plan }) => quoteTable(job.catalog, plan.target.name));
  await job.client.query(`ANALYZE ${tables.join(', ')}`);
}

function describeFailure(
  job: LoadJob,
  error: unknown,
  label: string,
  outcomes: readonly TableOutcome[],
): ErrorDescription {
  const isInterrupted = job.context.signal.aborted;
  const committed = outcomes.filter((outcome) => outcome.state === 'committed');
  const left =
    committed.length === 0
      ? 'no table is committed, the target is as it was'
      : `committed: ${committed.map(({ plan }) => plan.target.name).join(', ')}; all others are as they were`;
  if (isInterrupted) {
    const message = `interrupted: ${left}`;
    const hint = committed.length === 0 ? 'run import again' : 'run import again with --truncate';
    return describeError(
      new ToolkitError({ kind: 'interrupted', code: 'interrupted', message, hint }),
    );
  }
  const described = describeError(asTargetError(error, label));
  return { ...described, message: `${described.message} (${left})` };
}
