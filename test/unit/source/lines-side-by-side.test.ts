import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SourceTable } from '../../../scripts/lib/model/source-catalog.ts';
import { introspectSource } from '../../../scripts/lib/source/introspect.ts';
import { readLinesSideBySide } from '../../../scripts/lib/source/lines-side-by-side.ts';
import { planLines, readLines, type SourceLines } from '../../../scripts/lib/source/lines.ts';
import { openSource, type Source } from '../../../scripts/lib/source/open.ts';
import { NotReadExactly } from '../../../scripts/lib/source/rows.ts';
import {
  openSnapshotReaders,
  type SnapshotReaders,
} from '../../../scripts/lib/source/snapshot-readers.ts';
import { anyDatabase, makeDatabase, type DatabaseDesign } from '../../support/any-database.ts';
import { sqliteFile } from '../../support/sqlite.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();

async function withReaders(
  path: string,
  count: number,
  work: (source: Source, readers: SnapshotReaders) => Promise<void>,
): Promise<void> {
  const source = openSource(path);
  try {
    const readers = await openSnapshotReaders(source, count);
    if (readers === undefined) throw new Error('there are no readers');
    try {
      await work(source, readers);
    } finally {
      await readers.close();
    }
  } finally {
    source.close();
  }
}

/** The parts, each as its rows and its text; null where they cannot be made exactly. */
async function partsOf(
  parts: Iterable<SourceLines> | AsyncIterable<SourceLines>,
): Promise<(readonly [number, string])[] | null> {
  const all: [number, string][] = [];
  try {
    for await (const { rowCount, bytes } of parts) all.push([rowCount, bytes.toString('utf8')]);
    return all;
  } catch (error) {
    if (error instanceof NotReadExactly) return null;
    throw error;
  }
}

/** Compares both ways of reading a table; @returns how many parts were compared */
async function compare(
  { db }: Source,
  readers: SnapshotReaders,
  table: SourceTable,
  rows: number | undefined,
): Promise<number> {
  const plan = planLines(db, table, { rowsAtATime: rows });
  if (plan === undefined) return 0;
  const expected = await partsOf(readLines(db, plan));
  expect(await partsOf(readLinesSideBySide(db, plan, readers))).toEqual(expected);
  return expected?.length ?? 0;
}

/** Of this at least there are lines to compare. */
const PLAIN: DatabaseDesign = {
  encoding: 'UTF-8',
  tables: [
    {
      name: 'plain',
      columns: [{ name: 'id', type: 'INTEGER', collation: '' }],
      key: 'rowid',
      keySize: 1,
      isDescending: false,
      uniqueColumn: null,
      hasGenerated: 'none',
      rows: [[1n], [2n], [3n]],
      laterTypes: null,
    },
  ],
};

const numbers = (rows: number): string =>
  `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows})`;

describe('lines that readers make side by side', () => {
  it('are those that one makes, part by part, whatever the tables, types and values', async () => {
    let compared = 0;
    let files = 0;
    await fc.assert(
      fc.asyncProperty(
        anyDatabase,
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 4 }),
        async (design, rows, count) => {
          files += 1;
          const path = makeDatabase(join(folder, `${files}.db`), { ...design, encoding: 'UTF-8' });
          await withReaders(path, count, async (source, readers) => {
            for (const table of introspectSource(source.db).tables) {
              compared += await compare(source, readers, table, rows);
            }
          });
        },
      ),
      { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 12), examples: [[PLAIN, 2, 2]] },
    );
    expect(compared).toBeGreaterThan(0);
  });

  it.each([
    [
      'gaps and negative rowids',
      `CREATE TABLE t (id INTEGER PRIMARY KEY, x); ${numbers(9000)} INSERT INTO t SELECT i * i * i - 90000000000, i FROM n`,
    ],
    [
      'composite keys',
      `CREATE TABLE t (a TEXT NOT NULL, b INT NOT NULL, x, PRIMARY KEY (a, b)); ${numbers(9000)} INSERT INTO t SELECT i % 7, i, i FROM n`,
    ],
    [
      'no rowids',
      `CREATE TABLE t (a TEXT, x, PRIMARY KEY (a)) WITHOUT ROWID; ${numbers(9000)} INSERT INTO t SELECT hex(i * 7919 % 9001), i FROM n`,
    ],
    [
      'a BLOB far behind',
      `CREATE TABLE t (x); ${numbers(9000)} INSERT INTO t SELECT iif(i = 8500, x'1761', i) FROM n`,
    ],
    [
      'malformed TEXT far behind',
      `CREATE TABLE t (x); ${numbers(9000)} INSERT INTO t SELECT iif(i = 8500, CAST(x'ff' AS TEXT), i) FROM n`,
    ],
    [
      '-0.0 far behind',
      `CREATE TABLE t (x REAL); ${numbers(9000)} INSERT INTO t SELECT iif(i = 8500, -0.0, i) FROM n`,
    ],
    [
      'as many rows as whole pages take',
      `CREATE TABLE t (x); ${numbers(8192)} INSERT INTO t SELECT i FROM n`,
    ],
    ['no rows', 'CREATE TABLE t (x)'],
  ])('are the same of many pages with %s', async (name, sql) => {
    await withReaders(sqliteFile(join(folder, `${name}.db`), sql), 3, async (source, readers) => {
      for (const table of introspectSource(source.db).tables) {
        for (const rows of [500, undefined]) await compare(source, readers, table, rows);
      }
    });
    expect.assertions(2);
  });
});
