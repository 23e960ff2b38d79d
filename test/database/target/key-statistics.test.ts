import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { introspectTarget } from '../../../scripts/lib/target/introspect.ts';
import { analyzeReferredKeys } from '../../../scripts/lib/target/key-statistics.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await database.query(`
    CREATE TABLE "Parent" (a integer, "B" integer, c integer UNIQUE, other text, PRIMARY KEY (a, "B"));
    CREATE TABLE child (id integer PRIMARY KEY, a integer, b integer, parent_id integer REFERENCES child,
      FOREIGN KEY (a, b) REFERENCES "Parent" (a, "B"));
    CREATE TABLE lonely (id integer PRIMARY KEY);`);
});
afterAll(async () => database.drop());

describe('the statistics of keys that others refer to are taken in the transaction that loads them', () => {
  it.each([
    ['Parent', 10_000, ['B', 'a']],
    ['child', 10_000, ['id']],
    ['lonely', 10_000, []],
    ['Parent', 9999, []],
  ])('%s with %i rows: of %j', async (name, rowCount, columns) => {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    try {
      const catalog = await introspectTarget(client, 'public');
      const table = catalog.tables.find((one) => one.name === name);
      if (table === undefined) throw new Error(`there is no table ${name}`);
      await client.query('BEGIN');
      const first = table.columns[0]?.name ?? '';
      const key = name === 'Parent' ? `(${first}, "B", c)` : `(${first})`;
      const values = name === 'Parent' ? 'n, n, n' : 'n';
      await client.query(
        `INSERT INTO "${name}" ${key} SELECT ${values} FROM generate_series(1, $1) AS n`,
        [rowCount],
      );
      await analyzeReferredKeys(client, catalog, table, rowCount);
      const { rows } = await client.query<{ name: string }>(
        `SELECT attname AS name FROM pg_stats WHERE tablename = $1 ORDER BY attname COLLATE "C"`,
        [name],
      );
      await client.query('ROLLBACK');
      expect(rows.map((row) => row.name)).toEqual(columns);
    } finally {
      await client.end();
    }
  });
});
