import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import type { TestDatabase } from './database.ts';

/** Makes `wait(value)`, which gives back the value and waits for as long as somebody holds the lock of `cutWhenItWaits`. */
export const WAIT_FUNCTION = `
  CREATE FUNCTION wait(value integer) RETURNS integer IMMUTABLE LANGUAGE plpgsql AS $$
    BEGIN PERFORM pg_advisory_xact_lock_shared(1); RETURN value; END $$;`;

/** Ends the session that does the work as soon as it has come to `wait`, as a broken connection would. */
export async function cutWhenItWaits<T>(
  { url, query }: TestDatabase,
  work: () => Promise<T>,
): Promise<T> {
  const holder = new pg.Client({ connectionString: url });
  await holder.connect();
  const over = new AbortController();
  try {
    await holder.query('SELECT pg_advisory_lock(1)');
    const [result] = await Promise.all([
      work().finally(() => over.abort()),
      cutWaitingSession(query, over.signal),
    ]);
    return result;
  } finally {
    await holder.end();
  }
}

async function cutWaitingSession(query: TestDatabase['query'], over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    const ended = await query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event = 'advisory'`,
    );
    if (ended.length > 0) return;
    await setTimeout(20);
  }
}
