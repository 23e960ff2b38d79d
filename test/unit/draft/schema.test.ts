import { describe, expect, it } from 'vitest';
import {
  draftedColumn,
  draftedSchema,
  draftedTable,
  saidOf,
} from '../../support/drafted-schema.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();

describe('the type of a column', () => {
  it.each([
    ['INTEGER', '1, 2, -7', 'integer'],
    ['INTEGER', '1, 1073741824', 'integer'],
    ['INTEGER', '1, 1073741825', 'bigint'],
    ['INTEGER', '1.5, 2', 'double precision'],
    ['INTEGER', `1, 'x'`, 'text'],
    ['INTEGER', '9223372036854775807, 0.5', 'numeric'],
    ['INTEGER', `1, x'ff'`, 'bytea'],
    ['BOOLEAN', '0, 1', 'boolean'],
    ['BOOLEAN', `'true', 'f'`, 'boolean'],
    ['BOOLEAN', '0, 2', 'integer'],
    ['DATETIME', `'2024-01-01 10:00:00'`, 'timestamp(3) with time zone'],
    ['DATETIME', `'2024-01-01 10:00:00.123456'`, 'timestamp(6) with time zone'],
    ['DATETIME', `'2024-01-01 10:00:00.1234567'`, 'text'],
    ['DATETIME', '1704067200', 'timestamp(3) with time zone'],
    ['DATETIME', '17, 18', 'integer'],
    ['DATE', `'2024-01-01'`, 'date'],
    ['DATE', `'2024-01-01 10:00'`, 'timestamp(3) with time zone'],
    ['DATE', `'2024-02-30'`, 'text'],
    ['TIME', `'10:00:00'`, 'time(0) without time zone'],
    ['TIME', `'10:00:00.5'`, 'time(6) without time zone'],
    ['DECIMAL(6,2)', '1.25, 1000', 'numeric(6,2)'],
    ['DECIMAL(6,2)', '1.255', 'numeric(13,3)'],
    ['DECIMAL(6,2)', '0.30000000000000004', 'double precision'],
    ['NUMERIC', '1.5', 'numeric(12,2)'],
    ['REAL', '1, 2.5', 'double precision'],
    ['REAL', '9e999', 'double precision'],
    ['VARCHAR(3)', `'abc'`, 'character varying(3)'],
    ['VARCHAR(3)', `'abcd'`, 'text'],
    ['CHAR(36)', `'2ed6657d-e927-568b-95e1-2665a8aea6a2'`, 'uuid'],
    ['CHAR(36)', `'2ed6657d-e927-568b-95e1-2665a8aea6a'`, 'character varying(36)'],
    ['TEXT', `'a', 'b'`, 'text'],
    ['TEXT', `'a' || char(0)`, 'bytea'],
    ['TEXT', `CAST(x'ff' AS TEXT), 'b'`, 'bytea'],
    ['TEXT', `'2024-01-01'`, 'text'],
    ['JSON', `'{"a":1}', '[]', 5`, 'jsonb'],
    ['JSON', `'{'`, 'text'],
    ['JSON', String.raw`'"\u0000"'`, 'text'],
    ['UUID', `x'00112233445566778899aabbccddeeff'`, 'uuid'],
    ['BLOB', `x'00', x''`, 'bytea'],
    ['BLOB', `'text', x'00'`, 'bytea'],
    ['', `'text'`, 'text'],
    ['', '1, 2', 'integer'],
    ['', `1, 'text', 2.5`, 'text'],
    ['geometry', 'NULL', 'text'],
  ])('%s with %s is %s', async (declared, values, display) => {
    const rows = values.split(', ').map((value) => `(${value})`);
    const sql = `CREATE TABLE t (c ${declared}); INSERT INTO t VALUES ${rows.join(', ')}`;
    const schema = await draftedSchema(folder, sql);
    expect(draftedColumn(schema, 't', 'c').type.postgres.display).toBe(display);
  });

  it('is one for all columns that foreign keys tie together', async () => {
    const schema = await draftedSchema(
      folder,
      `CREATE TABLE a (id TEXT PRIMARY KEY); CREATE TABLE b (id VARCHAR(9) PRIMARY KEY REFERENCES a);
       CREATE TABLE c (b_id REFERENCES b, n INTEGER REFERENCES d); CREATE TABLE d (id INTEGER PRIMARY KEY);
       INSERT INTO a VALUES ('x'); INSERT INTO b VALUES ('x'); INSERT INTO d VALUES (5000000000); INSERT INTO c VALUES ('x', 5000000000)`,
    );
    const display = (table: string, column: string): string =>
      draftedColumn(schema, table, column).type.postgres.display;
    expect([display('a', 'id'), display('b', 'id'), display('c', 'b_id')]).toEqual([
      'text',
      'text',
      'text',
    ]);
    expect([display('c', 'n'), display('d', 'id')]).toEqual(['bigint', 'bigint']);
  });

  it('has room for what AUTOINCREMENT has given out', async () => {
    const schema = await draftedSchema(
      folder,
      `CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT); INSERT INTO t VALUES (1), (2000000000); DELETE FROM t WHERE id > 1`,
    );
    expect(draftedColumn(schema, 't', 'id')).toMatchObject({
      type: { scalar: 'BigInt' },
      defaultValue: 'autoincrement()',
    });
  });

  it('says which rows a narrower type did not take, and no text of them', async () => {
    const schema = await draftedSchema(
      folder,
      `CREATE TABLE t (id INTEGER PRIMARY KEY, at DATETIME);
       INSERT INTO t VALUES (1, '2024-01-01 10:00:00'), (7, '2024-01-01 10:00:00.123456')`,
    );
    const decision = schema.decisions.find(({ rowKeys }) => rowKeys !== undefined);
    expect(decision).toMatchObject({ table: 't', columns: ['at'], rowKeys: ['id=7'] });
    expect(JSON.stringify(schema.decisions)).not.toContain('123456');
  });
});

