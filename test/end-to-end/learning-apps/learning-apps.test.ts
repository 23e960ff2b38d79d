import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { runPrisma } from '../../../scripts/lib/prisma/cli.ts';
import { migrateDeploy } from '../../../scripts/lib/prisma/migrate.ts';
import { importReportSchema } from '../../../scripts/lib/model/reports/import.ts';
import {
  verifyReportSchema,
  verifyTogetherReportSchema,
} from '../../../scripts/lib/model/reports/verify.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { importInProcess, type ImportOutcome } from '../../support/in-process.ts';
import { runsOf } from '../../support/journal.ts';
import { createMigratedDatabase } from '../../support/migrated-database.ts';
import { runScript, type ScriptResult } from '../../support/run-script.ts';
import { createSource, querySource } from '../../support/source-file.ts';
import { temporaryFolder } from '../../support/temp.ts';
import { EXPECTED, expectedRow, targetSql, type App } from './expected-tables.ts';

const EXAMPLE = fileURLToPath(new URL('../../../examples/learning-apps/', import.meta.url));
const SCHEMA = join(EXAMPLE, 'schema.prisma');
const MIGRATIONS = join(EXAMPLE, 'migrations');
const APPS: readonly App[] = ['core', 'math', 'reading', 'comprehension'];

const folder = temporaryFolder();
const sourceOf = (app: App): string => join(folder, `${app}.db`);
const artifactOf = (app: App): string => join(folder, app);
const mappingOf = (app: App): string => join(EXAMPLE, `${app}.json`);

let database: TestDatabase;
const results = new Map<string, ScriptResult>();

async function run(
  app: App,
  stage: string,
  script: Parameters<typeof runScript>[0],
  args: readonly string[],
): Promise<void> {
  const env = { SQLITE_URL: `file:${sourceOf(app)}`, DATABASE_URL: database.url };
  results.set(`${stage} ${app}`, await runScript(script, [...args, '--json'], { env }));
}

async function takeAndCheck(app: App): Promise<void> {
  createSource(sourceOf(app), readFileSync(join(EXAMPLE, `${app}.sql`), 'utf8'));
  const mapping = ['--mapping', mappingOf(app)];
  await run(app, 'analyze', 'analyze', mapping);
  await run(app, 'export', 'export', ['--out', artifactOf(app)]);
  await run(app, 'verify', 'verify', [artifactOf(app), ...mapping]);
}

beforeAll(async () => {
  database = await createTestDatabase();
  await migrateDeploy({ databaseUrl: database.url, schemaPath: SCHEMA });
  await Promise.all(APPS.map(takeAndCheck));
  for (const app of APPS) {
    const args = [artifactOf(app), '--mapping', mappingOf(app), '--migrations', MIGRATIONS];
    await run(app, 'import', 'import', args);
  }
  const target = ['--target', database.url];
  await Promise.all(
    APPS.map(async (app) => run(app, 'compare', 'verify', [artifactOf(app), ...target])),
  );
});

