import { quoteIdentifier } from '../model/sql.ts';
import type { ConflictAnswer } from '../model/conflict.ts';
import { conflictKeyOf } from './conflict-key.ts';
import { copyTable, type CopyOptions } from './copy-table.ts';
import { quoteTable } from './introspect.ts';

const STAGING = 'pg_temp.sqlite_migration_staging';

/** What came of rows that met others. */
export interface StagedRows {
  /** Rows that PostgreSQL says it copied. */
  readonly copied: number;
  readonly inserted: number;
  /** Rows of the target that were overwritten. */
  readonly updated: number;
}

/**
 * Copies a data file into a temporary table, and from there into its own: rows whose key is there
 * already are left out, or overwrite what is there. All of it in the session's transaction.
 *
 * Source: https://www.postgresql.org/docs/current/sql-insert.html#SQL-ON-CONFLICT
 */
export async function copyThroughStaging(
  options: CopyOptions,
  answer: Exclude<ConflictAnswer, 'error'>,
): Promise<StagedRows> {
  const { client, catalog, plan } = options;
  const target = quoteTable(catalog, plan.target.name);
  const names = plan.columns.map((column) => quoteIdentifier(column.target.name));
  const columns = names.join(', ');
  await client.query(
    `CREATE TEMPORARY TABLE ${STAGING} AS SELECT ${columns} FROM ${target} WITH NO DATA`,
  );
  const copied = await copyTable({ ...options, into: STAGING });
  const { rows } = await client.query<{ inserted: number; updated: number }>(
    // A row that was there before carries the transaction that has overwritten it in its xmax.
    `WITH written AS (
       INSERT INTO ${target} (${columns}) OVERRIDING SYSTEM VALUE SELECT ${columns} FROM ${STAGING}
       ON CONFLICT (${keyColumns(options)}) ${whatToDo(options, answer)}
       RETURNING xmax = 0 AS is_new)
     SELECT count(*) FILTER (WHERE is_new)::float8 AS inserted,
       count(*) FILTER (WHERE NOT is_new)::float8 AS updated FROM written`,
  );
  await client.query(`DROP TABLE ${STAGING}`);
  return { copied, inserted: rows[0]?.inserted ?? 0, updated: rows[0]?.updated ?? 0 };
}

function keyColumns({ plan }: CopyOptions): string {
  const key = conflictKeyOf(plan)?.columns ?? [];
  return key.map((name) => quoteIdentifier(name)).join(', ');
}

function whatToDo({ plan }: CopyOptions, answer: 'skip' | 'update'): string {
  const key = conflictKeyOf(plan)?.columns ?? [];
  const others = plan.columns
    .map(({ target }) => target.name)
    .filter((name) => !key.includes(name));
  if (answer === 'skip') return 'DO NOTHING';
  // A row that is nothing but its key is overwritten by itself, so that it counts as the others do.
  const written = others.length === 0 ? key : others;
  const sets = written.map(
    (name) => `${quoteIdentifier(name)} = EXCLUDED.${quoteIdentifier(name)}`,
  );
  return `DO UPDATE SET ${sets.join(', ')}`;
}
