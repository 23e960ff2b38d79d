import { join } from 'node:path';
import BetterSqlite3, { type Database } from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineEncoder } from '../../../scripts/lib/artifact/line.ts';
import type { SourceTable } from '../../../scripts/lib/model/source-catalog.ts';
import { introspectSource } from '../../../scripts/lib/source/introspect.ts';
import { planLines, readLines, type LinePlan } from '../../../scripts/lib/source/lines.ts';
import { NotReadExactly, readRows } from '../../../scripts/lib/source/rows.ts';
import { anyDatabase, makeDatabase } from '../../support/any-database.ts';
import { memoryDatabase, tableOf } from '../../support/sqlite.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();

/** What every reading has to write: row by row, from the bytes. */
function plainLines(db: Database, table: SourceTable): string {
  const encode = lineEncoder(table.columns.map(({ name }) => name));
  return [...readRows(db, table, 'bytes', 'UTF-8')].map((row) => `${encode(row)}\n`).join('');
}

function planOf(db: Database, rows?: number): LinePlan {
  const plan = planLines(db, tableOf(db, 't'), { rowsAtATime: rows });
  if (plan === undefined) throw new Error('SQLite is not asked for the lines of this table');
  return plan;
}

/** What SQLite writes; null where it says that it cannot. */
function linesBySql(db: Database, table: SourceTable, rows?: number): string | null {
  const plan = planLines(db, table, { rowsAtATime: rows });
  if (plan === undefined) return null;
  try {
    return Buffer.concat([...readLines(db, plan)].map(({ bytes }) => bytes)).toString('utf8');
  } catch (error) {
    if (error instanceof NotReadExactly) return null;
    throw error;
  }
}

/** The lines of `t`, which must be the same by either reading. */
/** The lines of `t`, made both ways; by SQL with some rows a call, and with as many as is usual. */
function bothWays(sql: string): { bySql: (string | null)[]; plain: string[] } {
  const db = memoryDatabase(sql);
  const table = tableOf(db, 't');
  const plain = plainLines(db, table);
  return {
    bySql: [1, 2, undefined].map((rows) => linesBySql(db, table, rows)),
    plain: [plain, plain, plain],
  };
}

