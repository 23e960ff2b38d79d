import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { expectSameRows } from '../../support/compare-rows.ts';
import type { TestDatabase } from '../../support/database.ts';
import { createMigratedDatabase } from '../../support/migrated-database.ts';
import { runScript, type ScriptResult } from '../../support/run-script.ts';
import { createSource, querySource } from '../../support/source-file.ts';
import { readManifest } from '../../support/tampering.ts';
import { temporaryFolder } from '../../support/temp.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const MIGRATIONS = here('migrations');

const ROWS = {
  Categories: 4,
  CustomerCustomerDemo: 3,
  CustomerDemographics: 2,
  Customers: 4,
  EmployeeTerritories: 4,
  Employees: 5,
  'Order Details': 6,
  Orders: 4,
  Products: 5,
  Regions: 3,
  Shippers: 3,
  Suppliers: 3,
  Territories: 4,
} as const;
const TOTAL = 50;

/** `Order Details` is order_details on PostgreSQL, CustomerID is customer_id. */
function targetName(sourceName: string): string {
  return sourceName
    .replaceAll(' ', '_')
    .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}

const folder = temporaryFolder();
const source = join(folder, 'north wind.db');
const artifact = join(folder, 'artifact');
let database: TestDatabase;
let exported: ScriptResult;
let verified: ScriptResult;
let imported: ScriptResult;

async function nextValue(table: string, column: string): Promise<unknown> {
  const sql = 'SELECT nextval(pg_get_serial_sequence($1, $2)) AS next';
  return (await database.query(sql, [table, column]))[0];
}

beforeAll(async () => {
  createSource(source, readFileSync(here('source.sql'), 'utf8'));
  database = await createMigratedDatabase(MIGRATIONS);
  exported = await runScript('export', ['--source', source, '--out', artifact]);
  const importArgs = [artifact, '--target', database.url, '--migrations', MIGRATIONS, '--json'];
  [verified, imported] = await Promise.all([
    runScript('verify', [artifact]),
    runScript('import', importArgs),
  ]);
});

describe("a database that is not Prisma's, into one that is", () => {
  it('goes through export, verify and import', () => {
    expect([exported, verified, imported].map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
    expect(imported.json()).toMatchObject({ totalRows: TOTAL, findings: [] });
  });

  it.each(Object.entries(ROWS))('carries every value of %s', async (table, rows) => {
    expect(await expectSameRows(source, database, table, targetName)).toBe(rows);
  });

  it('carries photos byte for byte, empty ones and missing ones too', async () => {
    const photos = querySource(
      source,
      'SELECT EmployeeID AS id, Photo AS photo FROM Employees ORDER BY 1',
    ).map(({ id, photo }) => ({ id: Number(id), photo }));
    const loaded = await database.query(
      'SELECT employee_id AS id, photo FROM employees ORDER BY employee_id',
    );
    expect(loaded).toEqual(photos);
    expect(loaded).toContainEqual({ id: 5, photo: Buffer.alloc(0) });
    expect(loaded).toContainEqual({ id: 9, photo: null });
  });

  it('keeps who reports to whom, himself and those who come later included', async () => {
    expect(
      await database.query('SELECT employee_id AS id, reports_to AS to FROM employees ORDER BY 1'),
    ).toEqual([
      { id: 1, to: 5 },
      { id: 2, to: 4 },
      { id: 4, to: 4 },
      { id: 5, to: 4 },
      { id: 9, to: null },
    ]);
  });

  it('goes on above the ids that SQLite gave out, deleted rows included', async () => {
    expect(await nextValue('categories', 'category_id')).toEqual({ next: '42' });
    expect(await nextValue('orders', 'order_id')).toEqual({ next: '10251' });
    expect(await nextValue('products', 'product_id')).toEqual({ next: '9' });
  });

  it('lists the views that it leaves out, in the manifest and on the screen', () => {
    const views = readManifest(artifact).notCarried;
    expect(views).toHaveLength(17);
    expect(views.every(({ kind }) => kind === 'view')).toBe(true);
    expect(exported.stderr).toContain('not carried: 17 views');
    expect(exported.stderr).toContain('Order Details Extended');
    expect(readFileSync(join(artifact, 'schema.sql'), 'utf8')).toContain('CREATE VIEW [Invoices]');
  });
});
