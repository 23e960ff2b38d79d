import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../scripts/lib/model/findings.ts';
import { createScenario, IMPORTERS, type Scenario } from '../../support/scenario.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();

const byText = (a: unknown, b: unknown): number => (String(a) < String(b) ? -1 : 1);

const scenario = async (source: string, target: string): Promise<Scenario> =>
  createScenario(folder, { source, target });

/** Code, constraint or column, total and rows of each finding. */
function told(findings: readonly Finding[]): unknown[] {
  return findings
    .map(({ code, where, total, examples }) => [
      code,
      where.constraint ?? where.column,
      total,
      examples.map(({ rowKey }) => rowKey),
    ])
    .toSorted(byText);
}

const examplesOf = (findings: readonly Finding[], code: string): unknown[] =>
  findings
    .filter((finding) => finding.code === code)
    .flatMap(({ examples }) => examples.map(({ detail }) => detail));

describe('rows that break a CHECK of the target', () => {
  it.each(IMPORTERS)('are all named before a %s writes anything', async (importer) => {
    const checked = await createScenario(folder, {
      importer,
      source: `CREATE TABLE account (region TEXT, nr INTEGER, balance INTEGER, "the ""note""" TEXT, PRIMARY KEY (region, nr));
        INSERT INTO account VALUES ('north', 1, -10, 'a\\b,"{}'), ('north', 2, 20, NULL), ('south', 1, -5, ''),
          ('south', 2, NULL, 'NULL'), ('west', 1, 'much', '');`,
      target: `CREATE TABLE account (region text, nr integer, balance integer, "the ""note""" text, PRIMARY KEY (region, nr),
        CONSTRAINT no_debt CHECK (balance >= 0), CONSTRAINT said CHECK ("the ""note""" <> '' AND balance IS NOT NULL));
        ALTER TABLE account ADD CONSTRAINT late CHECK (nr < 2 OR coalesce("the ""note""", '') = 'NULL') NOT VALID;`,
    });
    const { exitCode, findings } = await checked.import();
    expect(exitCode).toBe(3);
    expect(told(findings)).toEqual([
      ['check-broken', 'late', 1, ['region="north", nr=2']],
      ['check-broken', 'no_debt', 2, ['region="north", nr=1', 'region="south", nr=1']],
      ['check-broken', 'said', 2, ['region="south", nr=1', 'region="south", nr=2']],
      ['value-format', 'balance', 1, ['region="west", nr=1']],
    ]);
    expect(findings.find(({ where }) => where.constraint === 'no_debt')).toEqual({
      code: 'check-broken',
      severity: 'blocking',
      kind: 'data',
      message: 'rows break the CHECK no_debt of account: (balance >= 0)',
      where: {
        table: 'account',
        column: 'balance',
        constraint: 'no_debt',
        file: 'data/001-account.ndjson',
      },
      total: 2,
      examples: [
        { rowKey: 'region="north", nr=1', line: 1, detail: 'balance=-10' },
        { rowKey: 'region="south", nr=1', line: 3, detail: 'balance=-5' },
      ],
      hint: expect.any(String) as string,
    });
    expect(await checked.rows('SELECT * FROM account')).toEqual([]);
  });

  it('are found among many, to the last', async () => {
    const many = await scenario(
      `CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER, filler TEXT);
       WITH RECURSIVE i (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM i WHERE x < 30000)
         INSERT INTO t SELECT x, x, hex(randomblob(20)) FROM i;`,
      'CREATE TABLE t (id integer PRIMARY KEY, n integer CHECK (n % 1000 <> 0 AND n < 30000), filler text);',
    );
    const { findings } = await many.import();
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ code: 'check-broken', total: 30 });
    expect(findings[0]?.examples.at(-1)).toEqual({
      rowKey: 'id=20000',
      line: 20_000,
      detail: 'n=20000',
    });
  });

  it('are found by expressions over every type, in columns of any name', async () => {
    const typed = await scenario(
      `CREATE TABLE "parent" (ordinal INTEGER PRIMARY KEY, value TEXT, "given.p1" TEXT, data TEXT, tags TEXT, at INTEGER, mail TEXT, raw BLOB, code TEXT, flag INTEGER);
       INSERT INTO "parent" VALUES
         (1, 'glad', 'x', '{"a": 1}', '["p","q"]', '2024-01-01T00:00:00Z', 'Ada@X', x'00ff', 'ab ', 1),
         (2, 'sad', 'x', '{"a": 2}', '["q"]', '2023-01-01T00:00:00Z', 'bob@y', x'00', 'abc', 0),
         (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);`,
      `CREATE EXTENSION citext; CREATE TYPE mood AS ENUM ('sad', 'glad');
       CREATE TABLE "parent" (ordinal integer PRIMARY KEY, value mood CHECK (value > 'sad'), "given.p1" text CHECK ("given.p1" = 'y'),
         data jsonb CHECK ((data ->> 'a')::integer = 1), tags text[] CHECK ('p' = ANY (tags)), at timestamptz(3) CHECK (at >= '2024-01-01'),
         mail citext CHECK (mail = 'ada@x'), raw bytea CHECK (octet_length(raw) = 2), code char(3) CHECK (code = 'ab'), flag boolean CHECK (flag));`,
    );
    const { findings } = await typed.import();
    const broken = findings.map(({ code, where, total }) => [code, where.constraint, total]);
    expect(broken.toSorted(byText)).toEqual(
      [
        ...['at', 'code', 'data', 'flag', 'mail', 'raw', 'tags', 'value'].map((column) => [
          'check-broken',
          `parent_${column}_check`,
          1,
        ]),
        ['check-broken', 'parent_given.p1_check', 2],
      ].toSorted(byText),
    );
  });

  it('are named one by one when an expression fails on them, whatever else they break', async () => {
    const failing = await scenario(
      `CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER, s TEXT);
       WITH RECURSIVE i (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM i WHERE x < 3000)
         INSERT INTO t SELECT x, x % 1000, CASE x WHEN 7 THEN 'x' WHEN 2000 THEN '-1' ELSE '1' END FROM i;`,
      `CREATE FUNCTION is_fine(n integer) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
         BEGIN IF n = 5 THEN RAISE EXCEPTION 'five is out' USING ERRCODE = 'ZX001'; END IF; RETURN true; END $$;
       CREATE TABLE t (id integer PRIMARY KEY, n integer, s text, CONSTRAINT divides CHECK (1 / n >= 0),
         CONSTRAINT number CHECK (s::integer > 0), CONSTRAINT fine CHECK (is_fine(n)));`,
    );
    const { exitCode, findings } = await failing.import();
    expect(exitCode).toBe(3);
    expect(told(findings)).toEqual([
      ['check-broken', 'divides', 3, ['id=1000', 'id=2000', 'id=3000']],
      ['check-broken', 'fine', 3, ['id=5', 'id=1005', 'id=2005']],
      ['check-broken', 'number', 2, ['id=7', 'id=2000']],
    ]);
    const details = examplesOf(findings, 'check-broken');
    expect(details).toContain('n=0: PostgreSQL answers: division by zero (SQLSTATE 22012)');
    expect(details).toContain('n=5: PostgreSQL answers: five is out (SQLSTATE ZX001)');
  });

  it('are left to the load, which is said, where a CHECK cannot be tried without writing', async () => {
    const odd = await scenario(
      `CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER); INSERT INTO t VALUES (1, 1), (2, 2);`,
      `CREATE TABLE log (n integer);
       CREATE FUNCTION noted(n integer) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN INSERT INTO log VALUES (n); RETURN n < 2; END $$;
       CREATE TABLE t (id integer PRIMARY KEY, n integer, at timestamptz DEFAULT now(),
         CONSTRAINT writes CHECK (noted(n)), CONSTRAINT later CHECK (at IS NOT NULL OR n > 0),
         CONSTRAINT whole CHECK (t.* IS NOT NULL), CONSTRAINT literal CHECK (n::text ~ '^.*$'));`,
    );
    const { exitCode, findings } = await odd.import();
    expect(exitCode).toBe(3);
    expect(
      findings
        .map(({ code, severity, where }) => [code, severity, where.constraint])
        .toSorted(byText),
    ).toEqual([
      ['column-not-filled', 'info', undefined],
      ['left-to-load', 'info', 'later'],
      ['left-to-load', 'info', 'whole'],
      ['left-to-load', 'info', 'writes'],
      ['row-rejected', 'blocking', 'writes'],
      ['target-table-not-filled', 'info', undefined],
    ]);
    expect(await odd.rows('SELECT n FROM log')).toEqual([]);
  });

  it('are none when all is well, and the session is as before', async () => {
    const fine = await scenario(
      `CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER); INSERT INTO t VALUES (1, 1), (2, NULL);`,
      'CREATE TABLE t (id integer PRIMARY KEY, n integer CHECK (n > 0), m integer CHECK (m IS NULL));',
    );
    expect(await fine.import()).toMatchObject({ exitCode: 0 });
    expect(await fine.rows('SELECT id, n FROM t ORDER BY id')).toEqual([
      { id: 1, n: 1 },
      { id: 2, n: null },
    ]);
  });
});