describe('lines made by SQLite', () => {
  it('are those made row by row, whatever the tables, types and values', () => {
    let compared = 0;
    let files = 0;
    fc.assert(
      fc.property(anyDatabase, fc.integer({ min: 1, max: 5 }), (design, rows) => {
        files += 1;
        const file = makeDatabase(join(folder, `${files}.db`), { ...design, encoding: 'UTF-8' });
        const db = new BetterSqlite3(file, { readonly: true });
        try {
          db.defaultSafeIntegers(true);
          for (const table of introspectSource(db).tables) {
            const lines = linesBySql(db, table, rows);
            if (lines === null) continue;
            compared += lines.length;
            expect(lines).toBe(plainLines(db, table));
          }
        } finally {
          db.close();
        }
      }),
      { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 80) },
    );
    expect(compared).toBeGreaterThan(1500);
  });

  it('have the digits of every REAL', () => {
    const db = memoryDatabase('CREATE TABLE t (id INTEGER PRIMARY KEY, x, y REAL)');
    const table = tableOf(db, 't');
    const insert = db.prepare('INSERT OR REPLACE INTO t VALUES (1, ?, ?)');
    const decimal = fc
      .tuple(fc.maxSafeInteger(), fc.integer({ min: -8, max: 20 }))
      .map(([digits, scale]) => digits / 10 ** scale);
    fc.assert(
      fc.property(fc.oneof(decimal, fc.double({ noNaN: true })), (real) => {
        insert.run(real, real);
        const expected = Object.is(real, -0) ? null : plainLines(db, table);
        expect(linesBySql(db, table)).toBe(expected);
      }),
      { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 500) },
    );
  });

  it.each([
    [
      'BLOBs in a column for numbers',
      `CREATE TABLE t (a INT, b); INSERT INTO t VALUES (1, x''), (x'00ff', 'b'), (3, x'7b7d22')`,
    ],
    [
      'BLOBs that SQLite could take for JSON',
      `CREATE TABLE t (a INT, b TEXT); INSERT INTO t VALUES (1, 'a'), (x'230000', x'1761'), (jsonb('{"a":[1]}'), 'b')`,
    ],
    [
      'BLOBs that are written in pieces',
      `CREATE TABLE t (a INT PRIMARY KEY, b); INSERT INTO t SELECT value, CAST(printf('%.*c', value, 'abc') || 'def' AS BLOB) FROM json_each('[16380, 16381, 16382, 49149, 49150, 98301, 98302, 98303, 1500000]')`,
    ],
    ['0.0', 'CREATE TABLE t (a REAL, b); INSERT INTO t VALUES (0.0, 0.0), (1, 2)'],
    ['infinities', 'CREATE TABLE t (a REAL); INSERT INTO t VALUES (9e999), (-9e999), (1.5)'],
    [
      'JSON that is computed',
      `CREATE TABLE t (a TEXT, b AS (json_extract(a, '$')), c AS (json_array(a)) STORED); INSERT INTO t VALUES ('{"x":[1]}'), ('[2.50]'), ('7')`,
    ],
    [
      'names that the query itself uses',
      "CREATE TABLE t (line INTEGER, t TEXT, \"count(*)\", PRIMARY KEY (t, line)) WITHOUT ROWID; INSERT INTO t VALUES (3, 'b', 1), (2, 'a', 2), (1, 'a', 3)",
    ],
    [
      'rowids from end to end',
      'CREATE TABLE t (a); INSERT INTO t (rowid, a) VALUES (9223372036854775807, 1), (-9223372036854775808, 2), (0, 3)',
    ],
    [
      'keys of every storage class',
      `CREATE TABLE t (k NOT NULL PRIMARY KEY); INSERT INTO t VALUES (1), (1.5), ('1'), (x'31'), (''), (x''), (-9e999), ('a' || char(0) || 'b')`,
    ],
    [
      'a descending key',
      'CREATE TABLE t (a INT NOT NULL, b INT NOT NULL, PRIMARY KEY (a DESC, b DESC)); INSERT INTO t VALUES (1, 2), (2, 1), (1, 1), (2, 2)',
    ],
    ['no rows', 'CREATE TABLE t (a)'],
  ])('are the same with %s', (_, sql) => {
    const { bySql, plain } = bothWays(sql);
    expect(bySql).toEqual(plain);
  });

  it('are the same in the widest table that SQLite takes them of', () => {
    const names = Array.from({ length: 499 }, (_, index) => `c${index}`);
    const { bySql, plain } = bothWays(
      `CREATE TABLE t (${names.join(', ')}); INSERT INTO t VALUES (${names.map((_, index) => [index, "'x'", '0.5', "x'ff'", 'NULL'][index % 5]).join(', ')})`,
    );
    expect(bySql).toEqual(plain);
  });

  it('come of large rows few at a time', () => {
    const db = memoryDatabase(`CREATE TABLE t (a);
      INSERT INTO t SELECT 'small' FROM json_each('[${'0,'.repeat(99)}0]');
      INSERT INTO t VALUES (zeroblob(3000000));`);
    const parts = [...readLines(db, planOf(db))];
    expect(parts.reduce((sum, { rowCount }) => sum + rowCount, 0)).toBe(101);
    expect(Math.max(...parts.map(({ rowCount }) => rowCount))).toBeLessThan(4);
  });
});

