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
  expect(readSchemaSql(db)).toBe(
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
  const sql = readSchemaSql(db);
  expect(sql).not.toContain('notes_data');
  expect(readSchemaSql(memoryDatabase(sql))).toBe(sql);
});

it('is empty for an empty database', () => {
  expect(readSchemaSql(memoryDatabase(''))).toBe('');
});
