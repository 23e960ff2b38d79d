import { expect, it } from 'vitest';
import type { SourceEncoding } from '../../../../scripts/lib/model/source-catalog.ts';
import { defineCensusFunctions } from '../../../../scripts/lib/source/census/functions.ts';
import { findExamples, type Wanted } from '../../../../scripts/lib/source/census/examples.ts';
import { memoryDatabase, tableOf } from '../../../support/sqlite.ts';

/** Examples from a table `t` that SQL makes, as `row key: detail`. */
async function examplesOf(
  sql: string,
  wanted: Wanted,
  encoding: SourceEncoding = 'UTF-8',
): Promise<string[]> {
  const db = memoryDatabase(sql, encoding);
  defineCensusFunctions(db);
  const { signal } = new AbortController();
  const examples = await findExamples(db, tableOf(db, 't'), wanted, { encoding, signal });
  return examples.map(({ rowKey, detail }) => `${rowKey}: ${detail}`);
}

const MIXED = `INSERT INTO t VALUES (1, 'b', 5), (2, 'a', 'five'), (2, 'b', ''), (3, 'a', x'ff'), (3, 'b', NULL)`;

it.each([
  ['its primary key', 'id INT, part TEXT, x, PRIMARY KEY (part, id)', '', 'part="a", id=2'],
  [
    'its key without a rowid',
    'id, part, x, PRIMARY KEY (id, part)',
    'WITHOUT ROWID',
    'id=2, part="a"',
  ],
  ['its rowid where there is no key', 'id, part, x', '', 'rowid=2'],
])('a row is named by %s', async (_, columns, option, key) => {
  const sql = `CREATE TABLE t (${columns}) ${option}; ${MIXED}`;
  expect(await examplesOf(sql, { column: 'x', kinds: ['text'], total: 1 })).toEqual([
    `${key}: x="five"`,
  ]);
});

it('values of the kinds that are wanted are shown, and no others', async () => {
  const sql = `CREATE TABLE t (id, part, x); ${MIXED}`;
  const kinds = ['text-empty', 'blob', 'null'] as const;
  expect(await examplesOf(sql, { column: 'x', kinds, total: 3 })).toEqual([
    'rowid=3: x=""',
    `rowid=4: x=x'ff'`,
    'rowid=5: x=NULL',
  ]);
});

it('the first twenty are given, from any part of a large table', async () => {
  const sql = `CREATE TABLE t (id INTEGER PRIMARY KEY, x); INSERT INTO t
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9000)
    SELECT i, iif(i % 300 = 0, 'odd', i) FROM n`;
  const examples = await examplesOf(sql, { column: 'x', kinds: ['text'], total: 30 });
  expect(examples).toHaveLength(20);
  expect([examples[0], examples[19]]).toEqual(['id=300: x="odd"', 'id=6000: x="odd"']);
});

it('of long values the beginning is shown', async () => {
  const sql = `CREATE TABLE t (x); INSERT INTO t VALUES (replace(hex(zeroblob(500000)), '00', 'ä')), (zeroblob(5000000))`;
  const examples = await examplesOf(sql, { column: 'x', kinds: ['text', 'blob'], total: 2 });
  expect(examples).toHaveLength(2);
  expect(examples[0]).toMatch(/^rowid=1: x="ä{50,60}…$/);
  expect(examples[1]).toMatch(/^rowid=2: x=x'0{50,60}…$/);
});

it('a table whose columns take every name of the rowid has rows without a name', async () => {
  const sql = `CREATE TABLE t (rowid, _rowid_, oid); INSERT INTO t VALUES (1, 'x', 2)`;
  expect(await examplesOf(sql, { column: '_rowid_', kinds: ['text'], total: 1 })).toEqual([
    'undefined: _rowid_="x"',
  ]);
});

it.each(['UTF-16le', 'UTF-16be'] as const)('texts are shown in %s too', async (encoding) => {
  const sql = `CREATE TABLE t (x); INSERT INTO t VALUES ('é' || char(0) || '😀')`;
  const wanted = { column: 'x', kinds: ['text-with-nul'], total: 1 } as const;
  expect(await examplesOf(sql, wanted, encoding)).toEqual(['rowid=1: x="é\\u0000😀"']);
});
