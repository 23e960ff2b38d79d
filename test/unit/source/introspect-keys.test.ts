import { describe, expect, it } from 'vitest';
import type {
  SourceForeignKey,
  SourceTable,
  UniqueKey,
} from '../../../scripts/lib/model/source-catalog.ts';
import { memoryDatabase, tableOf } from '../../support/sqlite.ts';

function introspect(sql: string, name = 't'): SourceTable {
  return tableOf(memoryDatabase(sql), name);
}

/** `origin column collation, …`, a line for each key. */
function brief(keys: readonly UniqueKey[]): string[] {
  return keys.map(
    ({ origin, columns }) =>
      `${origin}: ${columns.map(({ name, collation }) => `${name} ${collation}`).join(', ')}`,
  );
}

describe('a primary key', () => {
  it.each([
    ['INTEGER PRIMARY KEY is the rowid', 't (id INTEGER PRIMARY KEY, x)', ['id'], 'id'],
    ['integer primary key asc is the rowid', 't (id integer primary key asc)', ['id'], 'id'],
    ['as a table constraint it is the rowid too', 't (id INTEGER, PRIMARY KEY (id))', ['id'], 'id'],
    ['INTEGER PRIMARY KEY DESC is not the rowid', 't (id INTEGER PRIMARY KEY DESC)', ['id'], null],
    [
      'as a descending constraint it is the rowid',
      't (id INTEGER, PRIMARY KEY (id DESC))',
      ['id'],
      'id',
    ],
    ['INT PRIMARY KEY is not the rowid', 't (id INT PRIMARY KEY)', ['id'], null],
    ['TEXT PRIMARY KEY is not the rowid', 't (id TEXT PRIMARY KEY)', ['id'], null],
    ['WITHOUT ROWID there is none', 't (id INTEGER PRIMARY KEY) WITHOUT ROWID', ['id'], null],
    ['of several columns has its own order', 't (a, b, c, PRIMARY KEY (c, a))', ['c', 'a'], null],
    ['may be missing', 't (a UNIQUE, b)', [], null],
  ])('%s', (_, ddl, primaryKey, rowidAlias) => {
    expect(introspect(`CREATE TABLE ${ddl}`)).toMatchObject({ primaryKey, rowidAlias });
  });

  it('is among the unique keys, with its collation', () => {
    expect(brief(introspect('CREATE TABLE t (id INTEGER PRIMARY KEY)').uniqueKeys)).toEqual([
      'primary-key: id BINARY',
    ]);
    const composite = 'CREATE TABLE t (a TEXT COLLATE NOCASE, b, PRIMARY KEY (b, a)) WITHOUT ROWID';
    expect(brief(introspect(composite).uniqueKeys)).toEqual(['primary-key: b BINARY, a NOCASE']);
  });

  it('really is the rowid where it is said to be', () => {
    for (const type of ['INTEGER PRIMARY KEY', 'INTEGER PRIMARY KEY DESC', 'INT PRIMARY KEY']) {
      const db = memoryDatabase(`CREATE TABLE t (id ${type}); INSERT INTO t (rowid) VALUES (7)`);
      const isRowid = db.prepare('SELECT id FROM t').pluck().get() === 7n;
      expect([type, tableOf(db, 't').rowidAlias !== null]).toEqual([type, isRowid]);
    }
  });
});

describe('unique keys', () => {
  it('are those that cover all rows by plain columns', () => {
    const table = introspect(`CREATE TABLE t (a UNIQUE, b, c, UNIQUE (c, b));
      CREATE UNIQUE INDEX by_b ON t (b COLLATE RTRIM DESC);
      CREATE UNIQUE INDEX partial ON t (b) WHERE b > 0;
      CREATE UNIQUE INDEX by_expression ON t (lower(a), b);
      CREATE INDEX plain ON t (c)`);
    expect(brief(table.uniqueKeys)).toEqual([
      'unique: a BINARY',
      'unique: c BINARY, b BINARY',
      'index: b RTRIM',
    ]);
  });
});

