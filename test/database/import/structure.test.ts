import { describe, expect, it } from 'vitest';
import { createScenario } from '../../support/scenario.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();

describe('a target whose schema does not fit', () => {
  it('gets nothing, and every misfit is told at once', async () => {
    const scenario = await createScenario(folder, {
      source: `
        CREATE TABLE lost (id INTEGER PRIMARY KEY);
        CREATE TABLE twin (id INTEGER PRIMARY KEY);
        CREATE TABLE t (id INTEGER PRIMARY KEY, extra TEXT, userName TEXT, tags TEXT);
        INSERT INTO t VALUES (1, 'x', 'y', 'z'); INSERT INTO lost VALUES (1);`,
      target: `
        CREATE TABLE "Twin" (id integer PRIMARY KEY);
        CREATE TABLE "TWIN" (id integer PRIMARY KEY);
        CREATE TABLE t (id integer PRIMARY KEY, user_name text, "UserName" text, tags int4range, needed text NOT NULL,
          filled text NOT NULL DEFAULT 'x', empty text);`,
    });
    const { exitCode, findings, report } = await scenario.import();
    expect(exitCode).toBe(13);
    const told = findings.map(({ severity, code, where }) => [
      severity,
      code,
      where.table,
      where.column,
    ]);
    expect(told.map(String).toSorted()).toEqual(
      [
        ['blocking', 'table-without-place', 'lost', undefined],
        ['blocking', 'table-ambiguous', 'twin', undefined],
        ['blocking', 'column-without-place', 't', 'extra'],
        ['blocking', 'column-ambiguous', 't', 'userName'],
        ['blocking', 'type-not-supported', 't', 'tags'],
        ['blocking', 'column-without-source', 't', 't.needed'],
        ['info', 'column-not-filled', 't', 't.filled'],
        ['info', 'column-not-filled', 't', 't.empty'],
        ['info', 'column-not-filled', 't', 't.user_name'],
        ['info', 'column-not-filled', 't', 't.UserName'],
        ['info', 'target-table-not-filled', undefined, undefined],
      ]
        .map(String)
        .toSorted(),
    );
    expect(report?.tables.every(({ state }) => state === 'not-loaded')).toBe(true);
    expect(await scenario.rows('SELECT * FROM t')).toEqual([]);
  });

  it('is told when two source tables or columns would share a place', async () => {
    const scenario = await createScenario(folder, {
      source: `CREATE TABLE order_items (id INTEGER PRIMARY KEY); CREATE TABLE OrderItems (id INTEGER PRIMARY KEY);
        CREATE TABLE t (id INTEGER PRIMARY KEY, fooBar TEXT, foo_bar TEXT);`,
      target: `CREATE TABLE order_items (id integer PRIMARY KEY); CREATE TABLE t (id integer PRIMARY KEY, foo_bar text);`,
    });
    const { exitCode, findings } = await scenario.import();
    expect(exitCode).toBe(13);
    expect(findings.map(({ code }) => code).toSorted()).toEqual(['column-shared', 'table-shared']);
  });

  it('takes a generated column of the target for what the target computes', async () => {
    const scenario = await createScenario(folder, {
      source: `CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER, twice INTEGER GENERATED ALWAYS AS (n * 2) STORED,
          thrice INTEGER GENERATED ALWAYS AS (n * 3));
        INSERT INTO t (id, n) VALUES (1, 21);`,
      target: `CREATE TABLE t (id integer PRIMARY KEY, n integer, twice integer GENERATED ALWAYS AS (n * 2) STORED);`,
    });
    expect(await scenario.import()).toMatchObject({
      exitCode: 0,
      findings: [{ severity: 'info', code: 'column-without-place', where: { column: 'thrice' } }],
    });
    expect(await scenario.rows('SELECT * FROM t')).toEqual([{ id: 1, n: 21, twice: 42 }]);
  });

  it('is named when it does not exist', async () => {
    const scenario = await createScenario(folder, {
      source: 'CREATE TABLE t (id INTEGER PRIMARY KEY);',
      target: 'CREATE TABLE t (id integer PRIMARY KEY);',
    });
    expect(await scenario.import({ schema: 'nowhere' })).toMatchObject({
      exitCode: 13,
      error: { code: 'schema-missing', message: expect.stringContaining('nowhere') as unknown },
    });
  });
});

describe('values that do not fit', () => {
  it('are all told at once, with row keys and exact totals, and nothing is written', async () => {
    const scenario = await createScenario(folder, {
      source: `
        CREATE TABLE a (id INTEGER PRIMARY KEY, small INTEGER, flag INTEGER, at TEXT);
        CREATE TABLE b (code TEXT PRIMARY KEY, mood TEXT, data TEXT, name TEXT, price TEXT, ref TEXT);
        CREATE TABLE fine (id INTEGER PRIMARY KEY);
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 45)
          INSERT INTO a SELECT i, 40000 + i, CASE i WHEN 7 THEN 2 ELSE 1 END, NULL FROM n;
        INSERT INTO a VALUES (100, 1, NULL, 'yesterday'), (101, 'x', 0, '2024-02-30');
        INSERT INTO b VALUES ('k1', 'angry', '{', 'toolong', '1.005', 'no-uuid'),
          ('k2', 'glad', '{}', 'a' || char(0), '1.5', '123e4567-e89b-12d3-a456-426614174000'),
          ('k3', 'glad', '[]', CAST(x'ff41' AS TEXT), '99999', NULL);
        INSERT INTO fine VALUES (1);`,
      target: `
        CREATE TYPE mood AS ENUM ('glad');
        CREATE TABLE a (id integer PRIMARY KEY, small smallint, flag boolean NOT NULL, at timestamptz);
        CREATE TABLE b (code text PRIMARY KEY, mood mood, data jsonb, name varchar(5), price numeric(4, 2), ref uuid);
        CREATE TABLE fine (id integer PRIMARY KEY);`,
    });
    const { exitCode, findings } = await scenario.import();
    expect(exitCode).toBe(3);
    const told = findings.map(({ code, where, total, examples }) => [
      `${where.table ?? ''}.${where.column ?? ''}`,
      code,
      total,
      examples[0]?.rowKey,
      examples[0]?.line,
    ]);
    expect(told.map(String).toSorted()).toEqual(
      [
        ['a.small', 'value-range', 45, 'id=1', 1],
        ['a.small', 'value-format', 1, 'id=101', 47],
        ['a.flag', 'value-format', 1, 'id=7', 7],
        ['a.flag', 'value-null', 1, 'id=100', 46],
        ['a.at', 'value-format', 1, 'id=100', 46],
        ['a.at', 'value-range', 1, 'id=101', 47],
        ['b.mood', 'value-label', 1, 'code="k1"', 1],
        ['b.data', 'value-format', 1, 'code="k1"', 1],
        ['b.name', 'value-length', 1, 'code="k1"', 1],
        ['b.name', 'value-nul', 1, 'code="k2"', 2],
        ['b.name', 'value-encoding', 1, 'code="k3"', 3],
        ['b.price', 'value-precision', 1, 'code="k1"', 1],
        ['b.price', 'value-range', 1, 'code="k3"', 3],
        ['b.ref', 'value-format', 1, 'code="k1"', 1],
      ]
        .map(String)
        .toSorted(),
    );
    expect(findings.find(({ total }) => total === 45)?.examples).toHaveLength(20);
    for (const table of ['a', 'b', 'fine']) {
      expect(await scenario.rows(`SELECT * FROM ${table}`)).toEqual([]);
    }
  });
});
