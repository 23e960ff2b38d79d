import { join } from 'node:path';
import Sqlite, { type Database } from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ColumnCensus } from '../../../../scripts/lib/model/census.ts';
import {
  SOURCE_ENCODINGS,
  type SourceEncoding,
} from '../../../../scripts/lib/model/source-catalog.ts';
import { takeCensus, type TableCensus } from '../../../../scripts/lib/source/census/take-census.ts';
import { openSource } from '../../../../scripts/lib/source/open.ts';
import { countByHand } from '../../../support/census-by-hand.ts';
import { anyCell } from '../../../support/census-values.ts';
import { memoryDatabase, sqliteFile, tableOf } from '../../../support/sqlite.ts';
import { temporaryFolder } from '../../../support/temp.ts';

const folder = temporaryFolder();

async function censusOf(db: Database, encoding: SourceEncoding = 'UTF-8'): Promise<TableCensus> {
  const { signal } = new AbortController();
  return takeCensus(db, tableOf(db, 't'), { encoding, signal, advance: () => undefined });
}

/** Every column of `t` by name: its census, and the same counted by hand from the rows. */
async function bothOf(
  db: Database,
  encoding: SourceEncoding = 'UTF-8',
): Promise<{ counted: Columns; byHand: Columns }> {
  const { columns } = await censusOf(db, encoding);
  return {
    counted: Object.fromEntries(columns.map(({ name, census }) => [name, census])),
    byHand: countByHand(db, 't', encoding),
  };
}

type Columns = Record<string, ColumnCensus>;

/** The census of the column `x` of a table that SQL makes. */
async function censusOfX(sql: string): Promise<ColumnCensus | undefined> {
  const { columns } = await censusOf(memoryDatabase(sql));
  return columns.find(({ name }) => name === 'x')?.census;
}

describe.each(SOURCE_ENCODINGS)('in a database in %s, the census', (encoding) => {
  it('is what one counts by hand, whatever a column holds', async () => {
    const db = memoryDatabase('CREATE TABLE t (x)', encoding);
    const insert = db.prepare('INSERT INTO t VALUES (?)');
    await fc.assert(
      fc.asyncProperty(fc.array(anyCell, { maxLength: 60 }), async (values) => {
        db.exec('DELETE FROM t');
        for (const value of values) insert.run(value);
        const { counted, byHand } = await bothOf(db, encoding);
        expect(counted).toEqual(byHand);
      }),
      { numRuns: 200 },
    );
  });
});

const DECLARED = [
  'a INTEGER',
  'b REAL',
  'c NUMERIC',
  'd TEXT COLLATE NOCASE',
  'e BLOB',
  'f BOOLEAN',
  'g DATETIME',
  '"h ""quoted""" JSON',
  'i TEXT AS (hex(d) || hex(e)) VIRTUAL',
  'j INT AS (length(d)) STORED',
];

