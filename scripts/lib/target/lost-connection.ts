import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';

import pg from 'pg';

/** The server's process of a session; the start tells it from another that got the same id later. */
export interface Backend {
  readonly pid: number;
  readonly startedAt: string;
}

/** What pg's types do not say of a client. */
interface ClientInside {
  /** No answer is due. */
  readonly readyForQuery: boolean;
  readonly connection: { readonly stream: Socket };
}

const insideOf = (client: pg.Client): ClientInside => client as unknown as ClientInside;

/** How long a server may take to answer a goodbye. */
const GOODBYE_MS = 5000;

/** Ends a client's session; a server that does not take the goodbye is left after a while. */
export async function endClient(client: pg.Client): Promise<void> {
  const timer = setTimeout(() => insideOf(client).connection.stream.destroy(), GOODBYE_MS);
  await client.end().catch(() => undefined);
  clearTimeout(timer);
}

/**
 * Waits until a client may be asked something again: after a COPY that was broken off, the server has
 * to say so first. Gives up on a server that says nothing.
 */
export async function untilIdle(client: pg.Client): Promise<void> {
  const { readyForQuery, connection } = insideOf(client);
  if (readyForQuery || connection.stream.destroyed) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, GOODBYE_MS);
    const settle = (): void => {
      clearTimeout(timer);
      resolve();
    };
    client.once('drain', settle);
    client.once('end', settle);
  });
}

/** The server is asked so often within the time that may pass in silence. */
const LOOKS = 4;
const QUESTION_TIMEOUT_MS = 15_000;

/**
 * Watches a session for a connection that died without a word: a firewall that forgot it, a machine
 * that is gone. While an answer is due and no byte passes, the server is asked by another connection
 * what the session does. If it does not know it, or waits for this side itself, or cannot be reached,
 * twice, the connection is closed, so that what waits for the answer fails with ETIMEDOUT. A statement
 * that works, or waits for a lock, may take as long as it needs.
 *
 * @param seconds how long no byte may pass before the server is asked
 * @returns ends the watch
 * Source: https://www.postgresql.org/docs/current/monitoring-stats.html#WAIT-EVENT-CLIENT-TABLE
 */
export function watchForSilence(
  client: pg.Client,
  backend: Backend,
  config: pg.ClientConfig,
  seconds: number,
): () => void {
  const inside = insideOf(client);
  const { stream } = inside.connection;
  let bytes = 0;
  let silentSince = performance.now();
  let suspicions = 0;
  let isLooking = false;
  const look = async (): Promise<void> => {
    const bytesNow = stream.bytesRead + stream.bytesWritten;
    if (inside.readyForQuery || bytesNow !== bytes) {
      bytes = bytesNow;
      silentSince = performance.now();
      suspicions = 0;
      return;
    }
    if (performance.now() - silentSince < seconds * 1000) return;
    suspicions = (await seemsLost(config, backend)) ? suspicions + 1 : 0;
    if (suspicions > 1 && stream.bytesRead + stream.bytesWritten === bytes) {
      stream.destroy(silence(seconds));
    }
  };
  const timer = setInterval(
    () => {
      if (isLooking) return;
      isLooking = true;
      void look().finally(() => (isLooking = false));
    },
    (seconds * 1000) / LOOKS,
  ).unref();
  return () => clearInterval(timer);
}

async function seemsLost(config: pg.ClientConfig, { pid, startedAt }: Backend): Promise<boolean> {
  const client = new pg.Client({ ...config, query_timeout: QUESTION_TIMEOUT_MS });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ wait_event: string | null }>(
      `SELECT wait_event FROM pg_catalog.pg_stat_activity
       WHERE pid = $1 AND backend_start = $2::timestamptz`,
      [pid, startedAt],
    );
    return rows[0] === undefined || rows[0].wait_event === 'ClientRead';
  } catch (error) {
    // A server that refuses the question is there.
    return !(error instanceof pg.DatabaseError);
  } finally {
    await endClient(client);
  }
}

function silence(seconds: number): Error {
  const message = `the connection is dead: no answer for ${seconds} s, and the server is not at work on one`;
  return Object.assign(new Error(message), { code: 'ETIMEDOUT' });
}
