import BetterSqlite3 from 'better-sqlite3';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseExpression } from '../../../scripts/lib/draft/sql/expression.ts';
import {
  conditionSql,
  valueSql,
  type ExpressionColumn,
  type ExpressionColumns,
} from '../../../scripts/lib/draft/sql/postgres-sql.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

const RUNS = Number(process.env['DRAFT_CONDITIONS'] ?? 120);

const column = (name: string, more: Partial<ExpressionColumn>): [string, ExpressionColumn] => [
  name,
  { name, family: 'text', isBinary: true, labels: [], ...more },
];
const COLUMNS: ExpressionColumns = new Map([
  column('i', { family: 'integer' }),
  column('j', { family: 'integer' }),
  column('r', { family: 'float' }),
  column('s', {}),
  column('u', {}),
  column('n', { isBinary: false }),
  column('b', { family: 'flag' }),
]);

const sqlite = new BetterSqlite3(':memory:');
let database: TestDatabase;

/** Every pair of numbers with every pair of texts would be many; each value meets each other at least once. */
const NUMBERS = [null, 0, 1, -1, 2, 7];
const REALS = [null, 0, 0.1, -1.5, 2];
const TEXTS = [null, '', 'a', 'A', 'b ', ' b', 'é', 'É', 'zz', '1', 'straße'];

beforeAll(async () => {
  sqlite.exec(
    'CREATE TABLE t (id INTEGER PRIMARY KEY, i INTEGER, j INTEGER, r REAL, s TEXT, u TEXT, n TEXT COLLATE NOCASE, b BOOLEAN)',
  );
  const insert = sqlite.prepare('INSERT INTO t VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
  const rows = Array.from({ length: 330 }, (_, id) => [
    id,
    NUMBERS[id % 6] ?? null,
    NUMBERS[Math.floor(id / 6) % 6] ?? null,
    REALS[id % 5] ?? null,
    TEXTS[id % 11] ?? null,
    TEXTS[Math.floor(id / 11) % 11] ?? null,
    TEXTS[(id * 7) % 11] ?? null,
    [null, 0, 1][id % 3] ?? null,
  ]);
  for (const row of rows) insert.run(...row);
  database = await createTestDatabase();
  await database.query(
    `CREATE TABLE t (id int, i int, j int, r float8, s text, u text, n text, b boolean)`,
  );
  await database.query(
    `INSERT INTO t SELECT id, i, j, r, s, u, n, b = 1
     FROM json_to_recordset($1) AS x (id int, i int, j int, r float8, s text, u text, n text, b int)`,
    [JSON.stringify(rows.map(([id, i, j, r, s, u, n, b]) => ({ id, i, j, r, s, u, n, b })))],
  );
});

afterAll(async () => {
  sqlite.close();
  await database.drop();
});

/** What SQLite takes each row for: true, false or null. */
function answersOfSqlite(condition: string): unknown[] {
  const sql = `SELECT CASE WHEN (${condition}) THEN 't' WHEN NOT (${condition}) THEN 'f' END FROM t ORDER BY id`;
  return sqlite.prepare(sql).pluck().all();
}

async function answersOfPostgres(condition: string): Promise<unknown[]> {
  const rows = await database.query<{ answer: boolean | null }>(
    `SELECT (${condition}) AS answer FROM t ORDER BY id`,
  );
  return rows.map(({ answer }) => (answer === null ? null : answer ? 't' : 'f'));
}

function translated(sql: string): string | null {
  const expression = parseExpression(sql);
  return expression === null ? null : (conditionSql(expression, COLUMNS)?.sql ?? null);
}

describe('a condition', () => {
  it.each([
    'i >= 0 AND i < 7',
    'i BETWEEN -1 AND 2 OR j IS NULL',
    'NOT i NOT BETWEEN 0 AND 1',
    `s IN ('a', 'b ', 'é')`,
    `s NOT IN ('a', 'A')`,
    `s < 'b' AND u >= 'A'`,
    's = u',
    's <> u',
    's IS u',
    's IS NOT u AND n NOTNULL',
    `lower(s) = 'é' OR upper(u) = 'STRAßE'`,
    `trim(s) || u = 'bb '`,
    'length(s) = 1',
    'b',
    'NOT b OR i',
    'b = 0',
    'b IN (0, 1)',
    'b IS NULL OR b = TRUE',
    'r > 0.05',
    'i + j * 2 > 3',
    'i - j = -1',
    'abs(i) >= 2',
    `coalesce(s, 'none') <> 'none'`,
    `typeof(s) = 'text'`,
    `typeof(i) IN ('integer', 'null')`,
    `(i = 1) IS NULL OR s ISNULL`,
  ])('means the same to PostgreSQL: %s', async (sql) => {
    const own = translated(sql) ?? 'not translated';
    expect(await answersOfPostgres(own)).toEqual(answersOfSqlite(sql));
  });

  it.each([
    ['another collation', `n = 'a'`],
    ['a text beside a number', `i = '1'`],
    ['LIKE, which knows no case', `s LIKE 'a%'`],
    ['GLOB', `s GLOB 'a*'`],
    ['division, which rounds otherwise', 'i / 2 = 1'],
    ['a function that is not known', 'substr(s, 1, 1) = s'],
    ['a text that stands for true or false', 's'],
    ['a name that is no column', 'x = 1'],
    ['a name in quotes that is a text to SQLite', 's = "a"'],
    ['a sub-query', 'i IN (SELECT 1)'],
    ['a cast', 'CAST(s AS INTEGER) = 1'],
    ['CASE', `CASE WHEN i THEN 1 END = 1`],
    ['NULL in a list', 'i IN (1, NULL)'],
    ['another number for true', 'b = 2'],
    ['half an expression', 'i = '],
    ['more than an expression', 'i = 1 i'],
    ['a hexadecimal number', 'i = 0x1'],
  ])('is not translated: %s', (_, sql) => {
    expect(translated(sql)).toBeNull();
  });
});

const number = fc.constantFrom('0', '1', '2', '-1', '7', '0.5');
const integer = fc.oneof(
  fc.constantFrom('i', 'j', 'abs(i)', 'length(s)', 'i + j', 'i * j', 'j - 1'),
  fc.constantFrom('0', '1', '2'),
);
const real = fc.constantFrom('r', 'r + r', 'r * r', 'i', '0.1');
const text = fc.constantFrom(
  's',
  'u',
  'lower(s)',
  'upper(u)',
  'trim(s)',
  `s || u`,
  `coalesce(u, s)`,
  `'a'`,
  `'É'`,
  `''`,
);
const operator = fc.constantFrom('=', '==', '<>', '!=', '<', '<=', '>', '>=', 'IS', 'IS NOT');
const { condition } = fc.letrec<{ condition: string }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3 },
    fc.tuple(integer, operator, integer).map((parts) => parts.join(' ')),
    fc.tuple(real, operator, number).map((parts) => parts.join(' ')),
    fc.tuple(text, operator, text).map((parts) => parts.join(' ')),
    fc.constantFrom(
      'b',
      'NOT b',
      'i',
      'b = 1',
      'b <> 0',
      'b IS NULL',
      's IS NOT NULL',
      'r NOT NULL',
    ),
    fc
      .tuple(text, fc.constantFrom('IN', 'NOT IN'))
      .map(([t, word]) => `${t} ${word} ('a', 'É', '')`),
    fc.tuple(integer, number, number).map(([i, low, high]) => `${i} BETWEEN ${low} AND ${high}`),
    fc
      .tuple(tie('condition'), fc.constantFrom('AND', 'OR'), tie('condition'))
      .map((parts) => parts.join(' ')),
    tie('condition').map((inner) => `NOT (${inner})`),
    tie('condition').map((inner) => `(${inner})`),
  ),
}));

