import { describe, expect, it } from 'vitest';
import { readExistingModels } from '../../../scripts/lib/draft/existing-schema.ts';
import { columnsId, readTableDefinition } from '../../../scripts/lib/draft/sql/table-definition.ts';
import { tokensOf } from '../../../scripts/lib/draft/sql/tokens.ts';
import {
  declaredKind,
  declaredLength,
  declaredPrecision,
} from '../../../scripts/lib/draft/types/declared.ts';

describe('SQL is cut into pieces', () => {
  it('with comments and white space left out', () => {
    const tokens = tokensOf(`a -- x\n /* ) */ "b""c" [d e] \`f\` 'it''s' x'00ff' 1.5e3 <= :p`);
    expect(tokens?.map(({ kind, text }) => [kind, text])).toEqual([
      ['word', 'a'],
      ['name', 'b"c'],
      ['name', 'd e'],
      ['name', 'f'],
      ['text', "it's"],
      ['blob', '00ff'],
      ['number', '1.5e3'],
      ['symbol', '<='],
      ['parameter', ':p'],
    ]);
  });

  it('and not at all where a piece is none', () => {
    expect(tokensOf(`'open`)).toBeNull();
  });
});

describe('a CREATE TABLE', () => {
  const read = readTableDefinition(`CREATE TABLE "t (" ( -- CHECK (0)
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    a INT CONSTRAINT "a small" CHECK (a < (1 + 2)) DEFAULT 'CHECK (x)',
    "check" TEXT CHECK ("check" <> ')'),
    made TEXT GENERATED ALWAYS AS (a || ',') STORED, Other AS (a) VIRTUAL,
    p REFERENCES q DEFERRABLE INITIALLY DEFERRED, r REFERENCES q NOT DEFERRABLE INITIALLY DEFERRED,
    CHECK (a > 0), CONSTRAINT f FOREIGN KEY (a, "check") REFERENCES q (x, y) DEFERRABLE INITIALLY DEFERRED
  ) STRICT`);

  it('says its CHECKs, with the names that they have', () => {
    expect(read.checks).toEqual([
      { name: 'a small', sql: 'a < (1 + 2)' },
      { name: null, sql: `"check" <> ')'` },
      { name: null, sql: 'a > 0' },
    ]);
  });

  it('says what its generated columns are', () => {
    expect([...read.generated]).toEqual([
      ['made', "a || ','"],
      ['other', 'a'],
    ]);
  });

  it('says AUTOINCREMENT, and which foreign keys are checked at the end', () => {
    expect(read.isAutoincrement).toBe(true);
    expect([...read.deferred]).toEqual([columnsId(['p']), columnsId(['a', 'check'])]);
  });

  it('says nothing where it is not understood', () => {
    expect(readTableDefinition('CREATE TABLE t AS SELECT 1').checks).toEqual([]);
    expect(readTableDefinition('').isAutoincrement).toBe(false);
  });
});

describe('a declared type', () => {
  it.each([
    ['INTEGER', 'integer'],
    ['int unsigned', 'integer'],
    ['UNSIGNED BIG INT', 'bigint'],
    ['INT8', 'bigint'],
    ['tinyint(1)', 'boolean'],
    ['TINYINT', 'integer'],
    ['bool', 'boolean'],
    ['datetime(6)', 'datetime'],
    ['timestamp with time zone', 'datetime'],
    ['date', 'date'],
    ['time', 'time'],
    ['decimal(10, 2)', 'decimal'],
    ['NUMERIC', 'decimal'],
    ['double precision', 'float'],
    ['NVARCHAR(40)', 'text'],
    ['JSONB', 'json'],
    ['uniqueidentifier', 'uuid'],
    ['varbinary(16)', 'bytes'],
    ['', 'unknown'],
    ['geometry', 'unknown'],
  ])('%s says %s', (declared, kind) => {
    expect(declaredKind(declared)).toBe(kind);
  });

  it('says a length or a precision', () => {
    expect(['VARCHAR(40)', 'CHAR VARYING(7)', 'TEXT', 'INT(11)'].map(declaredLength)).toEqual([
      40,
      7,
      null,
      null,
    ]);
    expect(declaredPrecision('DECIMAL(10, 2)')).toEqual({ precision: 10, scale: 2 });
    expect(declaredPrecision('NUMERIC(5)')).toEqual({ precision: 5, scale: 0 });
    expect(declaredPrecision('NUMERIC')).toBeNull();
  });
});

it('finds the tables and columns of an existing schema by the names that the database has', () => {
  const models = readExistingModels(`
model User {
  id      Int     @id
  mail    String? @map("e mail") // @map("no")
  /// @@map("neither")
  posts   Post[]

  @@map("all \\"users\\"")
}

model Post {
  id Int @id
}
`);
  expect(models.map(({ name }) => name)).toEqual(['all "users"', 'Post']);
  expect(models[0]?.columns.map(({ name }) => name)).toEqual(['id', 'e mail', 'posts']);
});
