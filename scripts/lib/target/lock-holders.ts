import pg from 'pg';

import type { TablePlan } from '../mapping/plan.ts';
import { ToolkitError } from '../model/errors.ts';
import type { TargetCatalog } from '../model/target-catalog.ts';

const LOCK_NOT_AVAILABLE = '55P03';

/** Whether a statement gave up waiting for a lock. */
export function isLockTimeout(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === LOCK_NOT_AVAILABLE;
}

interface Holder {
  readonly pid: number;
  readonly user: string;
  readonly application: string;
  readonly state: string;
  readonly tables: string;
}

/**
 * Finds who holds locks on the tables of a group and on those that they refer to. An import's own
 * sessions are only in each other's way until they commit.
 */
export async function lockHolders(
  client: pg.Client,
  catalog: TargetCatalog,
  plans: readonly Pick<TablePlan, 'target'>[],
  ownPids: readonly number[],
): Promise<{
  areOurs: boolean;
  areThere: boolean;
  asError: (cause: unknown, tables: string) => ToolkitError;
}> {
  const names = plans.flatMap(({ target }) => [
    target.name,
    ...target.foreignKeys
      .filter((key) => key.parentSchema === catalog.schema)
      .map((key) => key.parentTable),
  ]);
  const { rows } = await client.query<Holder>(
    `SELECT a.pid, coalesce(a.usename, '') AS user, coalesce(a.application_name, '') AS application,
       coalesce(a.state, '') AS state, string_agg(DISTINCT c.relname, ', ') AS tables
     FROM pg_catalog.pg_locks AS l
     JOIN pg_catalog.pg_class AS c ON c.oid = l.relation
     JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace AND n.nspname = $1
     JOIN pg_catalog.pg_stat_activity AS a ON a.pid = l.pid
     WHERE c.relname = ANY($2) AND l.granted AND l.pid <> pg_catalog.pg_backend_pid()
       AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
     GROUP BY a.pid, a.usename, a.application_name, a.state ORDER BY a.pid`,
    [catalog.schema, names],
  );
  const others = rows.filter((row) => !ownPids.includes(row.pid));
  return {
    areOurs: rows.length > 0 && others.length === 0,
    areThere: rows.length > 0,
    asError: (cause, tables) => lockTimeout(cause, tables, others),
  };
}

function lockTimeout(cause: unknown, table: string, holders: readonly Holder[]): ToolkitError {
  const described = holders.map(
    ({ pid, user, application, state, tables }) =>
      `pid ${pid} (${[application, user, state].filter((word) => word !== '').join(', ')}) on ${tables}`,
  );
  const by = described.length === 0 ? '' : `: held by ${described.join('; ')}`;
  return new ToolkitError({
    kind: 'target',
    code: 'lock-timeout',
    message: `no lock on the tables could be had in time${by}`,
    where: { table },
    hint: 'let that session end, or end it (SELECT pg_terminate_backend(pid)), then run the same command again; --lock-timeout waits longer',
    cause,
  });
}
