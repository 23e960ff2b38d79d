import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { migrateDeploy } from '../../scripts/lib/prisma/migrate.ts';
import { buildSample } from '../../scripts/lib/sample/build.ts';
import { expectSameRows } from '../support/compare-rows.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { importInProcess, exportArtifact } from '../support/in-process.ts';
import { createMigratedDatabase, SAMPLE_MIGRATIONS } from '../support/migrated-database.ts';
import { runScript, type ScriptResult } from '../support/run-script.ts';
import { listArtifact } from '../support/tampering.ts';
import { temporaryFolder } from '../support/temp.ts';
import { analyzeReportSchema } from '../../scripts/lib/model/reports/analyze.ts';
import { exportReportSchema } from '../../scripts/lib/model/reports/export.ts';
import { importReportSchema } from '../../scripts/lib/model/reports/import.ts';
import { verifyReportSchema } from '../../scripts/lib/model/reports/verify.ts';

const ROWS = {
  users: 7,
  organizations: 28,
  user_organizations: 12,
  ai_providers: 3,
  organization_ai_configs: 2,
  ai_usage_logs: 0,
  api_configurations: 10,
  organization_api_credentials: 0,
  data_source_mappings: 4,
  field_configurations: 1,
  pfa_records: 0,
  sync_logs: 0,
} as const;
const TABLES = Object.keys(ROWS);

/** Rows by table name. */
function counts(tables: readonly { name: string; rowCount: number }[]): object {
  return Object.fromEntries(tables.map(({ name, rowCount }) => [name, rowCount]));
}

const folder = temporaryFolder();
const source = join(folder, 'vanguard.db');
const artifact = join(folder, 'artifact');

describe('the sample through the four scripts, by hand, into a database that the Prisma CLI migrated', () => {
  let database: TestDatabase;
  let analyzed: ScriptResult;
  let exported: ScriptResult;
  let verified: ScriptResult;
  let imported: ScriptResult;

  beforeAll(async () => {
    const project = join(folder, 'project');
    cpSync(SAMPLE_MIGRATIONS, join(project, 'prisma/migrations'), { recursive: true });
    await buildSample({ file: source });
    database = await createTestDatabase();
    await migrateDeploy({ databaseUrl: database.url });
    const here = {
      cwd: project,
      env: { SQLITE_URL: `file:${source}`, DATABASE_URL: database.url },
    };
    analyzed = await runScript('analyze', ['--json'], here);
    exported = await runScript('export', ['--out', artifact, '--json'], here);
    verified = await runScript('verify', [artifact, '--json'], here);
    imported = await runScript('import', [artifact, '--json'], here);
  });

  it('ends each of them with 0', () => {
    for (const result of [analyzed, exported, verified, imported]) {
      expect(result).toMatchObject({ exitCode: 0, signal: null });
      expect(result.stderr).not.toContain('\u001b');
    }
  });

  it('tells the same 67 rows in every report, table by table', () => {
    const analysis = analyzeReportSchema.strict().parse(analyzed.json());
    expect(counts(analysis.tables)).toEqual(ROWS);
    const exporting = exportReportSchema.strict().parse(exported.json());
    expect(counts(exporting.tables)).toEqual(ROWS);
    const verifying = verifyReportSchema.strict().parse(verified.json());
    expect(counts(verifying.tables)).toEqual(ROWS);
    const importing = importReportSchema.strict().parse(imported.json());
    expect(counts(importing.tables.map((table) => ({ ...table, name: table.target })))).toEqual(
      ROWS,
    );
    for (const report of [analysis, exporting, verifying, importing]) {
      expect(report).toMatchObject({ totalRows: 67, exitCode: 0 });
      expect(report.findings.filter(({ severity }) => severity === 'blocking')).toEqual([]);
    }
    expect(importing.artifact.id).toBe(exporting.artifact.id);
    expect(importing.tables.every(({ state }) => state === 'committed')).toBe(true);
  });

  it('names the migrations that the target has applied', () => {
    const { migrations } = importReportSchema.parse(imported.json());
    expect(migrations).toEqual(['20240701090000_init', '20240715133000_sync_log_correlation_id']);
  });

  it('writes the files that FORMAT.md names and no others', () => {
    const { tables } = exportReportSchema.parse(exported.json());
    expect(listArtifact(artifact)).toEqual(
      [
        ...tables.map(({ file }) => file),
        'data/000-_prisma_migrations.ndjson',
        'SHA256SUMS',
        'manifest.json',
        'schema.sql',
      ].toSorted(),
    );
  });

  it.each(TABLES)('carries every value of %s', async (table) => {
    const compared = await expectSameRows(source, database, table);
    expect(compared).toBe(ROWS[table as keyof typeof ROWS]);
  });

  it.each([
    ['ai_providers', '6'],
    ['ai_usage_logs', '1288'],
    ['sync_logs', '413'],
  ])('lets %s go on at %s, above the mark of SQLite', async (table, next) => {
    const rows = await database.query(`SELECT nextval(pg_get_serial_sequence($1, 'id')) AS next`, [
      table,
    ]);
    expect(rows).toEqual([{ next }]);
  });

  it('analyzes the tables, so that the planner knows their size', async () => {
    const rows = await database.query(
      `SELECT reltuples FROM pg_class WHERE relname = 'organizations'`,
    );
    expect(rows).toEqual([{ reltuples: 28 }]);
  });
});

describe('the sample at a size', () => {
  it('carries 2,000 more rows in the three large tables', async () => {
    const large = join(folder, 'large.db');
    await buildSample({ file: large, rows: 2000 });
    const database = await createMigratedDatabase();
    const out = await exportArtifact(large, join(folder, 'large'));
    const outcome = await importInProcess(out, database.url, {
      skipMigrationCheck: false,
      migrations: SAMPLE_MIGRATIONS,
    });
    expect(outcome).toMatchObject({ exitCode: 0, report: { totalRows: 2067 } });
    let compared = 0;
    for (const table of TABLES) compared += await expectSameRows(large, database, table);
    expect(compared).toBe(2067);
    const next = `SELECT nextval(pg_get_serial_sequence('ai_usage_logs', 'id')) > max(id) AS is_free FROM ai_usage_logs`;
    expect(await database.query(next)).toEqual([{ is_free: true }]);
  });
});