describe('a guess', () => {
  it.each([
    ['is_admin INTEGER', '0, 1', 'Boolean'],
    ['admin_count INTEGER', '0, 1', 'Int'],
    ['is_admin INTEGER', '0, 2', 'Int'],
    ['created_at INTEGER', '1704067200', 'DateTime'],
    ['number INTEGER', '1704067200', 'BigInt'],
    ['createdAt TEXT', `'2024-01-01T00:00:00Z'`, 'DateTime'],
    ['note TEXT', `'2024-01-01T00:00:00Z'`, 'String'],
    ['created_at TEXT', `'2024-01-01', 'soon'`, 'String'],
  ])('by name and values: %s with %s is %s', async (column, values, scalar) => {
    const rows = values.split(', ').map((value) => `(${value})`);
    const sql = `CREATE TABLE t (${column}); INSERT INTO t VALUES ${rows.join(', ')}`;
    const schema = await draftedSchema(folder, sql);
    expect(draftedTable(schema, 't').columns[0]?.type.scalar).toBe(scalar);
  });

  it('is none where Prisma itself has said what it is', async () => {
    const schema = await draftedSchema(
      folder,
      `CREATE TABLE _prisma_migrations (id); CREATE TABLE t (is_admin INTEGER, created_at INTEGER); INSERT INTO t VALUES (1, 1704067200)`,
    );
    expect(draftedTable(schema, 't').columns.map(({ type }) => type.scalar)).toEqual([
      'Int',
      'BigInt',
    ]);
  });
});

describe('keys', () => {
  it('that hold NULL become unique keys, and the model is ignored', async () => {
    const schema = await draftedSchema(
      folder,
      `CREATE TABLE t (k TEXT PRIMARY KEY); INSERT INTO t VALUES (NULL), ('a')`,
    );
    expect(draftedTable(schema, 't')).toMatchObject({
      primaryKey: null,
      uniqueKeys: [{ columns: ['k'] }],
      isIgnored: true,
    });
  });

  it('that values would break once they are of one type are left out and named', async () => {
    const schema = await draftedSchema(
      folder,
      `CREATE TABLE t (k PRIMARY KEY); INSERT INTO t VALUES (1), ('1'); CREATE TABLE c (k REFERENCES t)`,
    );
    expect(draftedTable(schema, 't')).toMatchObject({ primaryKey: null, isIgnored: true });
    expect(draftedTable(schema, 'c').foreignKeys).toEqual([]);
    expect(saidOf(schema, 't', 'k')[0]).toMatch(
      /^not-kept: the primary key is left out: rows would break it \(1\)/,
    );
    expect(saidOf(schema, 'c', 'k').join()).toContain('the key that it refers to is left out');
  });

  it('that no index of PostgreSQL can hold are left out', async () => {
    const schema = await draftedSchema(
      folder,
      `CREATE TABLE t (id INTEGER PRIMARY KEY, s TEXT UNIQUE); CREATE INDEX i ON t (s, id);
       INSERT INTO t VALUES (1, hex(zeroblob(2000)))`,
    );
    expect(draftedTable(schema, 't')).toMatchObject({ uniqueKeys: [], indexes: [] });
    expect(saidOf(schema, 't', 's')).toHaveLength(2);
  });

  it('that orphans break stay: the rows are to be mended', async () => {
    const sql = `CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p_id INTEGER REFERENCES p, q TEXT REFERENCES p); INSERT INTO c VALUES (7, NULL)`;
    const orphans = [{ table: 'c', parentTable: 'p', columns: ['p_id'], total: 1, examples: [] }];
    const schema = await draftedSchema(folder, sql, orphans);
    expect(draftedTable(schema, 'c').foreignKeys).toHaveLength(2);
  });

  it('stand in for a primary key where they are required', async () => {
    const schema = await draftedSchema(
      folder,
      'CREATE TABLE a (k TEXT NOT NULL UNIQUE); CREATE TABLE b (k TEXT UNIQUE); CREATE TABLE c (k TEXT)',
    );
    expect(['a', 'b', 'c'].map((name) => draftedTable(schema, name).isIgnored)).toEqual([
      false,
      true,
      true,
    ]);
  });
});

