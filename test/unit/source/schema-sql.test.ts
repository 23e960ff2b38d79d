import { expect, it } from 'vitest';
import { readSchemaSql } from '../../../scripts/lib/source/schema-sql.ts';
import { memoryDatabase } from '../../support/sqlite.ts';

it('gives tables, then indexes, views and triggers, each in the order it was made', () => {
  const db = memoryDatabase(`CREATE TABLE b (x UNIQUE);
    CREATE VIEW v AS SELECT x FROM b;
    CREATE TRIGGER on_b AFTER INSERT ON b BEGIN SELECT 1; END;
    CREATE INDEX by_x ON b (x);
    CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT -- the key
    )`);
  expect(readSchemaSql(db).text).toBe(
    [
      'CREATE TABLE b (x UNIQUE);\n',
      'CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT -- the key\n    );\n',
      'CREATE INDEX by_x ON b (x);\n',
      'CREATE VIEW v AS SELECT x FROM b;\n',
      'CREATE TRIGGER on_b AFTER INSERT ON b BEGIN SELECT 1; END;\n',
    ].join('\n'),
  );
});

it('makes the same database again', () => {
  const db =
    memoryDatabase(`CREATE TABLE sqliteX ("a ""b" TEXT DEFAULT 'x;', CHECK ("a ""b" <> ''));
    CREATE VIRTUAL TABLE notes USING fts5 (body);
    CREATE UNIQUE INDEX i ON sqliteX (lower("a ""b")) WHERE "a ""b" > 'm'; ANALYZE`);
  const sql = readSchemaSql(db).text;
  expect(sql).not.toContain('notes_data');
  expect(readSchemaSql(memoryDatabase(sql)).text).toBe(sql);
});

it('is empty for an empty database', () => {
  expect(readSchemaSql(memoryDatabase(''))).toEqual({ text: '', statements: [] });
});

it('says where each statement stands, in bytes, whatever its text', () => {
  const db = memoryDatabase(`CREATE TABLE "größe 😀" (x DEFAULT ';');
    CREATE INDEX i ON "größe 😀" (x) -- a comment
    ;
    CREATE VIEW v AS SELECT 1 -- another; one
    ;
    CREATE TRIGGER t INSTEAD OF DELETE ON v BEGIN SELECT 1; SELECT 2; END`);
  const { text, statements } = readSchemaSql(db);
  const bytes = Buffer.from(text);
  const stored = db
    .prepare<[], { type: string; name: string; tbl_name: string; sql: string }>(
      'SELECT type, name, tbl_name, sql FROM sqlite_schema',
    )
    .all();
  expect(
    statements.map(({ offset, sizeBytes, table, ...object }) => ({
      ...object,
      tbl_name: table,
      sql: bytes.toString('utf8', offset, offset + sizeBytes),
    })),
  ).toEqual(stored);
  expect(readSchemaSql(memoryDatabase(text)).text).toBe(text);
});
