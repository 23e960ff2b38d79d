import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  SOURCE_ENCODINGS,
  type SourceEncoding,
} from '../../../scripts/lib/model/source-catalog.ts';
import { MalformedText, type Row, type SqliteValue } from '../../../scripts/lib/model/values.ts';
import {
  NotReadExactly,
  countRows,
  initialTextReading,
  readRows,
} from '../../../scripts/lib/source/rows.ts';
import { memoryDatabase, tableOf } from '../../support/sqlite.ts';
import { anyReal, anyText, anyValue, exactRow, exactly } from '../../support/values.ts';

/** The rows of `t`, as an export reads them. */
function rowsOf(sql: string, encoding: SourceEncoding = 'UTF-8'): Row[] {
  const db = memoryDatabase(sql, encoding);
  const reading = initialTextReading(encoding);
  return [...readRows(db, tableOf(db, 't'), reading, encoding)];
}

/** The first values of the rows of `t`, in the order they are read. */
function firstsOf(sql: string): SqliteValue[] {
  return rowsOf(sql).map(([first]) => first ?? null);
}

describe('values', () => {
  it('come exactly as they were stored, by either reading', () => {
    const storable = anyValue.filter((value) => !(value instanceof MalformedText));
    const db = memoryDatabase('CREATE TABLE t (id INTEGER PRIMARY KEY, x)');
    const table = tableOf(db, 't');
    const insert = db.prepare('INSERT OR REPLACE INTO t VALUES (1, ?)');
    fc.assert(
      fc.property(storable, (value) => {
        insert.run(value);
        const [byBytes] = [...readRows(db, table, 'bytes', 'UTF-8')];
        expect(exactly(byBytes?.[1] ?? null)).toBe(exactly(value));
        if (typeof value === 'string' && value.includes('\uFFFD')) return;
        const [byStrings] = [...readRows(db, table, 'strings', 'UTF-8')];
        expect(exactly(byStrings?.[1] ?? null)).toBe(exactly(value));
      }),
      { numRuns: 1000 },
    );
  });

  it('keep their storage class in every kind of column', () => {
    const values = "(1, '1', 1.0, x'31', NULL)";
    expect(rowsOf(`CREATE TABLE t (a, b, c, d, e); INSERT INTO t VALUES ${values}`)).toEqual([
      [1n, '1', 1, Buffer.from('1'), null],
    ]);
    const typed = `CREATE TABLE t (a TEXT, b INTEGER, c INTEGER, d TEXT, e); INSERT INTO t VALUES ${values}`;
    expect(rowsOf(typed)).toEqual([['1', 1n, 1n, Buffer.from('1'), null]]);
  });

  it('of generated columns come like all others', () => {
    const sql = `CREATE TABLE t (a INT, b INT AS (a * 2), c TEXT AS (a || 'x') STORED, d INT);
      INSERT INTO t (a, d) VALUES (2, 3)`;
    expect(rowsOf(sql)).toEqual([[2n, 4n, '2x', 3n]]);
  });

  it('of columns with any name come by the right column', () => {
    const names = ['select', 'a "b"', 'rowid', "it's", 'line\nbreak', '表', ''];
    const columns = names.map((name) => `"${name.replaceAll('"', '""')}"`).join(', ');
    expect(
      rowsOf(`CREATE TABLE t (${columns}); INSERT INTO t VALUES (1, 2, 3, 4, 5, 6, 7)`),
    ).toEqual([[1n, 2n, 3n, 4n, 5n, 6n, 7n]]);
  });
});

describe('text that is no text', () => {
  const sql = `CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT);
    INSERT INTO t VALUES (1, CAST(x'61ff62' AS TEXT)), (2, 'fine'), (3, CAST(x'00ff' AS TEXT))`;

  it('stops a reading by strings', () => {
    expect(() => rowsOf(sql)).toThrow(NotReadExactly);
  });

  it('comes with its very bytes in a reading by bytes', () => {
    const db = memoryDatabase(sql);
    const rows = [...readRows(db, tableOf(db, 't'), 'bytes', 'UTF-8')];
    expect(rows.map(exactRow)).toEqual([
      ['integer 1', 'malformed 61ff62'],
      ['integer 2', exactly('fine')],
      ['integer 3', 'malformed 00ff'],
    ]);
  });

  it('is kept apart from a real U+FFFD', () => {
    const db = memoryDatabase(
      `CREATE TABLE t (x); INSERT INTO t VALUES (char(65533)), (CAST(x'ff' AS TEXT))`,
    );
    expect([...readRows(db, tableOf(db, 't'), 'bytes', 'UTF-8')].map(exactRow)).toEqual([
      [exactly('\uFFFD')],
      ['malformed ff'],
    ]);
  });
});

it.each([
  ['UTF-8', 1999],
  ['UTF-8', 2000],
  ['UTF-16le', 2000],
] as const)('reads wide tables by bytes in %s: %d columns', (encoding, width) => {
  const names = Array.from({ length: width }, (_, index) => `c${index}`);
  const db = memoryDatabase(`CREATE TABLE t (${names.join(', ')})`, encoding);
  db.exec(`INSERT INTO t (c0, c1000, c1998) VALUES (1, char(65533), x'ff')`);
  const [row = []] = [...readRows(db, tableOf(db, 't'), 'bytes', encoding)];
  expect(row).toHaveLength(width);
  expect([row[0], row[1], row[1000], row[1998]]).toEqual([1n, null, '\uFFFD', Buffer.from([255])]);
});

