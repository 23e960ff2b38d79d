import { describe, expect, it } from 'vitest';
import { groupBy } from '../../../scripts/lib/model/collections.ts';
import type { Affinity } from '../../../scripts/lib/model/source-catalog.ts';
import { affinityOf, introspectSource } from '../../../scripts/lib/source/introspect.ts';
import { foldName } from '../../../scripts/lib/source/names.ts';
import { memoryDatabase, tableOf } from '../../support/sqlite.ts';

function tablesOf(sql: string): string[] {
  return introspectSource(memoryDatabase(sql)).tables.map((table) => table.name);
}

describe('the tables of a source', () => {
  it('come sorted by name, SQLite own ones aside', () => {
    const sql = `CREATE TABLE b (id INTEGER PRIMARY KEY AUTOINCREMENT);
      CREATE TABLE a (x); CREATE INDEX a_x ON a (x); ANALYZE`;
    expect(tablesOf(sql)).toEqual(['a', 'b']);
  });

  it('may have names that only look like SQLite own', () => {
    const sql = 'CREATE TABLE sqliteX (x); CREATE TABLE sqlite (x); CREATE TABLE "sqlit_e_x" (x)';
    expect(tablesOf(sql)).toEqual(['sqlit_e_x', 'sqlite', 'sqliteX']);
  });

  it('may have names with quotes, blanks, newlines, dots and other scripts', () => {
    const names = ['a "b"', "it's", 'line\nbreak', 'main.x', '表', '[x]', ' ', '%_'];
    const sql = names
      .map(
        (name) =>
          `CREATE TABLE "${name.replaceAll('"', '""')}" ("${name.replaceAll('"', '""')}" TEXT PRIMARY KEY)`,
      )
      .join(';');
    const { tables } = introspectSource(memoryDatabase(sql));
    expect(tables.map((table) => table.name)).toEqual(names.toSorted());
    expect(tables.map((table) => table.primaryKey)).toEqual(names.toSorted().map((name) => [name]));
  });

  it('are those of the main database only', () => {
    const sql = `CREATE TABLE t (x); CREATE TEMP TABLE temporary (x);
      ATTACH ':memory:' AS other; CREATE TABLE other.elsewhere (x); CREATE TABLE other.t (y, z)`;
    expect(tablesOf(sql)).toEqual(['t']);
    expect(tableOf(memoryDatabase(sql), 't').columns.map((column) => column.name)).toEqual(['x']);
  });
});

describe('columns', () => {
  it('have name, declared type, affinity, default and NOT NULL', () => {
    const db = memoryDatabase(`CREATE TABLE t (
      id BIGINT NOT NULL, name VARCHAR(20) DEFAULT 'it''s', made DATETIME DEFAULT CURRENT_TIMESTAMP,
      plain, total DECIMAL(10, 2) DEFAULT (1 + 1))`);
    const plain = { collation: 'BINARY', notNull: false, defaultSql: null, generated: null };
    expect(tableOf(db, 't').columns).toEqual([
      { ...plain, name: 'id', declaredType: 'BIGINT', affinity: 'integer', notNull: true },
      {
        ...plain,
        name: 'name',
        declaredType: 'VARCHAR(20)',
        affinity: 'text',
        defaultSql: "'it''s'",
      },
      {
        ...plain,
        name: 'made',
        declaredType: 'DATETIME',
        affinity: 'numeric',
        defaultSql: 'CURRENT_TIMESTAMP',
      },
      { ...plain, name: 'plain', declaredType: '', affinity: 'blob' },
      {
        ...plain,
        name: 'total',
        declaredType: 'DECIMAL(10, 2)',
        affinity: 'numeric',
        defaultSql: '1 + 1',
      },
    ]);
  });

  it('that are generated are there too, virtual and stored', () => {
    const db = memoryDatabase(
      'CREATE TABLE t (a INT, b INT AS (a * 2), c INT GENERATED ALWAYS AS (a * 3) STORED, d INT)',
    );
    expect(tableOf(db, 't').columns.map(({ name, generated }) => [name, generated])).toEqual([
      ['a', null],
      ['b', 'virtual'],
      ['c', 'stored'],
      ['d', null],
    ]);
  });

  it('have the affinity that SQLite itself shows in what it stores', () => {
    const types = [
      'INT',
      'TINYINT',
      'CHARINT',
      'FLOATING POINT',
      'VARCHAR(3)',
      'NCLOB',
      'TEXT',
      'BLOB',
      'blob',
      '',
      'REAL',
      'DOUBLE',
      'FLOA',
      'NUMERIC',
      'DECIMAL',
      'BOOLEAN',
      'DATE',
      'STRING',
      'XREALX',
      'any',
    ];
    const db = memoryDatabase(
      `CREATE TABLE t (${types.map((type, index) => `c${index} ${type}`).join(', ')})`,
    );
    // What becomes of the text '5.0', the REAL 5.5 and the INTEGER 5 tells the affinities apart.
    const seen: Readonly<Record<string, Affinity>> = {
      'text text text': 'text',
      'text real integer': 'blob',
      'real real real': 'real',
      'integer real integer': 'numeric',
    };
    for (const [index, type] of types.entries()) {
      const store = db.prepare<[string | number | bigint], string>(
        `INSERT INTO t (c${index}) VALUES (?) RETURNING typeof(c${index})`,
      );
      const classes = ['5.0', 5.5, 5n].map((value) => store.pluck().get(value)).join(' ');
      // INTEGER and NUMERIC store alike: they differ in CAST only.
      const truncates =
        type !== '' &&
        db.prepare(`SELECT typeof(CAST('5.5' AS ${type}))`).pluck().get() === 'integer';
      expect([type, affinityOf(type, false)]).toEqual([
        type,
        truncates ? 'integer' : seen[classes],
      ]);
    }
  });

  it('of type ANY keep what they are given in a STRICT table', () => {
    expect(affinityOf('ANY', true)).toBe('blob');
    expect(affinityOf('any', true)).toBe('blob');
    expect(affinityOf('ANY', false)).toBe('numeric');
  });
});

