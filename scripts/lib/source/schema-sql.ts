import type Database from 'better-sqlite3';

/** The kinds of objects in SQLite's schema. Source: https://www.sqlite.org/schematab.html */
export type SchemaObjectType = 'table' | 'index' | 'view' | 'trigger';

/** One statement of a schema's text. */
interface PlacedStatement {
  readonly type: SchemaObjectType;
  /** The name of what it makes. */
  readonly name: string;
  /** The table or view that an index or a trigger belongs to; else the name itself. */
  readonly table: string;
  /** Where it begins in the text, in bytes of UTF-8. */
  readonly offset: number;
  /** Without the semicolon that ends it. */
  readonly sizeBytes: number;
}

interface SchemaSql {
  /** Every statement, ended by a semicolon and parted by an empty line. */
  readonly text: string;
  readonly statements: readonly PlacedStatement[];
}

interface SchemaRow {
  readonly type: SchemaObjectType;
  readonly name: string;
  readonly tbl_name: string;
  readonly sql: string;
}

/**
 * The source's own DDL: tables first, then indexes, views and triggers, each in the order it was
 * made. SQLite's internal tables and the shadow tables of virtual ones make themselves.
 */
export function readSchemaSql(db: Database.Database): SchemaSql {
  const rows = db
    .prepare<[], SchemaRow>(
      `SELECT s.type, s.name, s.tbl_name, s.sql FROM sqlite_schema AS s
       WHERE s.sql IS NOT NULL AND s.name NOT GLOB 'sqlite_*'
         AND s.name NOT IN (SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'shadow')
       ORDER BY CASE s.type WHEN 'table' THEN 0 WHEN 'index' THEN 1 WHEN 'view' THEN 2 ELSE 3 END, s.rowid`,
    )
    .all();
  const statements: PlacedStatement[] = [];
  let text = '';
  let offset = 0;
  for (const { type, name, tbl_name: table, sql } of rows) {
    const parted = text === '' ? '' : '\n';
    offset += parted.length;
    const sizeBytes = Buffer.byteLength(sql);
    statements.push({ type, name, table, offset, sizeBytes });
    const end = endOf(sql);
    text += parted + sql + end;
    offset += sizeBytes + end.length;
  }
  return { text, statements };
}

/** SQLite keeps a comment that follows a statement: on its line the semicolon would belong to it. */
function endOf(sql: string): string {
  const lastLine = sql.slice(sql.lastIndexOf('\n') + 1);
  return lastLine.includes('--') ? '\n;\n' : ';\n';
}