describe.each(SOURCE_ENCODINGS)('a database in %s', (encoding) => {
  it('gives its text exactly', () => {
    const db = memoryDatabase('CREATE TABLE t (id INTEGER PRIMARY KEY, x)', encoding);
    const insert = db.prepare('INSERT OR REPLACE INTO t VALUES (1, ?)');
    fc.assert(
      fc.property(anyText, anyReal, (text, real) => {
        for (const value of [text, real]) {
          insert.run(value);
          const [row] = [...readRows(db, tableOf(db, 't'), 'bytes', encoding)];
          expect(exactly(row?.[1] ?? null)).toBe(exactly(value));
        }
      }),
      { numRuns: 200 },
    );
  });
});

it.each([
  ['UTF-16le', '6100', '00d8'],
  ['UTF-16be', '0061', 'd800'],
] as const)('keeps lone surrogates of %s as bytes', (encoding, fine, broken) => {
  const sql = `CREATE TABLE t (id INTEGER PRIMARY KEY, x);
    INSERT INTO t VALUES (1, CAST(x'${fine}' AS TEXT)), (2, CAST(x'${broken}' AS TEXT)), (3, x'${broken}')`;
  expect(rowsOf(sql, encoding).map((row) => exactly(row[1] ?? null))).toEqual([
    exactly('a'),
    `malformed ${broken}`,
    `blob ${broken}`,
  ]);
});

describe('the order of rows', () => {
  it.each([
    [
      'by the rowid that the key is',
      't (id INTEGER PRIMARY KEY)',
      '(10), (9), (-1)',
      [-1n, 9n, 10n],
    ],
    [
      'by key ascending, though it was declared descending',
      't (id INT PRIMARY KEY DESC)',
      '(10), (9), (11)',
      [9n, 10n, 11n],
    ],
    [
      'by bytes, though the key compares without case',
      't (id TEXT COLLATE NOCASE PRIMARY KEY)',
      "('a'), ('B'), ('C')",
      ['B', 'C', 'a'],
    ],
    [
      'by bytes without a rowid too',
      't (id TEXT COLLATE NOCASE PRIMARY KEY) WITHOUT ROWID',
      "('a'), ('B')",
      ['B', 'a'],
    ],
    [
      'by storage class first',
      't (id PRIMARY KEY)',
      "(x'00'), ('0'), (1.5), (1), (NULL)",
      [null, 1n, 1.5, '0', Buffer.alloc(1)],
    ],
    ['by rowid where there is no key', 't (a)', "('b'), ('a'), ('c')", ['b', 'a', 'c']],
  ])('is %s', (_, ddl, values, order) => {
    expect(firstsOf(`CREATE TABLE ${ddl}; INSERT INTO t VALUES ${values}`)).toEqual(order);
  });

  it('is by all columns of the key, in the order of the key', () => {
    const sql = `CREATE TABLE t (a, b, PRIMARY KEY (b, a)) WITHOUT ROWID;
      INSERT INTO t VALUES (1, 'y'), (2, 'x'), (1, 'x')`;
    expect(rowsOf(sql)).toEqual([
      [1n, 'x'],
      [2n, 'x'],
      [1n, 'y'],
    ]);
  });

  it('is by rowid among rows whose key is NULL', () => {
    const sql = `CREATE TABLE t (id TEXT PRIMARY KEY, x);
      INSERT INTO t (rowid, id, x) VALUES (3, NULL, 'c'), (1, NULL, 'a'), (2, 'k', 'b')`;
    expect(rowsOf(sql)).toEqual([
      [null, 'a'],
      [null, 'c'],
      ['k', 'b'],
    ]);
  });

  it.each(['rowid', 'rowid, _rowid_', 'RowId, _RowId_, OID'])(
    'is found although columns are called %s',
    (names) => {
      const taken = names.split(', ');
      const zeros = taken.map(() => '0').join(', ');
      const rows = rowsOf(
        `CREATE TABLE t (x, ${names}); INSERT INTO t VALUES ('b', ${zeros}), ('a', ${zeros})`,
      );
      expect(rows.map(([x]) => x)).toEqual(['b', 'a']);
    },
  );
});

it('gives so many rows as are asked for', () => {
  const db = memoryDatabase('CREATE TABLE t (x); INSERT INTO t VALUES (1), (2), (3)');
  expect([...readRows(db, tableOf(db, 't'), 'strings', 'UTF-8', 2)]).toEqual([[1n], [2n]]);
  expect([...readRows(db, tableOf(db, 't'), 'bytes', 'UTF-8', 0)]).toEqual([]);
});

it('counts the rows of the table itself, whatever its indexes', () => {
  const db = memoryDatabase(`CREATE TABLE "t ""x" (x); CREATE INDEX i ON "t ""x" (x) WHERE x > 1;
    INSERT INTO "t ""x" VALUES (1), (2), (NULL)`);
  expect(countRows(db, tableOf(db, 't "x'))).toBe(3n);
});
