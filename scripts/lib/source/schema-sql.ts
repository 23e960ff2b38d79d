import type Database from 'better-sqlite3';

/**
 * The source's own DDL: tables first, then indexes, views and triggers, each in the order it was
 * made. SQLite's internal tables and the shadow tables of virtual ones make themselves.
 */
export function readSchemaSql(db: Database.Database): string {
  const statements = db
    .prepare<[], string>(
      `SELECT s.sql FROM sqlite_schema AS s
       WHERE s.sql IS NOT NULL AND s.name NOT GLOB 'sqlite_*'
         AND s.name NOT IN (SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'shadow')
       ORDER BY CASE s.type WHEN 'table' THEN 0 WHEN 'index' THEN 1 WHEN 'view' THEN 2 ELSE 3 END, s.rowid`,
    )
    .pluck()
    .all();
  return statements.map((sql) => `${sql};\n`).join('\n');
}
