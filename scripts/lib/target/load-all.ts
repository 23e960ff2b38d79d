import type { TablePlan } from '../mapping/plan.ts';
import type { TargetSession } from './connect.ts';
import { loadWithRetries, settle, withRetries, type LoadRun } from './load-attempt.ts';
import { canRunTogether } from './constraints/locks.ts';
import { LoadRefused } from './load-errors.ts';
import { constraintsOf } from './load-group.ts';
import { ofJob, whileShown } from '../model/progress.ts';
import { LoadSession } from './load-session.ts';
import { quoteTable } from './introspect.ts';
import {
  committedTables,
  describeFailure,
  emptiedBy,
  settleTables,
  type LoadOutcome,
  type TableOutcome,
} from './load-outcome.ts';
import { runTasks, type Task } from './schedule.ts';

export interface LoadAllOptions extends Omit<LoadRun, 'ownPids'> {
  /** Tables that load together, parents before children. */
  readonly groups: readonly (readonly TablePlan[])[];
  /** Target tables that an earlier attempt of the run committed. */
  readonly doneBefore: ReadonlySet<string>;
  /** How many sessions load side by side. */
  readonly jobs: number;
  /** What to do after a failure. */
  readonly goOnHint: string;
  readonly openSession: () => Promise<TargetSession>;
}

/**
 * Loads the groups, each in a transaction of its own, as soon as those that it refers to are
 * committed. After the first group that fails no other begins; those that are loading are finished.
 *
 * Sessions cannot wait for each other in a circle: each takes the locks of its group first, all of
 * them, in the order of the tables' quoted names, and groups whose locks exclude each other do not
 * load at the same time.
 */
export async function loadAll(options: LoadAllOptions): Promise<LoadOutcome> {
  const { groups, doneBefore, job } = options;
  const outcomes = new Map<TablePlan, TableOutcome>();
  for (const plan of groups.flat()) {
    const isDone = doneBefore.has(plan.target.name);
    outcomes.set(plan, { plan, state: isDone ? 'done-before' : 'not-loaded' });
  }
  const open = groups.filter((group) => group.some((plan) => !doneBefore.has(plan.target.name)));
  const sessions = Array.from({ length: options.jobs }, () => new LoadSession(options.openSession));
  const ownPids = (): number[] => sessions.flatMap(({ pid }) => pid ?? []);
  const run: LoadRun = { ...options, ownPids };
  let failedTables = '';
  try {
    const locks = open.map((group) => constraintsOf(job, group).locks);
    const mayRunTogether = (some: number, other: number): boolean =>
      canRunTogether(locks[some] ?? [], locks[other] ?? []);
    const workers = sessions.length;
    await runTasks(tasksOf(open, options), { workers, mayRunTogether }, async (index, worker) => {
      const plans = open[index] ?? [];
      const session = sessions[worker];
      if (session === undefined) return;
      job.context.signal.throwIfAborted();
      try {
        const loaded = await loadWithRetries(runOfJob(run, worker + 1), plans, session);
        for (const table of loaded) {
          outcomes.set(table.plan, {
            plan: table.plan,
            state: 'committed',
            loaded: table,
            job: worker + 1,
          });
        }
        settleTables(job.context.progress, plans, 'done');
      } catch (error) {
        failedTables ||= plans.map(({ target }) => target.name).join(', ');
        const state = await settle(run, plans, session, error);
        for (const plan of plans) outcomes.set(plan, { plan, state });
        settleTables(job.context.progress, plans, state === 'committed' ? 'done' : 'failed');
        throw error;
      }
    });
    await finish(run, sessions, groups.flat());
    return { tables: [...outcomes.values()], emptied: new Set() };
  } catch (error) {
    const tables = [...outcomes.values()];
    const emptied =
      job.existingRows === 'truncate'
        ? emptiedBy(job.catalog, committedTables(tables))
        : new Set<string>();
    if (error instanceof LoadRefused) return { tables, emptied };
    const failure = describeFailure(error, {
      label: options.label,
      table: failedTables,
      isInterrupted: job.context.signal.aborted,
      tables,
      emptied,
      hint: options.goOnHint,
    });
    return { tables, emptied, failure };
  } finally {
    await Promise.all(sessions.map(async (session) => session.close()));
  }
}

/** The run as one of the jobs that work side by side sees it. */
function runOfJob(run: LoadRun, number: number): LoadRun {
  const { context } = run.job;
  const progress = ofJob(context.progress, number);
  return { ...run, job: { ...run.job, context: { ...context, progress } } };
}

/** A group waits for the groups that its foreign keys lead to; its weight is the size of its files. */
function tasksOf(
  groups: readonly (readonly TablePlan[])[],
  { job }: Pick<LoadAllOptions, 'job'>,
): Task[] {
  const groupOf = new Map(
    groups.flatMap((group, index) => group.map((plan) => [plan.target.name, index] as const)),
  );
  return groups.map((group, index) => {
    const after = group.flatMap(({ target }) =>
      target.foreignKeys
        .filter((key) => key.parentSchema === job.catalog.schema)
        .flatMap((key) => groupOf.get(key.parentTable) ?? []),
    );
    return {
      after: [...new Set(after)].filter((before) => before !== index),
      weight: group.reduce((sum, plan) => sum + plan.source.sizeBytes, 1),
    };
  });
}

/** When all tables are committed: fresh statistics for the planner, and the word in the journal. */
async function finish(
  run: LoadRun,
  sessions: readonly LoadSession[],
  plans: readonly TablePlan[],
): Promise<void> {
  const tasks = plans.map(({ source }): Task => ({ after: [], weight: source.sizeBytes }));
  await runTasks(tasks, { workers: sessions.length }, async (index, worker) => {
    const [plan, session] = [plans[index], sessions[worker]];
    if (plan === undefined || session === undefined) return;
    await withRetries(run, 'ANALYZE', session, async () => {
      const client = await session.client();
      const { catalog, context } = run.job;
      await whileShown(context.progress, `${plan.target.name}: ANALYZE`, async () =>
        client.query(`ANALYZE ${quoteTable(catalog, plan.target.name)}`),
      );
    });
  });
  const [session] = sessions;
  if (session === undefined) return;
  await withRetries(run, 'the journal', session, async () => run.recorder.done());
}