describe('a table', () => {
  it('tells WITHOUT ROWID and STRICT', () => {
    const db = memoryDatabase(`CREATE TABLE plain (id INTEGER PRIMARY KEY);
      CREATE TABLE both (id INTEGER PRIMARY KEY, x ANY) STRICT, WITHOUT ROWID`);
    expect(tableOf(db, 'plain')).toMatchObject({ withoutRowid: false, strict: false });
    expect(tableOf(db, 'both')).toMatchObject({ withoutRowid: true, strict: true });
  });

  it('has the AUTOINCREMENT mark that SQLite keeps, also when its rows are gone', () => {
    const db = memoryDatabase(`CREATE TABLE gone (id INTEGER PRIMARY KEY AUTOINCREMENT);
      INSERT INTO gone VALUES (9223372036854775807); DELETE FROM gone;
      CREATE TABLE new (id INTEGER PRIMARY KEY AUTOINCREMENT);
      CREATE TABLE plain (id INTEGER PRIMARY KEY); INSERT INTO plain VALUES (5);
      CREATE TABLE odd (id INTEGER PRIMARY KEY AUTOINCREMENT);
      INSERT INTO sqlite_sequence VALUES ('odd', 'x'), ('odd', 3), ('odd', 2), (NULL, 1)`);
    expect(tableOf(db, 'gone').autoincrementMark).toBe(9_223_372_036_854_775_807n);
    expect(tableOf(db, 'new').autoincrementMark).toBeNull();
    expect(tableOf(db, 'plain').autoincrementMark).toBeNull();
    expect(tableOf(db, 'odd')).toMatchObject({ autoincrementMark: 3n, autoincrementRowid: 3n });
  });

  it('keeps its mark under a new name', () => {
    const db = memoryDatabase(`CREATE TABLE Old (id INTEGER PRIMARY KEY AUTOINCREMENT);
      INSERT INTO Old VALUES (7); ALTER TABLE Old RENAME TO New`);
    expect(tableOf(db, 'New').autoincrementMark).toBe(7n);
  });
});

describe('what is not carried', () => {
  it('is listed with its kind and the reason', () => {
    const db = memoryDatabase(`CREATE TABLE t (x); CREATE VIEW v AS SELECT x FROM t;
      CREATE TRIGGER on_t AFTER INSERT ON t BEGIN SELECT 1; END;
      CREATE TABLE _prisma_migrations (id TEXT PRIMARY KEY);
      CREATE VIRTUAL TABLE notes USING fts5 (body);
      CREATE VIRTUAL TABLE boxes USING rtree (id, x0, x1)`);
    const { tables, notCarried } = introspectSource(db);
    expect(tables.map((table) => table.name)).toEqual(['t']);
    const byKind = [...groupBy(notCarried, ({ kind }) => kind)];
    const names = byKind.map(([kind, list]) => [kind, list.map(({ name }) => name)]);
    expect(Object.fromEntries(names)).toEqual({
      'migration-history': ['_prisma_migrations'],
      view: ['v'],
      trigger: ['on_t'],
      'virtual-table': ['boxes', 'notes'],
      'shadow-table': [
        'boxes_node',
        'boxes_parent',
        'boxes_rowid',
        'notes_config',
        'notes_content',
        'notes_data',
        'notes_docsize',
        'notes_idx',
      ],
    });
    for (const { reason } of notCarried) expect(reason).not.toBe('');
  });

  it('has the migration history apart, as any table is', () => {
    const sql = 'CREATE TABLE t (x); CREATE TABLE _prisma_migrations (id TEXT PRIMARY KEY)';
    const { tables, migrationHistory } = introspectSource(memoryDatabase(sql));
    expect(tables.map((table) => table.name)).toEqual(['t']);
    expect(migrationHistory).toMatchObject({ name: '_prisma_migrations', primaryKey: ['id'] });
    expect(introspectSource(memoryDatabase('CREATE TABLE t (x)')).migrationHistory).toBeNull();
  });

  it('does not take a table for a shadow one by its name alone', () => {
    expect(tablesOf('CREATE TABLE notes (x); CREATE TABLE notes_data (x)')).toEqual([
      'notes',
      'notes_data',
    ]);
  });
});

it('folds names as SQLite does: ASCII letters only', () => {
  expect(foldName('ÄbC_İ')).toBe('Äbc_İ');
});