describe('SQLite is not asked for the lines of', () => {
  it.each([
    [
      'a key that compares otherwise',
      `CREATE TABLE t (k TEXT NOT NULL COLLATE NOCASE PRIMARY KEY); INSERT INTO t VALUES ('a'), ('B')`,
    ],
    [
      'a key with NULLs',
      'CREATE TABLE t (k TEXT PRIMARY KEY); INSERT INTO t VALUES (NULL), (NULL)',
    ],
    [
      'a key in both directions',
      'CREATE TABLE t (a INT NOT NULL, b INT NOT NULL, PRIMARY KEY (a, b DESC)); INSERT INTO t VALUES (1, 1), (1, 2)',
    ],
    [
      'a rowid that has no name left',
      'CREATE TABLE t (rowid TEXT, _rowid_ TEXT, oid TEXT); INSERT INTO t VALUES (1, 2, 3)',
    ],
    [
      'more columns than its functions take',
      `CREATE TABLE t (${Array.from({ length: 500 }, (_, index) => `c${index}`).join(', ')})`,
    ],
  ])('%s', (_, sql) => {
    const db = memoryDatabase(sql);
    expect(planLines(db, tableOf(db, 't'))).toBeUndefined();
  });
});

describe('lines that SQLite cannot make exactly are refused:', () => {
  it.each([
    [
      'TEXT that is not well-formed',
      `CREATE TABLE t (a); INSERT INTO t VALUES ('good'), (CAST(x'61ff' AS TEXT))`,
    ],
    [
      'keys that are not well-formed',
      `CREATE TABLE t (k NOT NULL PRIMARY KEY); INSERT INTO t VALUES (CAST(x'ff' AS TEXT)), (CAST(x'80' AS TEXT))`,
    ],
    ['-0.0', 'CREATE TABLE t (a); INSERT INTO t VALUES (0.0), (-0.0)'],
    [
      '-0.0 in another column than the first 0.0',
      'CREATE TABLE t (a REAL, b); INSERT INTO t VALUES (0.0, 1.5), (1.5, -0.0)',
    ],
  ])('%s', (_, sql) => {
    const db = memoryDatabase(sql);
    for (const rows of [1, undefined]) {
      expect(() => [...readLines(db, planOf(db, rows))]).toThrow(NotReadExactly);
    }
  });

  it.each([
    [
      '-0.0 in a column that was not REAL when it was written',
      'CREATE TABLE t (a REAL, b); INSERT INTO t VALUES (0.0, 1.5), (1.5, -0.0)',
      'CREATE TABLE t (a REAL, b REAL)',
    ],
    [
      '-0.0 in a column that is TEXT since',
      'CREATE TABLE t (a); INSERT INTO t VALUES (1.5), (-0.0)',
      'CREATE TABLE t (a TEXT)',
    ],
    [
      'numbers in a key that is TEXT since',
      `CREATE TABLE t (a, PRIMARY KEY (a)) WITHOUT ROWID; INSERT INTO t VALUES (1), (2), ('1'), ('2')`,
      'CREATE TABLE t (a TEXT, PRIMARY KEY (a)) WITHOUT ROWID',
    ],
    [
      'digits in a key that is a number since',
      `CREATE TABLE t (a, PRIMARY KEY (a)) WITHOUT ROWID; INSERT INTO t VALUES ('1'), ('2'), (' -2.5e3 ')`,
      'CREATE TABLE t (a INTEGER, PRIMARY KEY (a)) WITHOUT ROWID',
    ],
    [
      'a key whose order is another since',
      'CREATE TABLE t (a, PRIMARY KEY (a)) WITHOUT ROWID; INSERT INTO t VALUES (1), (2), (3), (4)',
      'CREATE TABLE t (a, PRIMARY KEY (a DESC)) WITHOUT ROWID',
    ],
  ])('%s', (_, sql, later) => {
    const db = memoryDatabase(sql);
    db.unsafeMode();
    db.pragma('writable_schema = ON');
    db.prepare(`UPDATE sqlite_schema SET sql = ? WHERE name = 't'`).run(later);
    db.pragma('writable_schema = RESET');
    expect(() => [...readLines(db, planOf(db, 1))]).toThrow(NotReadExactly);
  });
});