it('means the same to PostgreSQL, whatever condition it is', async () => {
  let count = 0;
  const property = fc.asyncProperty(condition, async (sql) => {
    const own = translated(sql);
    if (own === null) return;
    count += 1;
    expect({ own, answers: await answersOfPostgres(own) }).toEqual({
      own,
      answers: answersOfSqlite(sql),
    });
  });
  await fc.assert(property, { numRuns: RUNS });
  expect(count).toBeGreaterThan(RUNS / 3);
});

it('gives a value that is the same to PostgreSQL', async () => {
  for (const sql of [
    'i + 1',
    'i * j - 2',
    'r * r',
    `s || '-' || u`,
    'lower(s)',
    'coalesce(s, u)',
  ]) {
    const expression = parseExpression(sql);
    const own = expression === null ? null : valueSql(expression, COLUMNS);
    const rows = await database.query(`SELECT (${own?.sql ?? ''})::text AS v FROM t ORDER BY id`);
    const values = rows.map(({ v }) => (own?.family === 'float' && v !== null ? Number(v) : v));
    const cast = own?.family === 'float' ? sql : `CAST(${sql} AS TEXT)`;
    const expected = sqlite.prepare(`SELECT ${cast} FROM t ORDER BY id`).pluck().all();
    expect({ sql, values }).toEqual({ sql, values: expected });
  }
});
