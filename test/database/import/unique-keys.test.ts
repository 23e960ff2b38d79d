import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../scripts/lib/model/findings.ts';
import { createScenario, type Scenario } from '../../support/scenario.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();

/** Code, constraint, total and the rows of each blocking finding, by constraint. */
function broken(findings: readonly Finding[]): unknown[] {
  return findings
    .filter(({ severity }) => severity === 'blocking')
    .toSorted((a, b) => (String(a.where.constraint) < String(b.where.constraint) ? -1 : 1))
    .map(({ code, where, total, examples }) => [
      code,
      where.constraint,
      total,
      examples.map(({ rowKey, line }) => rowKey ?? line),
    ]);
}

const scenario = async (source: string, target: string): Promise<Scenario> =>
  createScenario(folder, { source, target });

describe('rows that the target takes for one', () => {
  it('are all named, whatever type makes them one, and nothing is written', async () => {
    const strict = await scenario(
      `CREATE TABLE t (id INTEGER PRIMARY KEY, code TEXT UNIQUE, at UNIQUE, ref UNIQUE, price UNIQUE,
         padded TEXT UNIQUE, ratio UNIQUE, hash UNIQUE, flag, tag TEXT);
       INSERT INTO t VALUES
         (1, 'a', '2024-01-01T00:00:00Z', 'C0FFEE00-0000-4000-8000-000000000001', 1, 'x', 0.0, x'ff', 1, 'p'),
         (2, 'b', '2024-01-01 01:00:00+01:00', '{c0ffee00-0000-4000-8000-000000000001}', '1.00', 'x  ', -0.5, 'b', 'yes', 'p'),
         (3, 'A', '2024-01-02', x'c0ffee00000040008000000000000001', '1e0', 'x ', 2, x'62', 0, 'p'),
         (4, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'p'),
         (5, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'p');`,
      `CREATE TABLE t (id integer PRIMARY KEY, code text UNIQUE, at timestamptz UNIQUE, ref uuid UNIQUE,
         price numeric UNIQUE, padded char(5) UNIQUE, ratio double precision UNIQUE, hash bytea UNIQUE,
         flag boolean, tag text, UNIQUE (flag, tag));`,
    );
    const { exitCode, findings } = await strict.import();
    expect(exitCode).toBe(3);
    expect(broken(findings)).toEqual([
      ['unique-broken', 't_at_key', 1, ['id=2']],
      ['unique-broken', 't_flag_tag_key', 1, ['id=2']],
      ['unique-broken', 't_hash_key', 1, ['id=3']],
      ['unique-broken', 't_padded_key', 2, ['id=2', 'id=3']],
      ['unique-broken', 't_price_key', 2, ['id=2', 'id=3']],
      ['unique-broken', 't_ref_key', 2, ['id=2', 'id=3']],
    ]);
    expect(await strict.rows('SELECT * FROM t')).toEqual([]);
  });

  it('are told with the row that they collide with', async () => {
    const emails = await scenario(
      `CREATE TABLE users (id INTEGER PRIMARY KEY, mail TEXT); INSERT INTO users VALUES (1, 'a'), (7, 'a');`,
      'CREATE TABLE users (id integer PRIMARY KEY, mail text UNIQUE);',
    );
    const { findings } = await emails.import();
    expect(findings).toEqual([
      {
        code: 'unique-broken',
        severity: 'blocking',
        kind: 'data',
        message: 'rows have the same key in the target: users_mail_key is unique over users (mail)',
        where: {
          table: 'users',
          column: 'mail',
          constraint: 'users_mail_key',
          file: 'data/001-users.ndjson',
        },
        total: 1,
        examples: [{ rowKey: 'id=7', line: 2, detail: 'mail="a" as in id=1, line 1' }],
        hint: expect.any(String) as string,
      },
    ]);
  });

  it('are counted exactly and shown for the first 20', async () => {
    const many = await scenario(
      `CREATE TABLE t (id INTEGER PRIMARY KEY, k INTEGER);
       WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30000)
         INSERT INTO t SELECT i, i % 7 FROM n;`,
      'CREATE TABLE t (id integer PRIMARY KEY, k bigint UNIQUE);',
    );
    const { findings } = await many.import();
    expect(findings[0]).toMatchObject({ code: 'unique-broken', total: 30_000 - 7 });
    expect(findings[0]?.examples).toHaveLength(20);
  });

  it('are found where NULL equals NULL', async () => {
    const nulls = await scenario(
      `CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT UNIQUE, b TEXT, UNIQUE (a, b));
       INSERT INTO t VALUES (1, NULL, 'x'), (2, NULL, 'x'), (3, '-', 'x'), (4, NULL, NULL);`,
      `CREATE TABLE t (id integer PRIMARY KEY, a text, b text,
         CONSTRAINT apart UNIQUE (a, b), CONSTRAINT one UNIQUE NULLS NOT DISTINCT (b, a),
         empty text, CONSTRAINT never UNIQUE (id, empty));`,
    );
    const { findings } = await nulls.import();
    expect(broken(findings)).toEqual([['unique-broken', 'one', 1, ['id=2']]]);
  });

  it('are found where a citext key ignores case as the database does', async () => {
    const mails = await scenario(
      `CREATE TABLE t (id INTEGER PRIMARY KEY, mail TEXT UNIQUE COLLATE NOCASE, tag TEXT UNIQUE);
       INSERT INTO t VALUES (1, 'MÜLLER@x', 'Ä'), (2, 'müller@X', 'ä'), (3, 'other', 'b'), (4, NULL, NULL), (5, NULL, NULL);`,
      `CREATE EXTENSION citext; CREATE TABLE t (id integer PRIMARY KEY, mail citext UNIQUE, tag text UNIQUE);`,
    );
    const { findings } = await mails.import();
    const lower = await mails.rows(`SELECT lower('Ü') = 'ü' AS "isFolded"`);
    expect(broken(findings)).toEqual(
      lower[0]?.['isFolded'] === true ? [['unique-broken', 't_mail_key', 1, ['id=2']]] : [],
    );
  });

  it('are found among network addresses written in different ways', async () => {
    const hosts = await scenario(
      `CREATE TABLE t (id INTEGER PRIMARY KEY, ip TEXT UNIQUE);
       INSERT INTO t VALUES (1, '10.0.0.1'), (2, '10.0.0.1/32'), (3, '::1'), (4, '0:0:0:0:0:0:0:1'), (5, '10.0.0.1/8');`,
      'CREATE TABLE t (id integer PRIMARY KEY, ip inet UNIQUE);',
    );
    const { findings } = await hosts.import();
    expect(broken(findings)).toEqual([['unique-broken', 't_ip_key', 2, ['id=2', 'id=4']]]);
  });

  it('are left to the load, which is said, where only PostgreSQL can compare them', async () => {
    const odd = await scenario(
      `CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT UNIQUE, data TEXT UNIQUE);
       INSERT INTO t VALUES (1, 'Ada', '{"a":1.0}'), (2, 'ada', '{"a":1}');`,
      `CREATE COLLATION ignore_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
       CREATE TABLE t (id integer PRIMARY KEY, name text COLLATE ignore_case UNIQUE, data jsonb UNIQUE);`,
    );
    const { exitCode, findings } = await odd.import();
    expect(exitCode).toBe(3);
    expect(findings.map(({ code, severity }) => [code, severity])).toEqual([
      ['row-rejected', 'blocking'],
      ['left-to-load', 'info'],
      ['left-to-load', 'info'],
    ]);
    expect(findings.slice(1).map(({ where }) => where.constraint)).toEqual([
      't_data_key',
      't_name_key',
    ]);
  });
});

describe('rows that differ in the target', () => {
  it('load, however near to each other they are', async () => {
    const apart = await scenario(
      `CREATE TABLE t (id TEXT PRIMARY KEY, n INTEGER UNIQUE, s TEXT UNIQUE COLLATE NOCASE, v UNIQUE,
         d UNIQUE, b BLOB UNIQUE);
       INSERT INTO t VALUES ('a', 1, 'x', 'x ', 0.1, x'00'), ('A', 2, 'y', 'x', 0.10000000000000002, x'0000'),
         ('a ', 9007199254740993, NULL, 'X', 1e300, x''), ('', NULL, NULL, NULL, NULL, NULL);`,
      `CREATE TABLE t (id text PRIMARY KEY, n bigint UNIQUE, s text UNIQUE, v varchar(9) UNIQUE,
         d double precision UNIQUE, b bytea UNIQUE);`,
    );
    expect(await apart.import()).toMatchObject({ exitCode: 0, findings: [] });
    expect(await apart.rows('SELECT count(*)::integer AS rows FROM t')).toEqual([{ rows: 4 }]);
  });
});
