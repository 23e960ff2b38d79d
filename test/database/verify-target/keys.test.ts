import { createHash } from 'node:crypto';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { compareInProcess } from '../../support/comparison.ts';
import { createLoadedScenario, type Scenario } from '../../support/scenario.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();

/** SHA-256 of what a statement of one's own gives, in a session that only FORMAT.md's settings were made for. */
async function digestByHand(scenario: Scenario, select: string): Promise<string> {
  const client = new pg.Client({ connectionString: scenario.url });
  await client.connect();
  try {
    await client.query(`SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'iso_8601';
      SET bytea_output = 'hex'; SET extra_float_digits = 1; SET client_encoding = 'UTF8'`);
    const output = await buffer(client.query(copyTo(`COPY (${select}) TO STDOUT`)));
    return createHash('sha256').update(output).digest('hex');
  } finally {
    await client.end();
  }
}

interface KeyCase {
  readonly title: string;
  readonly source: string;
  readonly target: string;
  /** An independent statement of the digest. */
  readonly select: string;
  readonly key: readonly string[] | null;
  /** Damage, and what must be said of it. */
  readonly damage: string;
  readonly differences: readonly string[];
}

const CASES: readonly KeyCase[] = [
  {
    title: 'text in byte order, whatever the collation of the database',
    source: `CREATE TABLE t (k TEXT PRIMARY KEY, v TEXT);
      INSERT INTO t VALUES ('b', '1'), ('B', '2'), ('a', '3'), ('é', '4'), ('_', '5'), ('😀', '6'), ('\uFFFD', '7'), ('', '8')`,
    target: 'CREATE TABLE t (k text PRIMARY KEY, v text)',
    select: 'SELECT k, v FROM t ORDER BY k COLLATE "C"',
    key: ['k'],
    damage: `DELETE FROM t WHERE k = 'B'; UPDATE t SET v = 'x' WHERE k = '😀'`,
    differences: ['t missing k="B"', 't different k="😀": v'],
  },
  {
    title: 'text of an ICU collation',
    source: `CREATE TABLE t (k TEXT PRIMARY KEY, v TEXT);
      INSERT INTO t VALUES ('b', '1'), ('B', '2'), ('a', '3'), ('é', '4'), ('-a', '5')`,
    target: `CREATE COLLATION english (provider = icu, locale = 'en-US');
      CREATE TABLE t (k text COLLATE english PRIMARY KEY, v text COLLATE english)`,
    select: 'SELECT k, v FROM t ORDER BY k COLLATE "C"',
    key: ['k'],
    damage: `INSERT INTO t VALUES ('A', '3')`,
    differences: ['t extra k="A"'],
  },
  {
    title: 'text that the target compares without regard to case',
    source: `CREATE TABLE t (k TEXT PRIMARY KEY, v TEXT);
      INSERT INTO t VALUES ('b', 'x'), ('C', 'x'), ('a', 'x')`,
    target: `CREATE COLLATION nocase (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
      CREATE TABLE t (k text COLLATE nocase PRIMARY KEY, v text COLLATE nocase)`,
    select: 'SELECT k, v FROM t ORDER BY k COLLATE "C"',
    key: ['k'],
    damage: `UPDATE t SET k = 'A' WHERE k = 'a'; UPDATE t SET v = 'X' WHERE k = 'b'`,
    differences: ['t extra k="A"', 't missing k="a"', 't different k="b": v'],
  },
  {
    title: 'text of a NOCASE key, which the source sorts otherwise',
    source: `CREATE TABLE t (k TEXT COLLATE NOCASE PRIMARY KEY, v TEXT) WITHOUT ROWID;
      INSERT INTO t VALUES ('b', '1'), ('A', '2'), ('C', '3'), ('_', '4')`,
    target: 'CREATE EXTENSION citext; CREATE TABLE t (k citext PRIMARY KEY, v text)',
    select: 'SELECT k, v FROM t ORDER BY k::text COLLATE "C"',
    key: ['k'],
    damage: `DELETE FROM t WHERE k = 'C'`,
    differences: ['t missing k="C"'],
  },
  {
    title: 'text in UTF-16, which the source sorts by other bytes',
    source: `PRAGMA encoding = 'UTF-16le'; CREATE TABLE t (k TEXT PRIMARY KEY);
      INSERT INTO t VALUES ('ab'), ('ba'), ('Ā'), ('a'), ('😀'), ('\uFFFD')`,
    target: 'CREATE TABLE t (k text PRIMARY KEY)',
    select: 'SELECT k FROM t ORDER BY k COLLATE "C"',
    key: ['k'],
    damage: `DELETE FROM t WHERE k = 'Ā'`,
    differences: ['t missing k="Ā"'],
  },
  {
    title: 'several columns, one of them text',
    source: `CREATE TABLE t (a INTEGER, b TEXT, v REAL, PRIMARY KEY (b, a));
      INSERT INTO t VALUES (10, 'x', 1.5), (9, 'x', 2.5), (-1, 'y', 3), (2, 'X', 4), (1, 'x y', 5)`,
    target: 'CREATE TABLE t (a integer, b text, v double precision, PRIMARY KEY (b, a))',
    select: `SELECT a, b, encode(float8send(v), 'hex') FROM t ORDER BY b COLLATE "C", a`,
    key: ['b', 'a'],
    damage: `UPDATE t SET v = 0 WHERE (b, a) = ('x', 10); DELETE FROM t WHERE b = 'x y'`,
    differences: ['t different b="x", a=10: v', 't missing b="x y", a=1'],
  },
  {
    title: 'uuids, which the source holds in capitals',
    source: `CREATE TABLE t (k TEXT PRIMARY KEY);
      INSERT INTO t VALUES ('FFFFFFFF-0000-4000-8000-000000000000'), ('aaaaaaaa-0000-4000-8000-000000000000'),
        ('0AAAAAAA-0000-4000-8000-000000000000')`,
    target: 'CREATE TABLE t (k uuid PRIMARY KEY)',
    select: 'SELECT k FROM t ORDER BY k',
    key: ['k'],
    damage: `DELETE FROM t WHERE k = 'aaaaaaaa-0000-4000-8000-000000000000'`,
    differences: ['t missing k="aaaaaaaa-0000-4000-8000-000000000000"'],
  },
  {
    title: 'bytes',
    source: `CREATE TABLE t (k BLOB PRIMARY KEY, v TEXT);
      INSERT INTO t VALUES (x'', 'a'), (x'00', 'b'), (x'0000', 'c'), (x'ff', 'd'), (x'5c', 'e')`,
    target: 'CREATE TABLE t (k bytea PRIMARY KEY, v text)',
    select: 'SELECT k, v FROM t ORDER BY k',
    key: ['k'],
    damage: String.raw`UPDATE t SET v = '' WHERE k = '\x0000'`,
    differences: [String.raw`t different k="\\x0000": v`],
  },
  {
    title: 'integers that are negative and beyond 2^53',
    source: `CREATE TABLE t (k INTEGER PRIMARY KEY);
      INSERT INTO t VALUES (-9223372036854775808), (9223372036854775807), (9007199254740993),
        (9007199254740992), (-1), (0), (10), (9)`,
    target: 'CREATE TABLE t (k bigint PRIMARY KEY)',
    select: 'SELECT k FROM t ORDER BY k',
    key: ['k'],
    damage: 'UPDATE t SET k = 9007199254740994 WHERE k = 9007199254740993',
    differences: ['t missing k=9007199254740993', 't extra k=9007199254740994'],
  },
  {
    title: 'timestamps, enums, numbers and doubles together',
    source: `CREATE TABLE t (at TEXT, e TEXT, n TEXT, d REAL, PRIMARY KEY (at, e, n, d));
      INSERT INTO t VALUES ('2024-01-01T00:00:00.5Z', 'z', '10', -1), ('2024-01-01T00:00:00Z', 'a', '9', 1),
        ('2024-01-01T00:00:00Z', 'z', '-9', 1), ('2024-01-01T00:00:00Z', 'z', '-9', 0.5)`,
    target: `CREATE TYPE letter AS ENUM ('z', 'a');
      CREATE TABLE t (at timestamptz, e letter, n numeric, d double precision, PRIMARY KEY (at, e, n, d))`,
    select: `SELECT at, e, trim_scale(n), encode(float8send(d), 'hex') FROM t
      ORDER BY at::text COLLATE "C", e::text COLLATE "C", n::text COLLATE "C", encode(float8send(d), 'hex') COLLATE "C"`,
    key: ['at', 'e', 'n', 'd'],
    damage: 'DELETE FROM t WHERE d = 0.5',
    differences: ['t missing at="2024-01-01 00:00:00+00", e="z", n="-9", d="0.5"'],
  },
  {
    title: 'a unique key, where the primary key is of the target alone',
    source: `CREATE TABLE t (code TEXT, v TEXT); INSERT INTO t VALUES ('b', '1'), ('a', '2')`,
    target: `CREATE TABLE t (id serial PRIMARY KEY, code text NOT NULL UNIQUE, v text)`,
    select: 'SELECT code, v FROM t ORDER BY code COLLATE "C"',
    key: ['code'],
    damage: `UPDATE t SET v = NULL WHERE code = 'a'`,
    differences: ['t different code="a": v'],
  },
  {
    title: 'no key, and rows that repeat',
    source: `CREATE TABLE t (n INTEGER, v TEXT);
      INSERT INTO t VALUES (2, 'x'), (1, 'x'), (2, 'x'), (NULL, NULL), (NULL, NULL), (10, '')`,
    target: 'CREATE TABLE t (n integer, v text)',
    select: 'SELECT n, v FROM t ORDER BY n, v COLLATE "C"',
    key: null,
    damage: `DELETE FROM t WHERE ctid = (SELECT min(ctid) FROM t WHERE n = 2);
      DELETE FROM t WHERE ctid = (SELECT min(ctid) FROM t WHERE n IS NULL); INSERT INTO t VALUES (10, NULL), (10, '')`,
    differences: ['t missing a row', 't extra a row', 't extra a row', 't missing a row'],
  },
];

describe.each(CASES)('keys: $title', (given) => {
  it('equal tables are equal, and damage is found by its key', async () => {
    const scenario = await createLoadedScenario(folder, given);
    const before = await compareInProcess(scenario.artifact, scenario.url);
    const { digest, key } = before.table('t');
    expect([before.differences, before.exitCode, key]).toEqual([[], 0, given.key]);
    expect(digest?.target).toBe(await digestByHand(scenario, given.select));
    expect(digest?.archive).toBe(digest?.target);

    await scenario.rows(given.damage);
    const after = await compareInProcess(scenario.artifact, scenario.url);
    expect([after.differences, after.exitCode]).toEqual([given.differences, 3]);
    const damaged = after.table('t').digest;
    expect(damaged?.target).toBe(await digestByHand(scenario, given.select));
    expect(damaged?.archive).toBe(digest?.archive);
  });
});
