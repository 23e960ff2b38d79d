import type pg from 'pg';

/** How far a table is that an import is loading and has not committed. */
export interface TableActivity {
  readonly table: string;
  /** `checking`: all rows are copied; keys are proven and sequences set. */
  readonly state: 'loading' | 'checking';
  /** Null when the server does not tell this role, or all are copied. */
  readonly rowsCopied: number | null;
}

/**
 * What sessions are loading into a schema right now: COPY takes one lock on its table beside the one
 * that an import has taken before, and keeps both until the commit.
 *
 * Source: https://www.postgresql.org/docs/current/progress-reporting.html#COPY-PROGRESS-REPORTING
 */
const ACTIVITY = `
  SELECT c.relname AS table,
    CASE WHEN p.pid IS NULL OR p.relid <> c.oid THEN 'checking' ELSE 'loading' END AS state,
    CASE WHEN p.relid = c.oid THEN p.tuples_processed::float8 END AS "rowsCopied"
  FROM (
    SELECT l.pid, l.relation FROM pg_catalog.pg_locks AS l
    WHERE l.locktype = 'relation' AND l.granted
      AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
    GROUP BY l.pid, l.relation
    HAVING bool_or(l.mode = 'RowExclusiveLock')
      AND bool_or(l.mode IN ('ShareRowExclusiveLock', 'AccessExclusiveLock'))) AS held
  JOIN pg_catalog.pg_class AS c ON c.oid = held.relation AND c.relkind IN ('r', 'p')
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace AND n.nspname = $1
  LEFT JOIN pg_catalog.pg_stat_progress_copy AS p ON p.pid = held.pid`;

/** Reads which tables of a schema are being loaded. */
export async function readActivity(client: pg.Client, schema: string): Promise<TableActivity[]> {
  const { rows } = await client.query<TableActivity>(ACTIVITY, [schema]);
  return rows;
}

/** The server's time. */
export async function readClock(client: pg.Client): Promise<Date> {
  const { rows } = await client.query<{ now: Date }>('SELECT clock_timestamp() AS now');
  return rows[0]?.now ?? new Date();
}