describe('foreign keys', () => {
  const parents = `CREATE TABLE parent (id INTEGER PRIMARY KEY, code TEXT UNIQUE, note);
    CREATE TABLE pair (a, b, c, PRIMARY KEY (b, a));`;
  function foreignKeys(ddl: string): readonly SourceForeignKey[] {
    return introspect(`${parents} CREATE TABLE t (${ddl})`).foreignKeys;
  }

  it('have columns, parent, and what happens on delete and update', () => {
    expect(foreignKeys('x REFERENCES parent (code) ON DELETE SET NULL ON UPDATE CASCADE')).toEqual([
      {
        columns: ['x'],
        parentTable: 'parent',
        parentColumns: ['code'],
        parent: 'exists',
        onDelete: 'SET NULL',
        onUpdate: 'CASCADE',
      },
    ]);
  });

  it('come in the order in which they are declared', () => {
    const keys = foreignKeys(
      'x REFERENCES parent, y REFERENCES pair (a), FOREIGN KEY (x) REFERENCES parent (code)',
    );
    expect(keys.map(({ columns, parentColumns }) => [...columns, ...parentColumns])).toEqual([
      ['x', 'id'],
      ['y', 'a'],
      ['x', 'code'],
    ]);
  });

  it.each([
    ['without parent columns it is the primary key', 'x REFERENCES parent', ['id'], 'exists'],
    [
      'without parent columns it is the whole primary key, in its order',
      'x, y, FOREIGN KEY (x, y) REFERENCES pair',
      ['b', 'a'],
      'exists',
    ],
    [
      'the parent columns may stand in another order',
      'x, y, FOREIGN KEY (x, y) REFERENCES pair (a, b)',
      ['a', 'b'],
      'exists',
    ],
    ['to a part of a key there is no key', 'x REFERENCES pair (a)', ['a'], 'no-such-key'],
    [
      'to more than a key there is no key',
      'x, y, z, FOREIGN KEY (x, y, z) REFERENCES pair (a, b, c)',
      ['a', 'b', 'c'],
      'no-such-key',
    ],
    [
      'of fewer columns than the primary key there is no key',
      'x REFERENCES pair',
      ['b', 'a'],
      'no-such-key',
    ],
    [
      'to a column without a unique key there is no key',
      'x REFERENCES parent (note)',
      ['note'],
      'no-such-key',
    ],
    [
      'to a column that does not exist there is no key',
      'x REFERENCES parent (absent)',
      ['absent'],
      'no-such-key',
    ],
    [
      'to the rowid by its name there is no key',
      'x REFERENCES parent (rowid)',
      ['rowid'],
      'no-such-key',
    ],
    ['to itself', 'x PRIMARY KEY, y REFERENCES t', ['x'], 'exists'],
  ])('%s', (_, ddl, parentColumns, parent) => {
    expect(foreignKeys(ddl)).toMatchObject([{ parentColumns, parent }]);
  });

  it('to a missing table keep the name that the clause says', () => {
    expect(foreignKeys('x REFERENCES Gone (Id)')).toMatchObject([
      { parentTable: 'Gone', parentColumns: ['Id'], parent: 'no-such-table' },
    ]);
    expect(foreignKeys('x REFERENCES Gone')).toMatchObject([
      { parentTable: 'Gone', parentColumns: [], parent: 'no-such-table' },
    ]);
  });

  it('find table and columns whatever their case', () => {
    expect(foreignKeys('"Xy" REFERENCES PARENT (CODE)')).toMatchObject([
      { columns: ['Xy'], parentTable: 'parent', parentColumns: ['code'], parent: 'exists' },
    ]);
  });

  it('are not satisfied by a partial unique index', () => {
    const partial = `${parents} CREATE UNIQUE INDEX some_notes ON parent (note) WHERE note > 0;
      CREATE TABLE t (x REFERENCES parent (note))`;
    expect(introspect(partial).foreignKeys).toMatchObject([{ parent: 'no-such-key' }]);
    const whole = partial.replace('WHERE note > 0', '');
    expect(introspect(whole).foreignKeys).toMatchObject([{ parent: 'exists' }]);
  });
});
