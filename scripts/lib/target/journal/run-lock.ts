import type pg from 'pg';

import { ToolkitError } from '../../model/errors.ts';

/** "SQLM": the first half of the advisory lock's key; the second is the schema's oid. */
const LOCK_CLASS = 0x53514c4d;

const SCHEMA_KEY = `(SELECT ('x' || lpad(to_hex(oid::bigint), 8, '0'))::bit(32)::integer
  FROM pg_catalog.pg_namespace WHERE nspname = $1)`;

/** Who holds the lock of a schema. */
export interface LockHolder {
  readonly pid: number;
  readonly user: string;
  readonly application: string;
  readonly address: string;
  readonly since: string;
}

/**
 * Takes the lock that lets one import at a time load into a schema. It belongs to the session and
 * goes with it, whatever ends it.
 *
 * @returns the process id of the session that holds it
 * @throws ToolkitError of kind `target` that names who holds it
 */
export async function lockSchema(client: pg.Client, schema: string): Promise<number> {
  const { rows } = await client.query<{ locked: boolean; pid: number }>(
    `SELECT pg_catalog.pg_try_advisory_lock(${LOCK_CLASS}, ${SCHEMA_KEY}) AS locked,
       pg_catalog.pg_backend_pid() AS pid`,
    [schema],
  );
  const [row] = rows;
  if (row?.locked === true) return row.pid;
  const holder = await findHolder(client, schema);
  throw new ToolkitError({
    kind: 'target',
    code: 'import-running',
    message: `another import is loading into the schema ${schema}${holder === null ? '' : `: ${describeHolder(holder)}`}`,
    hint:
      'wait for it (import --status shows how far it is), or end it: ' +
      (holder === null ? 'see pg_locks' : `SELECT pg_terminate_backend(${holder.pid})`),
  });
}

/** Who is importing into a schema; null when nobody is. */
export async function findHolder(client: pg.Client, schema: string): Promise<LockHolder | null> {
  const { rows } = await client.query<LockHolder>(
    `SELECT a.pid, coalesce(a.usename, '') AS user, coalesce(a.application_name, '') AS application,
       coalesce(host(a.client_addr), 'local') AS address, a.backend_start::text AS since
     FROM pg_catalog.pg_locks AS l JOIN pg_catalog.pg_stat_activity AS a ON a.pid = l.pid
     WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2
       AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
       AND l.classid::bigint = ${LOCK_CLASS}
       AND l.objid = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = $1)`,
    [schema],
  );
  return rows[0] ?? null;
}

/** `pid 4711, app@10.0.0.7, since …`. */
function describeHolder({ pid, user, application, address, since }: LockHolder): string {
  return `${application === '' ? 'a session' : application}, pid ${pid}, ${user}@${address}, connected since ${since}`;
}

/**
 * Makes sure, inside a transaction that is about to commit, that the lock is still held by the
 * session that took it: without it another import may have begun.
 *
 * @throws ToolkitError of kind `target` when it is gone
 */
export async function requireLock(client: pg.Client, schema: string, pid: number): Promise<void> {
  const holder = await findHolder(client, schema);
  if (holder?.pid === pid) return;
  throw new ToolkitError({
    kind: 'target',
    code: 'lock-lost',
    message:
      'the session that keeps other imports out is gone, so this one stops before it commits',
    hint: 'run the same import again: it goes on where this one stopped',
  });
}