describe('values that break a domain', () => {
  it('are all named with the domain and its CHECK', async () => {
    const shop = await scenario(
      `CREATE TABLE item (id INTEGER PRIMARY KEY, price TEXT, code TEXT, tags TEXT);
       INSERT INTO item VALUES (1, '5.00', 'ab', NULL), (2, '-1', 'abcd', NULL), (3, '150.5', 'AB', NULL), (4, NULL, NULL, NULL), (5, 'x', 'cd', NULL);`,
      `CREATE DOMAIN price AS numeric(10, 2) CONSTRAINT positive CHECK (VALUE > 0);
       CREATE DOMAIN low_price AS price CONSTRAINT low CHECK (VALUE < 100) CONSTRAINT known CHECK (VALUE IS NOT NULL);
       CREATE DOMAIN code AS varchar(5) CONSTRAINT lower CHECK (VALUE::text = lower(VALUE::text));
       CREATE TABLE item (id integer PRIMARY KEY, price low_price, code code, tags code);`,
    );
    const { exitCode, findings } = await shop.import();
    expect(exitCode).toBe(3);
    expect(told(findings)).toEqual([
      ['domain-broken', 'known', 1, ['id=4']],
      ['domain-broken', 'low', 1, ['id=3']],
      ['domain-broken', 'lower', 1, ['id=3']],
      ['domain-broken', 'positive', 1, ['id=2']],
      ['value-format', 'price', 1, ['id=5']],
    ]);
    expect(findings.find(({ where }) => where.constraint === 'low')).toMatchObject({
      message:
        'values break the CHECK low of the domain low_price: ((VALUE)::numeric < (100)::numeric)',
      where: { table: 'item', column: 'price' },
      examples: [{ rowKey: 'id=3', detail: 'price="150.5"' }],
    });
  });
});

