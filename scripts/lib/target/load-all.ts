import type { TablePlan } from '../mapping/plan.ts';
import { ToolkitError, describeError, type ErrorDescription } from '../model/errors.ts';
import { asTargetError } from './connect.ts';
import { quoteTable } from './introspect.ts';
import {
  LoadRefused,
  loadGroup,
  tablesReferringTo,
  type LoadJob,
  type LoadedTable,
} from './load-group.ts';

interface TableOutcome {
  readonly plan: TablePlan;
  readonly state: 'committed' | 'rolled-back' | 'not-loaded';
  readonly loaded?: LoadedTable;
}

export interface LoadOutcome {
  readonly tables: readonly TableOutcome[];
  /** Target tables that `--truncate` emptied for good and that were not loaded afterwards. */
  readonly emptied: ReadonlySet<string>;
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
      current = [];
    }
    if (dryRun) await job.client.query('ROLLBACK');
    else await analyzeTables(job, outcomes);
    return { tables: outcomes, emptied: new Set() };
  } catch (error) {
    await job.client.query('ROLLBACK').catch(() => undefined);
    outcomes.push(...current.map((plan) => ({ plan, state: 'rolled-back' }) as const));
    const committed = outcomes
      .filter((outcome) => outcome.state === 'committed')
      .map(({ plan }) => plan.target.name);
    const emptied = emptiedBy(job, committed);
    if (error instanceof LoadRefused) return { tables: outcomes, emptied };
    const table = current.map(({ target }) => target.name).join(', ');
    const asError = asTargetError(error, label, table === '' ? undefined : table);
    const failure = describeFailure(job, asError, describeState(committed, emptied));
    return { tables: outcomes, emptied, failure };
  }
}

/** What went with the tables that were emptied, loaded and committed, and was not loaded itself. */
function emptiedBy(job: LoadJob, committed: readonly string[]): Set<string> {
  if (job.existingRows !== 'truncate' || committed.length === 0) return new Set();
  const emptied = tablesReferringTo(job.catalog, committed);
  for (const table of committed) emptied.delete(table);
  return emptied;
}

function describeState(committed: readonly string[], emptied: ReadonlySet<string>): string {
  if (committed.length === 0) return 'no table is committed, the target is as it was';
  const empty =
    emptied.size === 0 ? '' : `; emptied with them and not loaded: ${[...emptied].join(', ')}`;
  return `committed: ${committed.join(', ')}${empty}; all others are as they were`;
}

async function analyzeTables(job: LoadJob, outcomes: readonly TableOutcome[]): Promise<void> {
  if (outcomes.length === 0) return;
  const tables = outcomes.map(({ plan }) => quoteTable(job.catalog, plan.target.name));
  await job.client.query(`ANALYZE ${tables.join(', ')}`);
}

function describeFailure(job: LoadJob, error: ToolkitError, state: string): ErrorDescription {
  if (job.context.signal.aborted) {
    return describeError(
      new ToolkitError({
        kind: 'interrupted',
        code: 'interrupted',
        message: `interrupted: ${state}`,
        hint: 'run import again, with --truncate where tables are committed',
      }),
    );
  }
  const described = describeError(error);
  return { ...described, message: `${described.message} (${state})` };
}
