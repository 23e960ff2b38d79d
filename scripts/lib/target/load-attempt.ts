import { setTimeout as delay } from 'node:timers/promises';

import type pg from 'pg';

import type { TablePlan } from '../mapping/plan.ts';
import { ToolkitError, describeError } from '../model/errors.ts';
import { asTargetError } from './connect.ts';
import { isTransient } from './faults.ts';
import type { RunRecorder } from './journal/recorder.ts';
import type { JournalTable } from './journal/runs.ts';
import { IndexesRefused } from './constraints/dropped-indexes.ts';
import { LoadRefused } from './load-errors.ts';
import { loadGroup, lockGroup, withIndexes, type LoadJob, type LoadedTable } from './load-group.ts';
import type { LoadSession } from './load-session.ts';
import { isLockTimeout, lockHolders } from './lock-holders.ts';

/** What every group of a run has in common. */
export interface LoadRun {
  readonly job: Omit<LoadJob, 'client'>;
  readonly recorder: RunRecorder;
  /** `user@host:port/database`, for people. */
  readonly label: string;
  /** The server's processes of this import's own sessions. */
  readonly ownPids: () => readonly number[];
  /** How often a group is tried again after a fault that may pass. */
  readonly retries: number;
  /** How long to wait before another attempt, in milliseconds; the attempts count from 1. */
  readonly backoffMs: (attempt: number) => number;
}

/**
 * Loads a group in a transaction of its own; after a fault that may pass, from its start again on a
 * new session. A commit whose answer was lost is settled from the journal.
 *
 * @throws what stopped it for good
 */
export async function loadWithRetries(
  run: LoadRun,
  plans: readonly TablePlan[],
  session: LoadSession,
): Promise<readonly LoadedTable[]> {
  const names = plans.map(({ target }) => target.name).join(', ');
  let { job } = run;
  return withRetries(run, names, session, async () => {
    for (;;) {
      try {
        return await attempt({ ...run, job }, plans, session);
      } catch (error) {
        if (error instanceof IndexesRefused) {
          job = withIndexes(job, error);
          continue;
        }
        if (run.job.context.signal.aborted || !isLockTimeout(error)) throw error;
        const client = await session.client();
        const holders = await lockHolders(client, run.job.catalog, plans, run.ownPids());
        if (holders.areOurs) continue;
        throw holders.areThere ? holders.asError(error, names) : error;
      }
    }
  });
}

/**
 * Does something again after a fault that may pass, on a new session and after a wait.
 *
 * @param what is done, for people
 * @throws what stopped it for good
 */
export async function withRetries<Result>(
  run: Pick<LoadRun, 'job' | 'label' | 'retries' | 'backoffMs'>,
  what: string,
  session: LoadSession,
  work: () => Promise<Result>,
): Promise<Result> {
  const { signal, progress } = run.job.context;
  for (let failures = 1; ; failures += 1) {
    try {
      return await work();
    } catch (error) {
      const mayPass = isTransient(error) || isLockTimeout(error);
      if (signal.aborted || !mayPass || failures > run.retries) throw error;
      await session.discard();
      const waitMs = run.backoffMs(failures);
      const { message } = asTargetError(error, run.label);
      progress.note(
        `${what}: ${message}; trying again in ${(waitMs / 1000).toFixed(1)} s (${failures} of ${run.retries})`,
      );
      await delay(waitMs, undefined, { signal });
    }
  }
}

async function attempt(
  run: LoadRun,
  plans: readonly TablePlan[],
  session: LoadSession,
): Promise<readonly LoadedTable[]> {
  const client = await session.client();
  await run.recorder.ensureLock();
  await client.query('BEGIN');
  try {
    const job = { ...run.job, client };
    await lockGroup(job, plans);
    // With the locks in hand: the transaction whose answer was lost has ended, one way or the other.
    const done = session.isCommitInDoubt ? await readDone(run, plans, client) : null;
    session.isCommitInDoubt = false;
    if (done !== null) {
      await client.query('ROLLBACK').catch(async () => session.discard());
      return done;
    }
    const loaded = await loadGroup(job, plans);
    for (const table of loaded) {
      await run.recorder.tableLoaded(client, table.plan.target.name, {
        rowsLoaded: table.rowCount,
        rowsAfter: table.rowsAfter,
        digest: table.digest,
        sequences: table.sequences.map((sequence) => ({
          column: sequence.column,
          sequence: sequence.sequence,
          nextValue: sequence.nextValue.toString(),
          nextValueBefore: sequence.nextValueBefore.toString(),
        })),
        elapsedMs: table.elapsedMs,
      });
    }
    await run.recorder.requireLock(client);
    session.isCommitInDoubt = true;
    await client.query('COMMIT');
    session.isCommitInDoubt = false;
    return loaded;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

/** The group as the journal has it, when its transaction did commit. */
async function readDone(
  run: LoadRun,
  plans: readonly TablePlan[],
  client: pg.Client,
): Promise<LoadedTable[] | null> {
  const done = await run.recorder.doneTables(client);
  const tables = plans.flatMap((plan) => {
    const table = done.get(plan.target.name);
    return table === undefined ? [] : [asLoaded(plan, table)];
  });
  return tables.length === plans.length ? tables : null;
}

function asLoaded(plan: TablePlan, table: JournalTable): LoadedTable {
  return {
    plan,
    rowCount: table.rowsLoaded ?? 0,
    rowsAfter: table.rowsAfter ?? 0,
    digest: table.digest,
    sequences: table.sequences.map((sequence) => ({
      column: sequence.column,
      sequence: sequence.sequence,
      nextValue: BigInt(sequence.nextValue),
      nextValueBefore: BigInt(sequence.nextValueBefore),
    })),
    startedAt: null,
    elapsedMs: table.elapsedMs ?? 0,
  };
}

function reasonOf({ job, label }: LoadRun, error: unknown): ToolkitError {
  if (job.context.signal.aborted) {
    return new ToolkitError({ kind: 'interrupted', code: 'interrupted', message: 'interrupted' });
  }
  return error instanceof LoadRefused
    ? new ToolkitError({ kind: 'target', code: 'row-rejected', message: 'rows were refused' })
    : asTargetError(error, label);
}

/**
 * Finds out what became of a group that failed: it is rolled back, unless the connection died in its
 * commit. Writes the reason into the journal.
 */
export async function settle(
  run: LoadRun,
  plans: readonly TablePlan[],
  session: LoadSession,
  error: unknown,
): Promise<'rolled-back' | 'committed' | 'unknown'> {
  const names = plans.map(({ target }) => target.name);
  await run.recorder.tablesFailed(names, describeError(reasonOf(run, error)));
  if (!session.isCommitInDoubt) return 'rolled-back';
  await session.discard();
  try {
    const done = await run.recorder.doneTables(await session.client());
    return names.every((name) => done.has(name)) ? 'committed' : 'rolled-back';
  } catch {
    return 'unknown';
  }
}
