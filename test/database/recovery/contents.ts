import { expect } from 'vitest';
import { importStatus } from '../../../scripts/lib/commands/import-status.ts';
import { quietContext } from '../../support/artifact.ts';
import { catalogState } from '../../support/catalog-state.ts';
import { expectSameRows } from '../../support/compare-rows.ts';
import type { TestDatabase } from '../../support/database.ts';
import { importInProcess } from '../../support/in-process.ts';
import { CYCLES, type Shop, type ShopKind, type ShopTarget } from './shop.ts';

/** All rows of every table, what each sequence gives next, and the digests that the journal has. */
export interface Contents {
  readonly rows: Readonly<Record<string, readonly string[]>>;
  readonly sequences: readonly unknown[];
  readonly digests: readonly unknown[];
}

/** Reads everything that a load may change in the application's schema, and what it says of the rows. */
async function readContents(database: TestDatabase, shop: Shop): Promise<Contents> {
  const [row] = await database.query<Contents['rows']>(
    `SELECT ${shop.tables
      .map(
        (table) =>
          `(SELECT coalesce(array_agg(t::text ORDER BY t::text COLLATE "C"), '{}') FROM ${table} AS t) AS ${table}`,
      )
      .join(', ')}`,
  );
  const sequences = await database.query(
    `SELECT 'regions' AS name, last_value, is_called FROM regions_id_seq
     UNION ALL SELECT 'orders', last_value, is_called FROM orders_id_seq
     UNION ALL SELECT 'employees', last_value, is_called FROM employees_id_seq
     UNION ALL SELECT 'files', last_value, is_called FROM files_id_seq
     UNION ALL SELECT 'readings', last_value, is_called FROM readings_id_seq`,
  );
  const digests = await database.query(
    `SELECT target_table, digest FROM sqlite_migration.tables ORDER BY target_table`,
  );
  return { rows: row ?? {}, sequences, digests };
}

/** What an import leaves that nothing interrupts, one table after the other; every value is the source's. */
export async function uninterrupted(shop: Shop): Promise<Contents> {
  const { database, url } = await shop.target({ importer: 'superuser', hasOldRows: false });
  expect(await importInProcess(shop.artifact, url, { jobs: 1 })).toMatchObject({ exitCode: 0 });
  for (const table of shop.tables) {
    expect(await expectSameRows(shop.sourceFile, database, table)).toBeGreaterThan(0);
  }
  const contents = await readContents(database, shop);
  await database.drop();
  return contents;
}

/** Checks that a target holds what an uninterrupted import leaves, and that its journal says so. */
export async function expectComplete(
  { database, url }: ShopTarget,
  shop: Shop,
  expected: { readonly contents: Contents; readonly kind: ShopKind },
): Promise<void> {
  expect(await readContents(database, shop)).toEqual(expected.contents);
  expect(await catalogState(database)).toEqual(await shop.catalog(expected.kind));
  await expectJournalIsRight(database, shop);
  const status = await importStatus({ target: url, env: {} }, quietContext);
  expect(status.runs).toHaveLength(1);
  expect(status.runs[0]).toMatchObject({ state: 'done', progress: null, error: null });
  expect(status.runs[0]?.tables.map(({ state }) => state)).toEqual(shop.tables.map(() => 'done'));
}

interface JournalEntry {
  readonly target_table: string;
  readonly xid: string;
  readonly rows_loaded: string;
  readonly rows_after: string;
  readonly rows_expected: string;
}

/** Each table once, done, with as many rows as it holds, all of them written by the transaction that it names. */
async function expectJournalIsRight(database: TestDatabase, shop: Shop): Promise<void> {
  expect(await database.query('SELECT state, error FROM sqlite_migration.runs')).toEqual([
    { state: 'done', error: null },
  ]);
  const entries = await database.query<JournalEntry>(
    `SELECT target_table, xid, rows_loaded, rows_after, rows_expected FROM sqlite_migration.tables
     WHERE state = 'done' AND error IS NULL ORDER BY target_table`,
  );
  expect(entries.map(({ target_table }) => target_table)).toEqual(shop.tables.toSorted());
  for (const entry of entries) {
    const written = await database.query(
      `SELECT count(*)::text AS rows, count(*) FILTER (WHERE xmin::text = $1)::text AS by_it
       FROM ${entry.target_table}`,
      [entry.xid],
    );
    const rows = entry.rows_expected;
    expect({ ...entry, written }).toMatchObject({
      rows_loaded: rows,
      rows_after: rows,
      written: [{ rows, by_it: rows }],
    });
  }
  const xidOf = new Map(entries.map(({ target_table, xid }) => [target_table, xid]));
  const together = CYCLES.flatMap(
    (tables) => new Set(tables.map((table) => xidOf.get(table))).size,
  );
  expect(together).toEqual(CYCLES.map(() => 1));
  expect(new Set(xidOf.values()).size).toBe(
    shop.tables.length - CYCLES.flat().length + CYCLES.length,
  );
}
