import { expect, it } from 'vitest';
import { describeCensus } from '../../../scripts/lib/cli/census.ts';
import type { ColumnCensus } from '../../../scripts/lib/model/census.ts';
import type { AnalyzeReport } from '../../../scripts/lib/model/reports/analyze.ts';
import { takeCensus } from '../../../scripts/lib/source/census/take-census.ts';
import { memoryDatabase, tableOf } from '../../support/sqlite.ts';

type AnalyzedTable = AnalyzeReport['tables'][number];

/** The lines for a table `t` that SQL makes. */
async function linesOf(sql: string, target: AnalyzeReport['target'] = null): Promise<string[]> {
  const db = memoryDatabase(sql);
  const table = tableOf(db, 't');
  const { rowCount, columns } = await takeCensus(db, table, {
    encoding: 'UTF-8',
    signal: new AbortController().signal,
    advance: () => undefined,
  });
  const censuses = new Map<string, ColumnCensus>(columns.map(({ name, census }) => [name, census]));
  const described = table.columns.map(({ name, declaredType }) => ({
    name,
    declaredType,
    census: censuses.get(name),
  }));
  const tables = [{ name: 't', rowCount, columns: described } as AnalyzedTable];
  return describeCensus({ tables, target });
}

it('shows where each column goes when there is a target', async () => {
  const sql = `CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT, old); INSERT INTO t VALUES (1, 'a', 0.5)`;
  const columns = [
    { source: 'id', target: 'id', type: 'int4' },
    { source: 'name', target: 'full_name', type: 'varchar(20)' },
    { source: null, target: 'origin', type: 'text' },
  ];
  const tables = [{ source: 't', target: 't', rowCount: 1, digest: null, columns }];
  expect(await linesOf(sql, { name: 'db', tables, ledger: [] })).toEqual([
    '  t: 1 row',
    '    id    INTEGER  → int4                   1  INTEGER  1',
    '    name  TEXT     → full_name varchar(20)  1  TEXT     up to 1 character',
    '    old   -        (not loaded)             1  REAL     0.5; 1 with up to 1 decimal',
  ]);
});

it('has a line for each column and storage class, classes without values left out', async () => {
  const sql = `CREATE TABLE t (id INTEGER PRIMARY KEY, mixed, missing TEXT);
    INSERT INTO t VALUES (1, 'a', NULL), (2, x'00ff', NULL), (1234, 0.5, NULL)`;
  expect(await linesOf(sql)).toEqual([
    '  t: 3 rows',
    '    id       INTEGER  3  INTEGER  1 to 1234',
    '    mixed    -        1  REAL     0.5; 1 with up to 1 decimal',
    '                      1  TEXT     up to 1 character',
    '                      1  BLOB     2 B',
    '    missing  TEXT     3  NULL',
  ]);
});

it('says nothing of a table without rows', async () => {
  expect(await linesOf('CREATE TABLE t (x)')).toEqual([]);
});

it.each([
  ['INTEGER', '0, 1', '0 or 1'],
  ['INTEGER', '7, 7', '7'],
  [
    'INTEGER',
    '1600000000, 1700000000',
    '1600000000 to 1700000000; as s since 1970: 2020-09-13 to 2023-11-14',
  ],
  ['INTEGER', '0, 2147483647', '0 to 2147483647'],
  [
    'DATETIME',
    '0, 1700000000000',
    '0 to 1700000000000; as ms since 1970: 1970-01-01 to 2023-11-14',
  ],
  ['REAL', '1.5, 12.25', '1.5 to 12.25; all with up to 2 decimals'],
  ['REAL', '1, 9e999', '1 to Infinity; 1 whole; 1 infinite'],
  [
    'REAL',
    '0.1 + 0.2, 0.5 + 1e-16',
    '0.30000000000000004 to 0.5000000000000001; all with 16 or 17 digits',
  ],
  ['TEXT', `'{}', '[]'`, 'up to 2 characters; 1 JSON object; 1 JSON array'],
  [
    'TEXT',
    `'12.50', '-3'`,
    'up to 5 characters; 1 integer; 1 decimal; numbers of up to 2 digits before the point and 2 after it',
  ],
  ['TEXT', `'2024-01-31', '2024-02-01'`, 'up to 10 characters; all days'],
  ['TEXT', `'é', ''`, 'up to 1 character (2 B); 1 empty'],
  ['BLOB', `x'', zeroblob(2000)`, '0 B to 2.0 KB'],
])('of %s values %s it says so', async (declared, values, words) => {
  const rows = values.split(', ').map((value) => `(${value})`);
  const [, line = ''] = await linesOf(
    `CREATE TABLE t (x ${declared}); INSERT INTO t VALUES ${rows.join(', ')}`,
  );
  expect(line.split(/ {2,}/).slice(5).join('  ')).toBe(words);
});
