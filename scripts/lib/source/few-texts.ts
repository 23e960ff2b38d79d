import type Database from 'better-sqlite3';

import { quoteIdentifier } from '../model/sql.ts';

/** No more rows are looked at: a look at all of a large table would not hear Ctrl-C. */
const ROWS_LOOKED_AT = 100_000;

/**
 * How many different texts a column holds in its first rows.
 *
 * @returns null where they are more than `limit`
 */
export function countFewTexts(
  db: Database.Database,
  table: string,
  column: string,
  limit: number,
): number | null {
  const name = quoteIdentifier(column);
  const first = `SELECT ${name} AS c FROM main.${quoteIdentifier(table)} NOT INDEXED LIMIT ${ROWS_LOOKED_AT}`;
  const count = db
    .prepare<[], bigint>(
      `SELECT count(*) FROM (SELECT DISTINCT c FROM (${first}) WHERE c IS NOT NULL LIMIT ${limit + 1})`,
    )
    .pluck()
    .get();
  return count === undefined || count > BigInt(limit) ? null : Number(count);
}
