import type Database from 'better-sqlite3';

import type { Statement } from './statements.ts';

/** The text that SQLite keeps of an object's definition; undefined when there is no such object. */
export function storedSql(
  db: Database.Database,
  { type, name }: Pick<Statement, 'type' | 'name'>,
): string | null | undefined {
  return db
    .prepare<[string, string], string | null>(
      'SELECT sql FROM sqlite_schema WHERE type = ? AND name = ?',
    )
    .pluck()
    .get(type, name);
}

/** Runs one statement of the schema, and no more than one. */
export function runStatement(db: Database.Database, sql: string): void {
  db.prepare(sql).run();
}

/**
 * Lets `change` write to `sqlite_schema` itself, then has SQLite read its schema anew. What the
 * definitions name need not be there then: SQLite looks for a function only when it uses it.
 *
 * Source: https://www.sqlite.org/pragma.html#pragma_writable_schema
 *
 * @throws SqliteError when SQLite cannot read the schema any more
 */
export function editSchema(db: Database.Database, change: () => void): void {
  db.unsafeMode(true);
  try {
    db.pragma('writable_schema = ON');
    change();
  } finally {
    // RESET turns it off and forgets the schema that was read before.
    db.pragma('writable_schema = RESET');
    db.unsafeMode(false);
  }
  db.prepare('SELECT 1 FROM sqlite_schema').get();
}

/** Gives an object that is there another definition; it must be of the same form on disk. */
export function redefine(
  db: Database.Database,
  { type, name, sql }: Pick<Statement, 'type' | 'name'> & { readonly sql: string | null },
): void {
  db.prepare('UPDATE sqlite_schema SET sql = ? WHERE type = ? AND name = ?').run(sql, type, name);
}

/** Runs `work` and undoes it when it throws. Source: https://www.sqlite.org/lang_savepoint.html */
export function inSavepoint<T>(db: Database.Database, work: () => T): T {
  db.exec('SAVEPOINT step');
  try {
    return work();
  } catch (error) {
    // A full disk ends the whole transaction by itself.
    if (db.inTransaction) db.exec('ROLLBACK TO step');
    throw error;
  } finally {
    if (db.inTransaction) db.exec('RELEASE step');
  }
}
