import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnCensus } from '../../../../scripts/lib/source/census/column-census.ts';
import { defineCensusFunctions } from '../../../../scripts/lib/source/census/functions.ts';
import { LinesCensus } from '../../../../scripts/lib/source/census/lines-census.ts';
import { SqlCensus } from '../../../../scripts/lib/source/census/sql-census.ts';
import type { TalliedColumns } from '../../../../scripts/lib/source/census/stretch-query.ts';
import { openSource } from '../../../../scripts/lib/source/open.ts';
import { openSnapshotReaders } from '../../../../scripts/lib/source/snapshot-readers.ts';
import { anyNumber, nearText } from '../../../support/census-values.ts';
import { memoryDatabase, sqliteFile, tableOf } from '../../../support/sqlite.ts';
import { temporaryFolder } from '../../../support/temp.ts';

const WHOLE = { fromRowid: -(2n ** 63n), maxRows: 1_000_000 };
const folder = temporaryFolder();
const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 300);

/** What was counted of each column, so that it can be compared. */
function described({ rows, columns }: TalliedColumns): Record<string, unknown> {
  return Object.fromEntries(
    [...columns].map(([name, tally]) => {
      const counts = Object.fromEntries(tally.counts);
      return [name, { rows, counts, census: columnCensus(tally) }];
    }),
  );
}

/** The columns of `t` that are counted by their bytes, and the same ones counted by SQL. */
async function bothWays(
  db: Database,
): Promise<Record<'byBytes' | 'bySql', Record<string, unknown>> | null> {
  const table = tableOf(db, 't');
  defineCensusFunctions(db);
  const counted = await new LinesCensus(db, table, 'UTF-8').count(WHOLE);
  if (counted === null) return null;
  const bySql = new SqlCensus(db, table, 'UTF-8').count(WHOLE, [...counted.columns.keys()]);
  return { byBytes: described(counted), bySql: described(bySql) };
}

/** A table of one row, with this value beside its key. */
function withValue(value: string, option = ''): Database {
  return memoryDatabase(
    `CREATE TABLE t (a PRIMARY KEY, b) ${option}; INSERT INTO t VALUES (1, ${value})`,
  );
}

const anyNull = fc.constant(null);
const row = fc.tuple(
  fc.oneof({ weight: 8, arbitrary: nearText }, { weight: 1, arbitrary: anyNull }),
  fc.oneof({ weight: 8, arbitrary: anyNumber }, { weight: 1, arbitrary: anyNull }),
  fc.oneof(nearText, anyNumber, anyNull),
  fc.oneof(nearText, anyNumber, anyNull),
  fc.oneof(nearText, anyNumber, anyNull),
);

