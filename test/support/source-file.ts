import BetterSqlite3, { type Database } from 'better-sqlite3';

/** Makes a SQLite file from SQL; the foreign keys that it declares are not enforced while its rows go in. */
export function createSource(
  file: string,
  sql: string,
  fill: (database: Database) => void = () => undefined,
): string {
  const database = new BetterSqlite3(file);
  try {
    database.pragma('foreign_keys = OFF');
    database.exec(sql);
    database.transaction(() => fill(database))();
  } finally {
    database.close();
  }
  return file;
}

/** A value as better-sqlite3 reads it when integers are to be exact. */
export type SourceValue = string | number | bigint | Uint8Array | null;

/** What a query on a SQLite file answers. */
export function querySource(file: string, sql: string): Record<string, SourceValue>[] {
  const database = new BetterSqlite3(file, { readonly: true });
  try {
    return database.prepare<[], Record<string, SourceValue>>(sql).safeIntegers().all();
  } finally {
    database.close();
  }
}