describe('four SQLite files that become one database', () => {
  it('are checked against each other before there is a target', async () => {
    const mappings = APPS.flatMap((app) => ['--mapping', mappingOf(app)]);
    const result = await runScript('verify', [...APPS.map(artifactOf), ...mappings, '--json']);
    expect(result.exitCode).toBe(0);
    const { references, findings, totalRows } = verifyTogetherReportSchema.parse(result.json());
    expect(references.every(({ broughtBy }) => broughtBy.join() === artifactOf('core'))).toBe(true);
    expect([references.length > 10, totalRows]).toEqual([true, 2918]);
    expect(findings.filter(({ code }) => code === 'orphan')).toEqual([]);
  });

  it('go through analyze, export, verify and import one after the other', () => {
    const codes = [...results].map(([name, { exitCode }]) => [name, exitCode]);
    expect(codes).toEqual([...results.keys()].map((name) => [name, 0]));
  });

  it('fill all 34 tables, each from one file', () => {
    const loaded = APPS.flatMap((app) =>
      importReportSchema
        .parse(results.get(`import ${app}`)?.json())
        .tables.map(({ source, target, rowCount }) => ({ app, source, target, rowCount })),
    );
    expect(loaded.toSorted(byTarget)).toEqual(
      EXPECTED.map(({ app, source, target, rowCount }) => ({
        app,
        source,
        target,
        rowCount,
      })).toSorted(byTarget),
    );
    expect(loaded).toHaveLength(34);
  });

  it.each(EXPECTED)('carry every row and column of $app: $source', async (table) => {
    const rows = querySource(sourceOf(table.app), `SELECT * FROM ${table.source}`);
    expect(rows).toHaveLength(table.rowCount);
    const expected = rows.map((row) => expectedRow(table, row));
    expect(sorted(await database.query(targetSql(table)))).toEqual(sorted(expected));
  });

  it('leave no table and no column of the target without an expectation', async () => {
    const columns = await database.query<{ name: string }>(
      `SELECT table_name || '.' || column_name AS name FROM information_schema.columns
        WHERE table_schema = 'public' AND table_name <> '_prisma_migrations'`,
    );
    const expected = EXPECTED.flatMap((table) =>
      Object.keys(table.columns).map((column) => `${table.target}.${column}`),
    );
    expect(columns.map(({ name }) => name).toSorted()).toEqual(expected.toSorted());
  });

  it.each(APPS)(
    'are compared with the target one by one, without the tables of the others: %s',
    (app) => {
      const { comparison, findings } = verifyReportSchema.parse(
        results.get(`compare ${app}`)?.json(),
      );
      const own = EXPECTED.filter((table) => table.app === app);
      expect(findings.filter(({ severity }) => severity !== 'info')).toEqual([]);
      expect(comparison?.tables.map(({ target }) => target).toSorted()).toEqual(
        own.map(({ target }) => target).toSorted(),
      );
      expect(comparison?.otherTables).toHaveLength(34 - own.length);
      expect(comparison).toMatchObject({
        mappingFrom: 'journal',
        run: importReportSchema.parse(results.get(`import ${app}`)?.json()).run?.id,
      });
    },
  );

  it('let new rows get ids above those of the file that filled the table', async () => {
    expect(
      await database.query(
        `SELECT nextval(pg_get_serial_sequence('users', 'id')) AS users,
                nextval(pg_get_serial_sequence('reading_question', 'id')) AS question`,
      ),
    ).toEqual([{ users: '13', question: '6' }]);
  });
});

async function load(url: string, app: App): Promise<ImportOutcome> {
  return importInProcess(artifactOf(app), url, { mapping: mappingOf(app) });
}

describe('the order of the files', () => {
  it('is free but for the users, who come first', async () => {
    const { url, query } = await createMigratedDatabase(MIGRATIONS);
    for (const app of ['math', 'reading', 'comprehension'] as const) {
      const { exitCode, findings } = await load(url, app);
      expect({ app, exitCode }).toEqual({ app, exitCode: 3 });
      const codes = findings.filter(({ severity }) => severity === 'blocking');
      expect(new Set(codes.map(({ code }) => code))).toEqual(new Set(['orphan']));
      expect(codes).toHaveLength(
        EXPECTED.filter((table) => table.app === app && 'user_id' in table.columns).length,
      );
    }
    for (const app of ['core', 'comprehension', 'math', 'reading'] as const) {
      expect(await load(url, app)).toMatchObject({ exitCode: 0 });
    }
    expect(await runsOf(url)).toHaveLength(4);
    for (const app of APPS) {
      expect(await load(url, app)).toMatchObject({
        exitCode: 0,
        report: { run: { isResumed: true } },
      });
    }
    expect(await query('SELECT count(*)::int AS users FROM users')).toEqual([{ users: 5 }]);
  });
});

describe("the example's migrations", () => {
  it('make what its Prisma schema says', async () => {
    const diff = ['migrate', 'diff', '--from-config-datasource', '--to-schema', SCHEMA];
    const result = await runPrisma([...diff, '--exit-code'], { databaseUrl: database.url });
    expect(result).toMatchObject({ exitCode: 0 });
  });
});

function byTarget(a: { readonly target: string }, b: { readonly target: string }): number {
  return a.target < b.target ? -1 : 1;
}

type Row = Readonly<Record<string, unknown>>;

function sorted(rows: readonly Row[]): Row[] {
  const keyOf = (row: Row): string => JSON.stringify(row);
  return rows.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}
