import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import type { TestDatabase } from './database.ts';

/** Makes `wait(value)`, which gives back the value and waits for as long as somebody holds the lock of `cutWhenItWaits`. */
export const WAIT_FUNCTION = `
  CREATE FUNCTION wait(value integer) RETURNS integer IMMUTABLE LANGUAGE plpgsql AS $$
    BEGIN PERFORM pg_advisory_xact_lock_shared(1); RETURN value; END $$;`;

/** Does something while the session that does the work waits in `wait`, and then lets it go on. */
export async function whileItWaits<T>(
  { url, query }: TestDatabase,
  work: () => Promise<T>,
  meanwhile: () => Promise<void>,
): Promise<T> {
  const holder = new pg.Client({ connectionString: url });
  await holder.connect();
  const over = new AbortController();
  const interrupt = async (): Promise<void> => {
    if (await comesToWait(query, over.signal)) await meanwhile();
    await holder.query('SELECT pg_advisory_unlock(1)');
  };
  try {
    await holder.query('SELECT pg_advisory_lock(1)');
    const [result] = await Promise.all([work().finally(() => over.abort()), interrupt()]);
    return result;
  } finally {
    await holder.end();
  }
}

/** Ends the session that does the work as soon as it has come to `wait`, as a broken connection would. */
export async function cutWhenItWaits<T>(
  database: TestDatabase,
  work: () => Promise<T>,
): Promise<T> {
  return whileItWaits(database, work, async () => {
    await database.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${IS_WAITING}`,
    );
  });
}

const IS_WAITING = `datname = current_database() AND wait_event = 'advisory'`;

/** False when the work is over before that. */
async function comesToWait(query: TestDatabase['query'], over: AbortSignal): Promise<boolean> {
  while (!over.aborted) {
    const waiting = await query(`SELECT FROM pg_stat_activity WHERE ${IS_WAITING}`);
    if (waiting.length > 0) return true;
    await setTimeout(20);
  }
  return false;
}