describe('columns counted by their bytes', () => {
  it('are counted as SQL counts them, whatever numbers and texts they hold', async () => {
    const db = memoryDatabase(
      'CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT, r REAL, n NUMERIC, i INTEGER, "v ""\'" BLOB)',
    );
    const insert = db.prepare('INSERT INTO t VALUES (NULL, ?, ?, ?, ?, ?)');
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 30 }), async (values) => {
        db.exec('DELETE FROM t');
        for (const some of values) insert.run(...some);
        const both = await bothWays(db);
        expect(Object.keys(both?.byBytes ?? {})).toHaveLength(6);
        expect(both?.byBytes).toEqual(both?.bySql);
      }),
      { numRuns: RUNS },
    );
  });

  it.each([
    ['one that is no JSON', `x'ff'`],
    ['an empty one', `x''`],
    ['one that looks like JSONB', `x'00'`],
    ['an integer in JSONB', `jsonb('5')`],
    ['a text in JSONB', `jsonb('"text"')`],
  ])('are all but those that hold a BLOB, %s', async (_, blob) => {
    const db = memoryDatabase(
      `CREATE TABLE t (a, b, c); INSERT INTO t VALUES (1, 2, 3), (4, ${blob}, 6), ('x', 'y', NULL)`,
    );
    const both = await bothWays(db);
    expect(Object.keys(both?.byBytes ?? {})).toEqual(['a', 'c']);
    expect(both?.byBytes).toEqual(both?.bySql);
  });

  it('are none where a text is malformed, in a table without rowid, and in large rows', async () => {
    expect(await bothWays(withValue('2'))).not.toBeNull();
    expect(await bothWays(withValue(`CAST(x'41ff' AS TEXT)`))).toBeNull();
    expect(await bothWays(withValue('2', 'WITHOUT ROWID'))).toBeNull();
    expect(await bothWays(withValue(`hex(zeroblob(100000))`))).toBeNull();
  });

  it('are the stored ones', async () => {
    const db = memoryDatabase(
      `CREATE TABLE t (a, b AS (json_array(a)) STORED, c AS (a || 'x')); INSERT INTO t (a) VALUES (1)`,
    );
    expect(Object.keys((await bothWays(db))?.byBytes ?? {})).toEqual(['a']);
  });

  it('are left to SQL when most of their texts take a closer look', async () => {
    const db = memoryDatabase(`CREATE TABLE t (a, b); INSERT INTO t
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
      SELECT 'text ' || i, json_object('i', i) FROM n`);
    defineCensusFunctions(db);
    const census = new LinesCensus(db, tableOf(db, 't'), 'UTF-8');
    const first = await census.count({ fromRowid: 0n, maxRows: 300 });
    const second = await census.count({ fromRowid: 300n, maxRows: 300 });
    expect([...(first?.columns.keys() ?? [])]).toEqual(['a', 'b']);
    expect([...(second?.columns.keys() ?? [])]).toEqual(['a']);
  });

  it('are counted from one rowid on, as many rows as are asked for', async () => {
    const db = memoryDatabase(`CREATE TABLE t (a); INSERT INTO t (rowid, a) VALUES
      (-9223372036854775808, 1), (-5, 2), (0, 3), (7, 4), (9223372036854775807, 5)`);
    defineCensusFunctions(db);
    const census = new LinesCensus(db, tableOf(db, 't'), 'UTF-8');
    const seen = async (fromRowid: bigint, maxRows: number): Promise<unknown[]> => {
      const tally = await census.count({ fromRowid, maxRows });
      const measured = tally?.columns.get('a')?.measured;
      const range = [measured?.get('smallestInteger'), measured?.get('largestInteger')];
      return [tally?.rows, tally?.lastRowid, ...range];
    };
    expect(await seen(-(2n ** 63n), 2)).toEqual([2, -5n, 1n, 2n]);
    expect(await seen(-4n, 2)).toEqual([2, 7n, 3n, 4n]);
    expect(await seen(0n, 3)).toEqual([3, 2n ** 63n - 1n, 3n, 5n]);
    expect(await seen(8n, 9)).toEqual([1, null, 5n, 5n]);
  });

  it('are counted the same when another thread reads ahead', async () => {
    const path = sqliteFile(
      join(folder, 'ahead.db'),
      `CREATE TABLE t (a, b, c TEXT); INSERT INTO t
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
        SELECT i, iif(i % 7 = 0, NULL, i / 10.0), 'text ' || i FROM n;
       DELETE FROM t WHERE rowid % 5 = 0;
       UPDATE t SET a = x'00' WHERE rowid = 15001;`,
    );
    const source = openSource(path);
    defineCensusFunctions(source.db);
    const readers = await openSnapshotReaders(source, 1);
    try {
      expect(readers).toBeDefined();
      const table = tableOf(source.db, 't');
      const rows = { fromRowid: 3n, maxRows: 10_000 };
      for (const stretch of [rows, WHOLE]) {
        const [alone, ahead] = await Promise.all(
          [undefined, readers].map(async (given) =>
            new LinesCensus(source.db, table, 'UTF-8', given).count(stretch),
          ),
        );
        expect(ahead?.lastRowid).toBe(stretch === rows ? 12_502n : null);
        expect(ahead?.lastRowid).toBe(alone?.lastRowid);
        expect([...(ahead?.columns.keys() ?? [])]).toEqual(
          stretch === rows ? ['a', 'b', 'c'] : ['b', 'c'],
        );
        expect(ahead && described(ahead)).toEqual(alone && described(alone));
      }
    } finally {
      await readers?.close();
      source.close();
    }
  });
});
