import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { runPrisma } from '../../../scripts/lib/prisma/cli.ts';
import { migrateDeploy } from '../../../scripts/lib/prisma/migrate.ts';
import { importReportSchema } from '../../../scripts/lib/model/reports/import.ts';
import {
  verifyReportSchema,
  type VerifyReport,
} from '../../../scripts/lib/model/reports/verify.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { exportArtifact, importInProcess } from '../../support/in-process.ts';
import { rollbackInProcess, runsOf } from '../../support/journal.ts';
import { mappingFile } from '../../support/mapping.ts';
import { createMigratedDatabase } from '../../support/migrated-database.ts';
import { nameBasedUuid } from '../../support/name-based-uuid.ts';
import { runScript, type ScriptResult } from '../../support/run-script.ts';
import { createSource, querySource, type SourceValue } from '../../support/source-file.ts';
import { temporaryFolder } from '../../support/temp.ts';

const EXAMPLE = fileURLToPath(new URL('../../../examples/tenants/', import.meta.url));
const SCHEMA = join(EXAMPLE, 'schema.prisma');
const MIGRATIONS = join(EXAMPLE, 'migrations');
const TENANTS = ['acme', 'globex', 'initech'] as const;
type Tenant = (typeof TENANTS)[number];

const NAMESPACES: Readonly<Record<Tenant, string>> = {
  acme: '0d0f6a6a-5d5e-4a3b-8f0c-5b1f2f6a7c01',
  globex: '8a1c3f52-6b7d-4e0a-9c2e-1d4b5a6f7e02',
  initech: 'c7b2e9d4-3f1a-4c8b-b6d5-9e8f7a6b5c03',
};

const folder = temporaryFolder();
const sourceOf = (tenant: Tenant): string => join(folder, `${tenant}.db`);
const artifactOf = (tenant: Tenant): string => join(folder, tenant);
const mappingOf = (tenant: Tenant): string => join(EXAMPLE, `${tenant}.json`);
const sqlOf = (name: string): string => readFileSync(join(EXAMPLE, `${name}.sql`), 'utf8');

let database: TestDatabase;
const imported = new Map<Tenant, ScriptResult>();
const compared = new Map<Tenant, ScriptResult>();

beforeAll(async () => {
  database = await createTestDatabase();
  await migrateDeploy({ databaseUrl: database.url, schemaPath: SCHEMA });
  const target = ['--target', database.url];
  for (const tenant of TENANTS) {
    createSource(sourceOf(tenant), `${sqlOf('shape')} ${sqlOf(tenant)}`);
    await exportArtifact(sourceOf(tenant), artifactOf(tenant));
    const load = [artifactOf(tenant), '--mapping', mappingOf(tenant), '--migrations', MIGRATIONS];
    imported.set(tenant, await runScript('import', [...load, ...target, '--json']));
  }
  for (const tenant of TENANTS) {
    compared.set(tenant, await runScript('verify', [artifactOf(tenant), ...target, '--json']));
  }
});

type Row = Record<string, SourceValue>;

/** What each table of the target must hold of a tenant's file, and the query that shows it. */
const TABLES: Readonly<
  Record<string, { readonly sql: string; readonly expected: (row: Row, tenant: Tenant) => object }>
> = {
  customers: {
    sql: 'SELECT tenant_id, id::text, name, email FROM customers',
    expected: ({ id, name, email }, tenant_id) => ({ tenant_id, id: String(id), name, email }),
  },
  orders: {
    sql: `SELECT tenant_id, id::text, customer_id::text, total::float8, ordered_at FROM orders`,
    expected: ({ id, customer_id, total, ordered_at }, tenant_id) => ({
      tenant_id,
      id: String(id),
      customer_id: String(customer_id),
      total: Number(total),
      ordered_at: new Date(String(ordered_at)),
    }),
  },
  documents: {
    sql: 'SELECT id::text, tenant_id, order_id::text, title FROM documents',
    expected: ({ id, order_id, title }, tenant_id) => ({
      id: nameBasedUuid(NAMESPACES[tenant_id], String(id)),
      tenant_id,
      order_id: order_id === null ? null : String(order_id),
      title,
    }),
  },
  pages: {
    sql: 'SELECT document_id::text, number::text, tenant_id, text FROM pages',
    expected: ({ document_id, number, text }, tenant_id) => ({
      document_id: nameBasedUuid(NAMESPACES[tenant_id], String(document_id)),
      number: String(number),
      tenant_id,
      text,
    }),
  },
};

function comparisonOf(tenant: Tenant): NonNullable<VerifyReport['comparison']> {
  const { comparison } = verifyReportSchema.parse(compared.get(tenant)?.json());
  if (comparison === null) throw new Error('nothing was compared');
  return comparison;
}

