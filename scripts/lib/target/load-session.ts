import { setTimeout as delay } from 'node:timers/promises';

import type pg from 'pg';

import { ToolkitError } from '../model/errors.ts';
import type { TargetSession } from './connect.ts';
import type { Backend } from './lost-connection.ts';

/**
 * A session that is opened when it is needed, and anew after it was lost. The server may not have
 * noticed that yet and keep the locks of the lost one: it is ended before the new one is used.
 */
export class LoadSession {
  readonly #open: () => Promise<TargetSession>;
  #session: Promise<TargetSession> | undefined;
  #backend: Backend | undefined;
  #isLost = false;
  /** A commit was sent, and no answer has come that says what became of it. */
  isCommitInDoubt = false;

  /** @param session one that is open already */
  constructor(open: () => Promise<TargetSession>, session?: TargetSession) {
    this.#open = open;
    if (session === undefined) return;
    this.#session = Promise.resolve(session);
    this.#backend = session.backend;
  }

  /** The process id of the server's side; undefined before the first use. */
  get pid(): number | undefined {
    return this.#backend?.pid;
  }

  /** The session's client, connected. */
  async client(): Promise<pg.Client> {
    this.#session ??= this.#connect();
    const opening = this.#session;
    try {
      return (await opening).client;
    } catch (error) {
      if (this.#session === opening) this.#session = undefined;
      throw error;
    }
  }

  /** Gives up a session that a fault has met; the next use opens another. */
  async discard(): Promise<void> {
    this.#isLost = true;
    await this.close();
  }

  /** Ends the session, if there is one. */
  async close(): Promise<void> {
    const opening = this.#session;
    this.#session = undefined;
    const session = await opening?.catch(() => undefined);
    await session?.close();
  }

  async #connect(): Promise<TargetSession> {
    const session = await this.#open();
    try {
      if (this.#isLost && this.#backend !== undefined) {
        await endBackend(session.client, this.#backend);
      }
    } catch (error) {
      await session.close();
      throw error;
    }
    this.#isLost = false;
    this.#backend = session.backend;
    return session;
  }
}

const POLL_MS = 50;
const LONGEST_WAIT_MS = 10_000;

/**
 * Ends a process of the server, if it is still there, and waits until it is gone.
 *
 * @throws ToolkitError of kind `target` when it stays
 */
async function endBackend(client: pg.Client, { pid, startedAt }: Backend): Promise<void> {
  for (let waited = 0; waited < LONGEST_WAIT_MS; waited += POLL_MS) {
    const { rowCount } = await client.query(
      `SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity
       WHERE pid = $1 AND backend_start = $2::timestamptz`,
      [pid, startedAt],
    );
    if (rowCount === 0) return;
    await delay(POLL_MS);
  }
  throw new ToolkitError({
    kind: 'target',
    code: 'session-stays',
    message: `the connection was lost, and the server has not ended the session (pid ${pid}) within ${LONGEST_WAIT_MS / 1000} s`,
    hint: `end it: SELECT pg_terminate_backend(${pid}); then run the same import again`,
  });
}