describe('a generated column of the target', () => {
  it('loads when it computes what the source holds', async () => {
    const same = await scenario(
      `CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER, twice INTEGER GENERATED ALWAYS AS (n * 2), ratio REAL GENERATED ALWAYS AS (n / 3.0) STORED,
         name TEXT, upper_name TEXT, data TEXT, amount TEXT);
       INSERT INTO t (id, n, name, upper_name, data, amount) VALUES (1, 7, 'ada', 'ADA', '{"a":  7}', '7.50'), (2, NULL, NULL, NULL, '{"a":null}', NULL);`,
      `CREATE TABLE t (id integer PRIMARY KEY, n integer, twice integer GENERATED ALWAYS AS (n * 2) STORED,
         ratio double precision GENERATED ALWAYS AS (n / 3.0::double precision) STORED, name text,
         upper_name text GENERATED ALWAYS AS (upper(name)) STORED, data json GENERATED ALWAYS AS (('{"a": ' || coalesce(n::text, 'null') || '}')::json) STORED,
         amount numeric GENERATED ALWAYS AS (n + 0.5) STORED, CONSTRAINT small CHECK (twice < 20));`,
    );
    expect(await same.import()).toMatchObject({ exitCode: 0, findings: [] });
    expect(await same.rows('SELECT twice, upper_name FROM t ORDER BY id')).toEqual([
      { twice: 14, upper_name: 'ADA' },
      { twice: null, upper_name: null },
    ]);
  });

  it('names every row for which it computes something else', async () => {
    const other = await scenario(
      `CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER, twice, name TEXT, shown TEXT);
       INSERT INTO t VALUES (1, 1, 2, 'a', 'A'), (2, 2, 5, 'b', 'b'), (3, 3, 'x', 'c', NULL), (4, NULL, 0, 'd', 'D'), (5, 9, 18, 'e', 'E');`,
      `CREATE TABLE t (id integer PRIMARY KEY, n integer, twice integer GENERATED ALWAYS AS (n * 2) STORED, name text,
         shown text GENERATED ALWAYS AS (upper(name)) STORED, CONSTRAINT small CHECK (twice < 15));`,
    );
    const { exitCode, findings } = await other.import();
    expect(exitCode).toBe(3);
    expect(told(findings)).toEqual([
      ['check-broken', 'small', 1, ['id=5']],
      ['generated-differs', 'shown', 2, ['id=2', 'id=3']],
      ['generated-differs', 'twice', 3, ['id=3', 'id=2', 'id=4']],
    ]);
    expect(examplesOf(findings, 'generated-differs')).toEqual([
      '"x" is not an integer in plain digits',
      'the source holds twice=5, the target computes 4',
      'the source holds twice=0, the target computes NULL',
      'the source holds shown="b", the target computes "B"',
      'the source holds shown=NULL, the target computes "C"',
    ]);
    expect(await other.rows('SELECT * FROM t')).toEqual([]);
  });
});

it('an identity column takes the values of the source, ALWAYS too', async () => {
  const identity = await scenario(
    `CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, n INTEGER); INSERT INTO t VALUES (3, 1), (9, 2);`,
    'CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n integer GENERATED BY DEFAULT AS IDENTITY);',
  );
  expect(await identity.import()).toMatchObject({ exitCode: 0, findings: [] });
  expect(await identity.rows('SELECT id, n FROM t ORDER BY id')).toEqual([
    { id: '3', n: 1 },
    { id: '9', n: 2 },
  ]);
  expect(await identity.rows("SELECT nextval('t_id_seq')")).toEqual([{ nextval: '10' }]);
});