describe('three tenants of one shape, one after the other into one database', () => {
  it('are loaded without a word of each other', () => {
    expect([...imported.values()].map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
    const before = TENANTS.map((tenant) =>
      importReportSchema
        .parse(imported.get(tenant)?.json())
        .tables.map(({ rowsBefore }) => rowsBefore),
    );
    expect(before).toEqual(TENANTS.map(() => [0, 0, 0, 0]));
  });

  it.each(Object.keys(TABLES))('keep every row of %s apart', async (table) => {
    const { sql, expected } = TABLES[table] ?? never();
    const rows = TENANTS.flatMap((tenant) =>
      querySource(sourceOf(tenant), `SELECT * FROM ${table}`).map((row) => expected(row, tenant)),
    );
    expect(sorted(await database.query(sql))).toEqual(sorted(rows));
  });

  it.each(TENANTS)('are compared where the rows are of %s, and the report says so', (tenant) => {
    expect(compared.get(tenant)?.exitCode).toBe(0);
    const { tables } = comparisonOf(tenant);
    for (const { target, where, rowsOfTarget, rowsOfOthers, digest } of tables) {
      expect(where).toContain(`= '${tenant}'`);
      expect(digest?.sql).toContain(`= '${tenant}'`);
      const all = TENANTS.map((other) => querySource(sourceOf(other), `SELECT * FROM ${target}`));
      expect(rowsOfTarget + rowsOfOthers).toBe(all.flat().length);
      expect(rowsOfTarget).toBe(all[TENANTS.indexOf(tenant)]?.length);
    }
    expect(compared.get(tenant)?.stderr).toContain('of other sources left aside');
  });

  it('have nothing left to load, each of them', async () => {
    for (const tenant of TENANTS) {
      const mapping = mappingOf(tenant);
      expect(await importInProcess(artifactOf(tenant), database.url, { mapping })).toMatchObject({
        exitCode: 0,
        report: { run: { isResumed: true } },
      });
    }
  });
});

async function loaded(): Promise<TestDatabase> {
  const own = await createMigratedDatabase(MIGRATIONS);
  for (const tenant of TENANTS) {
    const mapping = mappingOf(tenant);
    const { exitCode } = await importInProcess(artifactOf(tenant), own.url, { mapping });
    expect(exitCode).toBe(0);
  }
  return own;
}

describe('the rows of one tenant', () => {
  it('are taken back alone, and loaded again', async () => {
    const { url, query } = await loaded();
    const runs = await runsOf(url);
    const acme = runs.at(-1)?.runId ?? '';
    expect(await rollbackInProcess(url, { run: acme })).toMatchObject({
      exitCode: 0,
      findings: [],
    });
    const count = `SELECT tenant_id, count(*)::int FROM customers GROUP BY 1 ORDER BY 1`;
    expect(await query(count)).toEqual([
      { tenant_id: 'globex', count: 2 },
      { tenant_id: 'initech', count: 1 },
    ]);
    const mapping = mappingOf('acme');
    expect(await importInProcess(artifactOf('acme'), url, { mapping })).toMatchObject({
      exitCode: 0,
      report: { run: { isResumed: false } },
    });
    expect(await query(count)).toHaveLength(3);
  });

  it('are in the way of another load of it, those of others are not', async () => {
    const { url, query } = await loaded();
    await query(`DELETE FROM sqlite_migration.runs`);
    const mapping = mappingOf('acme');
    const refused = await importInProcess(artifactOf('acme'), url, { mapping });
    expect(refused.exitCode).toBe(3);
    expect(refused.findings[0]).toMatchObject({
      code: 'target-not-empty',
      total: 4,
      hint: expect.stringContaining('--rollback'),
    });
    expect(refused.findings[0]?.examples).toContainEqual({ detail: 'customers: 2 rows' });
    const truncating = await importInProcess(artifactOf('acme'), url, { mapping, truncate: true });
    expect(truncating).toMatchObject({ exitCode: 2, error: { code: 'usage' } });
  });

  it('that have a key of another are named before anything is written', async () => {
    const own = await createMigratedDatabase(MIGRATIONS);
    // Both tenants' documents in one namespace get the same UUID.
    const documents = { columns: { id: { convert: { uuid_v5: NAMESPACES.acme } } } };
    const mappings = (['acme', 'globex'] as const).map((tenant_id) =>
      mappingFile(folder, { documents }, { set: { tenant_id } }),
    );
    const [first, second] = mappings;
    expect(await importInProcess(artifactOf('acme'), own.url, { mapping: first })).toMatchObject({
      exitCode: 0,
    });
    const refused = await importInProcess(artifactOf('globex'), own.url, { mapping: second });
    expect(refused.exitCode).toBe(3);
    const blocking = refused.findings.filter(({ severity }) => severity === 'blocking');
    expect(
      blocking.map(({ code, where, total }) => [code, where.table, where.constraint, total]),
    ).toEqual([
      ['unique-broken', 'documents', 'documents_pkey', 1],
      ['unique-broken', 'pages', 'pages_pkey', 1],
    ]);
    expect(await own.query(`SELECT FROM orders WHERE tenant_id = 'globex'`)).toEqual([]);
  });
});

describe('what a mapping sets', () => {
  it.each([
    [{ tenant: 'acme' }, 'no table of the target that this source fills has a column tenant'],
    [{ tenant_id: null }, 'NULL tells no rows apart'],
    [{ name: 'acme' }, 'customers.name cannot be set: name goes there'],
    [{ tenant_id: 'a name of more than twenty' }, 'cannot have it: the constant'],
  ])('is refused where it cannot be: %j', async (set, message) => {
    const mapping = mappingFile(folder, {}, { set });
    expect(await importInProcess(artifactOf('acme'), database.url, { mapping })).toMatchObject({
      exitCode: 2,
      error: { code: 'mapping-invalid', message: expect.stringContaining(message) },
    });
  });
});

describe("the example's migrations", () => {
  it('make what its Prisma schema says', async () => {
    const diff = ['migrate', 'diff', '--from-config-datasource', '--to-schema', SCHEMA];
    const result = await runPrisma([...diff, '--exit-code'], { databaseUrl: database.url });
    expect(result).toMatchObject({ exitCode: 0 });
  });
});

function never(): never {
  throw new Error('the test expects nothing of this table');
}

function sorted(rows: readonly object[]): object[] {
  return rows.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}
