import Database from 'better-sqlite3';
import type { SourceEncoding, SourceTable } from '../../scripts/lib/model/source-catalog.ts';
import { introspectSource } from '../../scripts/lib/source/introspect.ts';

/** A SQLite database in memory, made by this script; integers come back as bigint. */
export function memoryDatabase(sql: string, encoding: SourceEncoding = 'UTF-8'): Database.Database {
  const db = new Database(':memory:');
  fill(db, sql, encoding);
  return db;
}

/** Writes a SQLite file with this script and returns its path. */
export function sqliteFile(path: string, sql: string, encoding: SourceEncoding = 'UTF-8'): string {
  const db = new Database(path);
  fill(db, sql, encoding);
  db.close();
  return path;
}

function fill(db: Database.Database, sql: string, encoding: SourceEncoding): void {
  db.pragma(`encoding = '${encoding}'`);
  // Tests build what applications without enforcement leave behind.
  db.pragma('foreign_keys = OFF');
  db.defaultSafeIntegers(true);
  db.exec(sql);
}

/** The introspected table of that name. */
export function tableOf(db: Database.Database, name: string): SourceTable {
  const table = introspectSource(db).tables.find((candidate) => candidate.name === name);
  if (table === undefined) throw new Error(`no table ${name} was introspected`);
  return table;
}
