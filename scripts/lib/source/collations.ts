import type Database from 'better-sqlite3';

import { quoteIdentifier } from '../model/sql.ts';

/** What `x = 'a'` and `x = 'A '` answer for an x of 'A', as two bits. */
const BUILT_IN = ['BINARY', 'RTRIM', 'NOCASE'] as const;

/**
 * The declared collation of each column; null for one that only the application knows. SQLite has no
 * pragma for it, so it is asked how the columns compare: a column of a compound SELECT has the
 * collation of its first part.
 *
 * Source: https://www.sqlite.org/datatype3.html#collation
 */
export function readCollations(
  db: Database.Database,
  table: string,
  columns: readonly string[],
): (string | null)[] {
  try {
    return askCollations(db, table, columns);
  } catch {
    // One collation that is not there fails the whole statement.
    return columns.map((column) => {
      try {
        return askCollations(db, table, [column])[0] ?? null;
      } catch {
        return null;
      }
    });
  }
}

function askCollations(
  db: Database.Database,
  table: string,
  columns: readonly string[],
): (string | null)[] {
  const names = columns.map((_, index) => `c${index}`);
  const first = columns.map((column, index) => `${quoteIdentifier(column)} AS c${index}`);
  const answers = db
    .prepare<[], bigint[]>(
      `SELECT ${names.map((name) => `(${name} = 'a') * 2 + (${name} = 'A ')`).join(', ')}
       FROM (SELECT ${first.join(', ')} FROM main.${quoteIdentifier(table)} WHERE 0
             UNION ALL SELECT ${names.map(() => `'A'`).join(', ')})`,
    )
    .raw(true)
    .get();
  return (answers ?? []).map((answer) => BUILT_IN[Number(answer)] ?? null);
}
