import type pg from 'pg';

import { quoteIdentifier } from '../model/sql.ts';
import type { TargetCatalog, TargetTable } from '../model/target-catalog.ts';
import { quoteTable } from './introspect.ts';

/** With fewer rows, any way to prove a key is quick. */
const MIN_ROWS = 10_000;

/**
 * Takes the statistics of the columns of a loaded table that foreign keys refer to. Of rows that have
 * just come PostgreSQL knows nothing but how much room they take: it would sort all rows that refer to
 * them, and write what it sorts to the disk.
 *
 * Source: https://www.postgresql.org/docs/current/sql-analyze.html
 */
export async function analyzeReferredKeys(
  client: pg.Client,
  catalog: TargetCatalog,
  table: TargetTable,
  rowCount: number,
): Promise<void> {
  if (rowCount < MIN_ROWS) return;
  const columns = referredColumns(catalog, table).map(quoteIdentifier);
  if (columns.length === 0) return;
  await client.query(`ANALYZE ${quoteTable(catalog, table.name)} (${columns.join(', ')})`);
}

function referredColumns({ schema, tables }: TargetCatalog, { name }: TargetTable): string[] {
  const keys = tables
    .flatMap((table) => table.foreignKeys)
    .filter((key) => key.parentSchema === schema && key.parentTable === name);
  return [...new Set(keys.flatMap((key) => key.parentColumns))];
}