describe('relations', () => {
  it('have a field on both sides, named by the column', async () => {
    const { relations } = await draftedSchema(
      folder,
      `CREATE TABLE users (id INTEGER PRIMARY KEY, boss_id INTEGER REFERENCES users);
       CREATE TABLE mails (id INTEGER PRIMARY KEY, sender_id INTEGER NOT NULL REFERENCES users, receiver_id INTEGER REFERENCES users);
       CREATE TABLE settings (user_id INTEGER PRIMARY KEY REFERENCES users)`,
    );
    expect(
      relations.map(({ table, field, model, form, relation }) => [
        table,
        field,
        model,
        form,
        relation,
      ]),
    ).toEqual([
      ['mails', 'sender', 'User', 'one', 'MailSender'],
      ['users', 'mailsBySender', 'Mail', 'list', 'MailSender'],
      ['mails', 'receiver', 'User', 'optional', 'MailReceiver'],
      ['users', 'mailsByReceiver', 'Mail', 'list', 'MailReceiver'],
      ['settings', 'user', 'User', 'one', null],
      ['users', 'settings', 'Settings', 'optional', null],
      ['users', 'boss', 'User', 'optional', 'UserBoss'],
      ['users', 'usersByBoss', 'User', 'list', 'UserBoss'],
    ]);
  });

  it('keep out of the way of columns and of each other', async () => {
    const schema = await draftedSchema(
      folder,
      `CREATE TABLE tags (name TEXT PRIMARY KEY, posts INTEGER); CREATE TABLE posts (tag TEXT REFERENCES tags, Tag_id TEXT REFERENCES tags)`,
    );
    const fields = schema.tables.map(({ source, columns }) => [
      ...columns.map(({ field }) => field),
      ...schema.relations.filter(({ table }) => table === source.name).map(({ field }) => field),
    ]);
    for (const names of fields)
      expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length);
  });
});

it('proposes and does not take', async () => {
  const rows = Array.from(
    { length: 30 },
    (_, id) => `(${id}, '${'ab'[id % 2]}', '{}', '2ed6657d-e927-568b-95e1-2665a8aea6a2')`,
  );
  const schema = await draftedSchema(
    folder,
    `CREATE TABLE t (id INTEGER PRIMARY KEY, kind TEXT, doc TEXT, ref TEXT); INSERT INTO t VALUES ${rows.join(', ')}`,
  );
  const proposals = saidOf(schema, 't').filter((said) => said.startsWith('proposal'));
  expect(proposals).toEqual([
    'proposal: holds 2 different texts in many rows: an enum could list them',
    expect.stringContaining('all 30 texts are JSON'),
    expect.stringContaining('all 30 texts are UUIDs'),
    'proposal: optional as declared, and NULL in no row: could be required',
  ]);
  expect(schema.enums).toEqual([]);
});

it('looks again at tables with other types only, whatever they refer to', async () => {
  const schema = await draftedSchema(
    folder,
    `CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p_id INTEGER REFERENCES p, at DATETIME, k UNIQUE);
     INSERT INTO p VALUES (1); INSERT INTO c VALUES (1, '2024-01-01 10:00:00.123456', 1), (1, NULL, '1')`,
  );
  expect(draftedColumn(schema, 'c', 'at').type.attribute).toBe('db.Timestamptz(6)');
  expect(draftedTable(schema, 'c')).toMatchObject({ uniqueKeys: [], foreignKeys: [{}] });
});
