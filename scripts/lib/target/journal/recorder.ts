import { hostname, userInfo } from 'node:os';
import process from 'node:process';

import type pg from 'pg';

import { ToolkitError, type ErrorDescription } from '../../model/errors.ts';
import type { LoadSession } from '../load-session.ts';
import { findHolder, lockSchema, requireLock } from './run-lock.ts';
import {
  endRun,
  markDone,
  markFailed,
  readRunTables,
  type JournalTable,
  type LoadedFacts,
  type RunAttempt,
} from './runs.ts';

/** Who runs the import, on which machine. */
export function whoRuns(): { host: string; osUser: string; processId: number } {
  return { host: hostname(), osUser: userName(), processId: process.pid };
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return process.env['USER'] ?? '';
  }
}

/**
 * Writes a run's progress into the journal and holds the lock that keeps other imports out, on a
 * session of its own.
 */
export class RunRecorder {
  readonly #run: RunAttempt;
  readonly #schema: string;
  readonly #session: LoadSession;
  #pid: number;
  #last: Promise<unknown> = Promise.resolve();

  /** @param pid of the session that holds the lock */
  constructor(run: RunAttempt, schema: string, session: LoadSession, pid: number) {
    this.#run = run;
    this.#schema = schema;
    this.#session = session;
    this.#pid = pid;
  }

  /** Takes the lock again when its session was lost. */
  async ensureLock(): Promise<void> {
    return this.#inTurn(async () => this.#lockAgainIfLost());
  }

  /** One after the other: two that found the session lost would each give up the other's new one. */
  async #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => undefined);
    return result;
  }

  async #lockAgainIfLost(): Promise<void> {
    try {
      const client = await this.#session.client();
      const holder = await findHolder(client, this.#schema);
      if (holder !== null && holder.pid === this.#session.pid) return;
    } catch {
      await this.#session.discard();
    }
    this.#pid = await lockSchema(await this.#session.client(), this.#schema);
  }

  /**
   * Writes that a table is loaded, in its own transaction.
   *
   * @throws ToolkitError of kind `target` when another import has gone on with the run
   */
  async tableLoaded(client: pg.Client, targetTable: string, facts: LoadedFacts): Promise<void> {
    if (!(await markDone(client, this.#run, targetTable, facts)))
      throw this.#takenOver(targetTable);
  }

  #takenOver(table?: string): ToolkitError {
    return new ToolkitError({
      kind: 'target',
      code: 'run-taken-over',
      message: `another import has gone on with the run ${this.#run.runId} or has begun anew, so this one stops`,
      where: { table },
      hint: 'see import --status',
    });
  }

  /** To be asked before a transaction commits: without the lock another import may have begun. */
  async requireLock(client: pg.Client): Promise<void> {
    await requireLock(client, this.#schema, this.#pid);
  }

  /** What the journal says of a run's tables that are done, by target table. */
  async doneTables(client: pg.Client): Promise<Map<string, JournalTable>> {
    const tables = await readRunTables(client, this.#run.runId);
    return new Map(
      tables.filter((table) => table.state === 'done').map((table) => [table.targetTable, table]),
    );
  }

  /** Writes why tables could not be loaded; a target that cannot be reached keeps no word of it. */
  async tablesFailed(targetTables: readonly string[], error: ErrorDescription): Promise<void> {
    await this.#tryTo(async (client) => markFailed(client, this.#run, targetTables, error));
  }

  /**
   * Writes that all tables of the run are loaded.
   *
   * @throws ToolkitError of kind `target` when another import has gone on with the run
   */
  async done(): Promise<void> {
    await this.ensureLock();
    const client = await this.#session.client();
    if (!(await endRun(client, this.#run, 'done', null))) throw this.#takenOver();
  }

  /** Writes what stopped the run; a target that cannot be reached will show it as running without a session. */
  async stopped(error: ErrorDescription | null): Promise<void> {
    await this.#tryTo(async (client) => void (await endRun(client, this.#run, 'stopped', error)));
  }

  async #tryTo(write: (client: pg.Client) => Promise<void>): Promise<void> {
    await this.#inTurn(async () => {
      try {
        await write(await this.#session.client());
      } catch {
        await this.#session.discard();
        await this.#session
          .client()
          .then(write)
          .catch(() => undefined);
      }
    });
  }
}
