import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkForeignKeys, orphansOf } from '../../support/orphans.ts';
import { memoryDatabase } from '../../support/sqlite.ts';

/** SQL literals that affinities and collations make equal, or only nearly so. */
const literals = `NULL 0 1 -1 2 1.0 1.5 0.1 -0.0 9e999 9007199254740993 9007199254740992.0
  9223372036854775807 9223372036854775807.0 '1' '1.0' '01' '1e0' '1.5' '9007199254740993' '' 'a' 'A'
  'é' 'É' x'' x'31' x'61' char(0)`.split(/\s+/);
const malformed = ["CAST(x'ff' AS TEXT)", "CAST(x'fe' AS TEXT)", "CAST(x'41ff20' AS TEXT)"];
const literal = fc.constantFrom(...literals, ...malformed, "' 1'", "'a '", "CAST(x'61ff' AS TEXT)");
const columnType = fc
  .tuple(
    fc.constantFrom('', 'TEXT', 'INTEGER', 'INT', 'REAL', 'NUMERIC', 'BLOB'),
    fc.constantFrom('', 'COLLATE NOCASE', 'COLLATE RTRIM'),
  )
  .map((parts) => parts.join(' '));

/** The statements that put random rows of so many columns, numbered from 1, into a table. */
function rowsOf(table: string, columnCount: number): fc.Arbitrary<string> {
  const row = fc.array(literal, { minLength: columnCount, maxLength: columnCount });
  // A row that breaks a unique key of its table is left out by SQLite.
  return fc
    .array(row, { maxLength: 9 })
    .map((rows) =>
      rows
        .map((row, index) => `INSERT OR IGNORE INTO ${table} VALUES (${index + 1}, ${row.join()});`)
        .join('\n'),
    );
}

/** From none at all to enough: where the keys end up must not matter. */
const memory = fc.constantFrom(0, 4 * 1024, 40 * 1024, undefined);

const orders = fc.constantFrom(['parent', 'child'], ['child', 'parent']);

