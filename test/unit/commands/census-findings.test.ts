import type { Database } from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { reportCensus } from '../../../scripts/lib/commands/census-findings.ts';
import { FindingCollector, type Finding } from '../../../scripts/lib/model/findings.ts';
import { takeCensus } from '../../../scripts/lib/source/census/take-census.ts';
import { introspectSource } from '../../../scripts/lib/source/introspect.ts';
import { readSourceFacts, type Source } from '../../../scripts/lib/source/open.ts';
import { memoryDatabase } from '../../support/sqlite.ts';

const nothing = (): void => undefined;

function sourceOf(db: Database): Source {
  return { path: ':memory:', db, renew: nothing, isStillInPlace: () => true, close: nothing };
}

/** What analyze finds in the values of the tables that SQL makes. */
async function findingsOf(sql: string): Promise<Finding[]> {
  const db = memoryDatabase(sql);
  const source = sourceOf(db);
  const facts = readSourceFacts(source, false);
  const findings = new FindingCollector();
  const { signal } = new AbortController();
  for (const table of introspectSource(db).tables) {
    const { encoding } = facts;
    const census = await takeCensus(db, table, { encoding, signal, advance: () => undefined });
    await reportCensus(table, census, { source, facts, findings, signal });
  }
  return findings.list();
}

/** Code, column and details of each finding. */
async function shortOf(sql: string): Promise<unknown[]> {
  return (await findingsOf(sql)).map(({ code, where, examples }) => [
    code,
    ...(where.column === undefined ? [] : [where.column]),
    ...examples.map(({ detail }) => detail),
  ]);
}

const PRISMA = 'CREATE TABLE _prisma_migrations (id TEXT PRIMARY KEY);';

describe('the census of', () => {
  it('a table in which every value goes with its column gives no findings', async () => {
    const sql = `CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER, r REAL, d DECIMAL, s TEXT, b BLOB, t BOOLEAN, u UUID, a);
      INSERT INTO t VALUES (1, 5, 0.5, 12.30, 'x', x'00', 1, 'd3b07384-d113-4ec6-a0e0-3b0c9c9f3a1e', NULL),
        (2, NULL, 7, 12, '', x'', 0, NULL, 'any')`;
    expect(await findingsOf(sql)).toEqual([]);
  });

  it('values against the declared type names them with row key and exact total', async () => {
    const sql = `CREATE TABLE orders (id INTEGER PRIMARY KEY, total INTEGER);
      INSERT INTO orders WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
      SELECT i, iif(i % 100 = 0, 'n/a', i) FROM n; INSERT INTO orders VALUES (5000, 2.5)`;
    const [finding, ...others] = await findingsOf(sql);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      code: 'against-declared-type',
      severity: 'warning',
      where: { table: 'orders', column: 'total' },
      total: 31,
    });
    expect(finding?.message).toContain('INTEGER');
    expect(finding?.examples).toHaveLength(20);
    expect(finding?.examples[0]).toEqual({ rowKey: 'id=100', detail: 'total="n/a"' });
  });

  it('texts with U+0000 names their rows', async () => {
    const sql = `CREATE TABLE t (id TEXT PRIMARY KEY, x TEXT); INSERT INTO t VALUES ('k', 'a' || char(0)), ('l', 'a')`;
    const [finding, ...others] = await findingsOf(sql);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      code: 'nul-in-text',
      where: { table: 't', column: 'x' },
      total: 1,
      examples: [{ rowKey: 'id="k"', detail: String.raw`x="a\u0000"` }],
    });
  });

  it('columns of several storage classes counts each class, INTEGER and REAL as one', async () => {
    const sql = `CREATE TABLE t (a, b DATETIME, c NUMERIC, d STRING);
      INSERT INTO t VALUES (1, 1700000000000, 1, '7'), ('x', '2024-01-31', 1.5, 'open'), (x'00', NULL, NULL, '')`;
    expect(await shortOf(`${PRISMA} ${sql}`)).toEqual([
      [
        'mixed-storage-classes',
        't.a (1 INTEGER, 1 TEXT, 1 BLOB)',
        't.b (1 INTEGER, 1 TEXT)',
        't.d (1 INTEGER, 2 TEXT)',
      ],
    ]);
  });

  it('columns of JSON and of ciphertext names them', async () => {
    const sealed = `'gAAAAABmZ0y1kq3x8h-_TZ0=='`;
    const sql = `CREATE TABLE t (a TEXT, b TEXT, c TEXT);
      INSERT INTO t VALUES ('{}', ${sealed}, '{}'), ('[]', ${sealed}, 'x'), ('', '', NULL)`;
    expect(await shortOf(sql)).toEqual([
      ['json-column', 't.a (2 of 3 texts, the others empty)'],
      ['encrypted-column', 't.b (2 values examined)'],
    ]);
  });
});

describe('integers that may be times', () => {
  const sql = `CREATE TABLE t (created_at INT, "expiresAt" INTEGER, d DATETIME, plain INTEGER, odd DATE);
    INSERT INTO t VALUES (1600000000, 1700000000000, 1700000000, 1700000000, 5), (1700000000, 1700000000001, NULL, 0, 9)`;

  it('are named with their unit where a name or a declared type says that they are', async () => {
    expect(await shortOf(sql)).toEqual([
      ['epoch-unclear', 't.odd (5 to 9)'],
      [
        'epoch-column',
        't.created_at (seconds: 2020-09-13 to 2023-11-14)',
        't.expiresAt (milliseconds: 2023-11-14)',
        't.d (seconds: 2023-11-14)',
      ],
    ]);
  });

  it('are milliseconds in a source of Prisma: what looks otherwise is doubtful', async () => {
    expect(await shortOf(`${PRISMA} ${sql}`)).toEqual([
      ['epoch-unclear', 't.d (seconds: 2023-11-14), where Prisma writes milliseconds'],
    ]);
  });
});