it.each(['', ' WITHOUT ROWID'])(
  'is what one counts by hand in columns of declared types, generated ones too, of a table%s',
  async (option) => {
    const row = fc.array(anyCell, { minLength: 8, maxLength: 8 });
    const db = memoryDatabase(
      `CREATE TABLE t (id INTEGER PRIMARY KEY, ${DECLARED.join(', ')})${option}`,
    );
    const insert = db.prepare(
      `INSERT INTO t (id, a, b, c, d, e, f, g, "h ""quoted""") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 20 }), async (rows) => {
        db.exec('DELETE FROM t');
        for (const [id, values] of rows.entries()) insert.run(id, ...values);
        const { counted, byHand } = await bothOf(db);
        expect(Object.keys(counted)).toHaveLength(11);
        expect(counted).toEqual(byHand);
      }),
      { numRuns: 50 },
    );
  },
);

/** SQL of a value that stands in row i, and another that stands in all others. */
const late = (value: string, place: number, otherwise: string): string =>
  `iif(i = ${place}, ${value}, ${otherwise})`;

/** n rows, numbered from 1. */
const rows = (n: number, columns: string, table = 't'): string =>
  `INSERT INTO ${table} WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${n})
   SELECT ${columns} FROM n;`;

describe('a table of many rows', () => {
  it('is counted to its end, values of a kind that turn up late too', async () => {
    const db = memoryDatabase(
      `CREATE TABLE t (id INTEGER PRIMARY KEY, a, b, c, d);
       ${rows(
         6_000,
         `i * 3 - 9000, ${late("x'00ff'", 1_001, 'i')}, ${late('NULL', 6_000, "'text' || i")},
         ${late("'{}'", 5_001, late("'2024-01-31'", 2_000, "'x'"))}, ${late('1e300', 5_999, '0.25')}`,
       )}`,
    );
    const steps: number[] = [];
    const { rowCount, columns } = await takeCensus(db, tableOf(db, 't'), {
      encoding: 'UTF-8',
      signal: new AbortController().signal,
      advance: (some) => steps.push(some),
    });
    expect([rowCount, steps.reduce((sum, some) => sum + some, 0)]).toEqual([6_000, 6_000]);
    expect(steps.length).toBeGreaterThan(2);
    const counted = Object.fromEntries(columns.map(({ name, census }) => [name, census]));
    expect(counted).toEqual(countByHand(db, 't', 'UTF-8'));
    expect(counted).toMatchObject({
      a: { integers: { count: 5_999 }, blobs: { count: 1 } },
      b: { nulls: 1, texts: { count: 5_999 } },
      c: { texts: { jsonObjects: 1, dates: 1 } },
      d: { reals: { maximum: '1e+300' } },
    });
  });

  it.each([
    `'a' || char(0)`,
    `'2024-01-31'`,
    `'{}'`,
    `'0e4ab2c6-5a4c-4f5e-8c43-6b3a4f0a9d11'`,
    `'12.5'`,
    '0.25',
    '5',
    `x'00'`,
    'NULL',
  ])('holds %s only, until everything else comes', async (value) => {
    const others = [`'b' || char(0)`, `'t'`, `''`, `'[]'`, '1.5', '9e999', '7', `x'ffff'`, 'NULL'];
    const db = memoryDatabase(
      `CREATE TABLE t (x); ${rows(1_500, value)}
       INSERT INTO t VALUES ${others.map((other) => `(${other})`).join(', ')}`,
    );
    const { counted, byHand } = await bothOf(db);
    expect(counted).toEqual(byHand);
  });

  it('is left at once when the work is stopped', async () => {
    const db = memoryDatabase(`CREATE TABLE t (x); ${rows(20_000, 'i')}`);
    const controller = new AbortController();
    let counted = 0;
    const census = takeCensus(db, tableOf(db, 't'), {
      encoding: 'UTF-8',
      signal: controller.signal,
      advance: (some) => {
        counted += some;
        controller.abort(new Error('stopped'));
      },
    });
    await expect(census).rejects.toThrow('stopped');
    expect(counted).toBeGreaterThan(0);
    expect(counted).toBeLessThan(20_000);
  });

  it('has rowids from the smallest to the largest', async () => {
    const db = memoryDatabase(
      `CREATE TABLE t (id INTEGER PRIMARY KEY, x);
       INSERT INTO t VALUES (-9223372036854775808, 1), (-1, 2), (9223372036854775807, 3);
       ${rows(2_000, 'i + 5, 4')}`,
    );
    const { rowCount, columns } = await censusOf(db);
    expect([rowCount, columns[0]?.census.integers]).toEqual([
      2_003,
      {
        count: 2_003,
        minimum: '-9223372036854775808',
        maximum: '9223372036854775807',
        zeroOrOne: 0,
        epoch: null,
      },
    ]);
  });

  it('may leave no name for the rowid', async () => {
    const db = memoryDatabase(
      `CREATE TABLE t (rowid, _rowid_, oid); ${rows(3_000, "i, 'x', NULL")}`,
    );
    const { counted, byHand } = await bothOf(db);
    expect(counted).toEqual(byHand);
    expect(counted).toMatchObject({ rowid: { integers: { count: 3_000 } }, oid: { nulls: 3_000 } });
  });
});

it.each([
  ['the most columns that SQLite has unless told otherwise', 1_999],
  ['as many as fit into one statement', 300],
])('counts a table of %s', async (_, width) => {
  const names = Array.from({ length: width }, (__, index) => `c${index}`);
  const db = memoryDatabase(`CREATE TABLE t (${names.join(', ')})`);
  const values = [`'{"a":1}'`, `'plain'`, '1.5', '7', `x'00'`, 'NULL', `'2024-01-31T00:00:00Z'`];
  for (const shift of [0, 3]) {
    const row = names.map((__, index) => values[(index + shift) % values.length]);
    db.exec(`INSERT INTO t VALUES (${row.join(', ')})`);
  }
  const { counted, byHand } = await bothOf(db);
  expect(Object.keys(counted)).toEqual(names);
  expect(counted).toEqual(byHand);
});

describe('numbers', () => {
  it('of 64 bits are exact', async () => {
    const sql = `CREATE TABLE t (x); INSERT INTO t VALUES (9007199254740993), (-9223372036854775808), (9223372036854775807)`;
    expect((await censusOfX(sql))?.integers).toMatchObject({
      minimum: '-9223372036854775808',
      maximum: '9223372036854775807',
    });
  });

  it.each([
    ['s', '-1000000000, 1700000000'],
    ['ms', '-2208988800000, 1700000000000'],
    ['us', '0, 1700000000000000'],
    [null, '-2208988800001, 1700000000000'],
    [null, '0, 600000000'],
    [null, '0, 7258118400'],
    [null, '5, 9'],
  ])('count %s since 1970: %s', async (epoch, values) => {
    const sql = `CREATE TABLE t (x); INSERT INTO t VALUES (${values.replace(', ', '), (')})`;
    expect((await censusOfX(sql))?.integers?.epoch).toBe(epoch);
  });

  it('with and without a fraction, long and infinite ones are told apart', async () => {
    const sql = `CREATE TABLE t (x); INSERT INTO t VALUES
      (17.0), (-0.0), (1e300), (12.30), (0.00000025), (0.1 + 0.2), (5e-324), (9e999), (-9e999)`;
    expect((await censusOfX(sql))?.reals).toEqual({
      count: 9,
      minimum: '-Infinity',
      maximum: 'Infinity',
      infinite: 2,
      whole: 3,
      decimals: 2,
      mostDecimals: 8,
    });
  });

  it('of a minus before nothing are 0', async () => {
    const sql = `CREATE TABLE t (x); INSERT INTO t VALUES (-0.0)`;
    expect((await censusOfX(sql))?.reals).toMatchObject({ minimum: '0', maximum: '0', whole: 1 });
  });
});

describe('texts', () => {
  it('with U+0000 are measured to their end and are of no form', async () => {
    const sql = `CREATE TABLE t (x); INSERT INTO t VALUES ('{}' || char(0)), ('1' || char(0) || '😀é'), (char(0))`;
    expect((await censusOfX(sql))?.texts).toMatchObject({
      count: 3,
      withNul: 3,
      longestCharacters: 4,
      longestBytes: 8,
      jsonObjects: 0,
      integers: 0,
    });
  });

  it('with U+0000 beside NULL are measured by themselves', async () => {
    const db = memoryDatabase('CREATE TABLE t (x)');
    db.prepare('INSERT INTO t VALUES (?), (?)').run('\u0000', null);
    const { counted, byHand } = await bothOf(db);
    expect(counted).toEqual(byHand);
    expect(counted).toMatchObject({ x: { nulls: 1, texts: { longestCharacters: 1 } } });
  });

  it('that are not valid in the encoding are counted with their bytes', async () => {
    const sql = `CREATE TABLE t (x); INSERT INTO t VALUES (CAST(x'61ff62' AS TEXT)), ('ab')`;
    expect((await censusOfX(sql))?.texts).toMatchObject({ count: 2, longestBytes: 3 });
  });

  it('of 32 digits are UUIDs and integers both', async () => {
    const sql = `CREATE TABLE t (x); INSERT INTO t VALUES ('12345678901234567890123456789012')`;
    expect((await censusOfX(sql))?.texts).toMatchObject({ uuids: 1, integers: 1, mostDigits: 32 });
  });

  it('of a column with a collation that only its application knows are counted all the same', async () => {
    const file = join(folder, 'collation.db');
    const writer = new Sqlite(
      sqliteFile(file, `CREATE TABLE t (x TEXT); INSERT INTO t VALUES ('b'), ('a')`),
    );
    writer.unsafeMode();
    writer.exec(`PRAGMA writable_schema = ON;
      UPDATE sqlite_schema SET sql = 'CREATE TABLE t (x TEXT COLLATE icu_de)' WHERE name = 't'`);
    writer.close();
    const source = openSource(file);
    expect((await censusOf(source.db)).columns[0]?.census.texts).toMatchObject({
      count: 2,
      longestBytes: 1,
    });
    source.close();
  });
});

it('is zero of everything in an empty table', async () => {
  expect(await censusOf(memoryDatabase('CREATE TABLE t (x INTEGER, y TEXT)'))).toEqual({
    rowCount: 0,
    columns: ['x', 'y'].map((name) => ({
      name,
      census: { nulls: 0, integers: null, reals: null, texts: null, blobs: null },
      kinds: new Map(),
    })),
  });
});