// Hundreds of databases each: slow when the machine is busy.
describe('orphans are exactly those of PRAGMA foreign_key_check', { timeout: 60_000 }, () => {
  it('whatever the types and collations, and whether parents or children come first', () => {
    const children = rowsOf('child', 1);
    fc.assert(
      fc.property(
        columnType,
        columnType,
        rowsOf('parent', 1),
        children,
        orders,
        memory,
        (p, c, ps, cs, order, bytes) => {
          const sql = `CREATE TABLE parent (label INTEGER PRIMARY KEY, k ${p} UNIQUE);
          CREATE TABLE child (label INTEGER PRIMARY KEY, r ${c} REFERENCES parent (k));
          ${ps} ${cs}`;
          expect(orphansOf(sql, order, bytes)).toSatisfy(isSame);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('to a rowid', () => {
    const keys = fc.uniqueArray(fc.integer({ min: -1, max: 3 }));
    fc.assert(
      fc.property(
        columnType,
        keys,
        rowsOf('child', 1),
        orders,
        memory,
        (type, keys, cs, order, bytes) => {
          const sql = `CREATE TABLE parent (k INTEGER PRIMARY KEY);
          CREATE TABLE child (label INTEGER PRIMARY KEY, r ${type} REFERENCES parent);
          ${keys.map((key) => `INSERT INTO parent VALUES (${key});`).join('\n')} ${cs}`;
          expect(orphansOf(sql, order, bytes)).toSatisfy(isSame);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('over composite keys, in any order of their columns', () => {
    const types = fc.tuple(columnType, columnType, columnType);
    const keys = fc.constantFrom('a, b', 'b, a');
    fc.assert(
      fc.property(
        types,
        keys,
        rowsOf('parent', 2),
        rowsOf('child', 2),
        orders,
        memory,
        ([a, b, c], key, ps, cs, order, bytes) => {
          const sql = `CREATE TABLE parent (label INTEGER, a ${a}, b ${b}, PRIMARY KEY (${key}));
          CREATE TABLE child (label INTEGER PRIMARY KEY, x ${c}, y,
            FOREIGN KEY (x, y) REFERENCES parent (a, b));
          ${ps} ${cs}`;
          expect(orphansOf(sql, order, bytes)).toSatisfy(isSame);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('within one table', () => {
    fc.assert(
      fc.property(columnType, columnType, rowsOf('t', 2), memory, (k, r, rows, bytes) => {
        const sql = `CREATE TABLE t (label INTEGER PRIMARY KEY, k ${k} UNIQUE, r ${r} REFERENCES t (k));
          ${rows}`;
        expect(orphansOf(sql, ['t'], bytes)).toSatisfy(isSame);
      }),
      { numRuns: 150 },
    );
  });

  it('in a cycle of tables, and to a table that is missing', () => {
    fc.assert(
      fc.property(
        columnType,
        columnType,
        rowsOf('a', 3),
        rowsOf('b', 3),
        memory,
        (one, two, as, bs, bytes) => {
          const sql = `CREATE TABLE a (label INTEGER PRIMARY KEY, k ${one} UNIQUE,
            r REFERENCES b (k), m REFERENCES gone);
          CREATE TABLE b (label INTEGER PRIMARY KEY, k ${two} UNIQUE,
            r ${one} REFERENCES a (k), s REFERENCES b (k));
          ${as} ${bs}`;
          expect(orphansOf(sql, ['a', 'b'], bytes)).toSatisfy(isSame);
        },
      ),
      { numRuns: 100 },
    );
  });
});

/** Whether both found the same; as a predicate, so that a failure shows the script as well. */
function isSame({ found, expected }: ReturnType<typeof orphansOf>): boolean {
  return found.join('\n') === expected.join('\n');
}

const thousand = 'WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 1000)';

describe('an orphan', () => {
  it('is named with table, columns, values, key, line and what it refers to', () => {
    const db = memoryDatabase(`CREATE TABLE p (a, b, PRIMARY KEY (a, b));
      CREATE TABLE c (id INTEGER PRIMARY KEY, x, y, FOREIGN KEY (x, y) REFERENCES p (b, a));
      INSERT INTO c VALUES (6, NULL, 'z'), (7, 1, 'z')`);
    expect(checkForeignKeys(db)).toEqual([
      {
        code: 'orphan',
        severity: 'blocking',
        kind: 'data',
        message: 'rows refer to a parent row that does not exist',
        where: {
          table: 'c',
          column: 'x, y',
          constraint: '(x, y) → p (b, a)',
          file: 'data/001-c.ndjson',
        },
        total: 1,
        examples: [{ rowKey: 'id=7', line: 2, detail: 'x=1, y="z" has no parent' }],
        hint: expect.stringContaining('parents'),
      },
    ]);
  });

  it('is counted always, and shown for the first 20', () => {
    const db = memoryDatabase(`CREATE TABLE p (id INTEGER PRIMARY KEY);
      CREATE TABLE c (id INTEGER PRIMARY KEY, p REFERENCES p);
      INSERT INTO c ${thousand} SELECT x, x FROM n`);
    const [finding, ...others] = checkForeignKeys(db);
    expect(others).toEqual([]);
    expect(finding?.total).toBe(1000);
    expect(finding?.examples.map(({ line }) => line)).toEqual(
      Array.from({ length: 20 }, (_, index) => index + 1),
    );
  });
});

describe('a foreign key that cannot be checked is a warning, not an orphan:', () => {
  it('its parent has no such key', () => {
    const db =
      memoryDatabase(`CREATE TABLE p (id, note); CREATE TABLE c (id, p REFERENCES p (note));
      INSERT INTO c VALUES (1, 1)`);
    expect(checkForeignKeys(db)).toMatchObject([
      { code: 'foreign-key-not-checked', severity: 'warning', where: { table: 'c' } },
    ]);
  });

  it('its parent is not in the artifact', () => {
    const db = memoryDatabase(`CREATE TABLE p (id PRIMARY KEY); CREATE TABLE c (id, p REFERENCES p);
      INSERT INTO c VALUES (1, 1)`);
    expect(checkForeignKeys(db, ['c'])).toMatchObject([
      {
        code: 'foreign-key-not-checked',
        severity: 'warning',
        message: expect.stringContaining('not in the artifact'),
      },
    ]);
  });
});
