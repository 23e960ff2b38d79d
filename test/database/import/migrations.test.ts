import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { exportArtifact, importInProcess, type ImportOutcome } from '../../support/in-process.ts';
import { createMigratedDatabase } from '../../support/migrated-database.ts';
import { createSource } from '../../support/source-file.ts';
import { temporaryFolder } from '../../support/temp.ts';

const FIRST = '20240101000000_init';
const SECOND = '20240202000000_more';

const folder = temporaryFolder();
const migrations = join(folder, 'migrations');
let artifact: string;
let template: TestDatabase;
let database: TestDatabase;

function writeMigration(inFolder: string, name: string, sql: string): void {
  mkdirSync(join(inFolder, name), { recursive: true });
  writeFileSync(join(inFolder, name, 'migration.sql'), sql);
}

beforeAll(async () => {
  writeMigration(migrations, FIRST, '-- CreateTable\nCREATE TABLE t (id INTEGER PRIMARY KEY);\n');
  writeMigration(migrations, SECOND, '-- AlterTable\nALTER TABLE t ADD COLUMN n INTEGER;\n');
  writeFileSync(join(migrations, 'migration_lock.toml'), 'provider = "postgresql"\n');
  const source = createSource(
    join(folder, 'source.db'),
    'CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER); INSERT INTO t VALUES (1, 2);',
  );
  artifact = await exportArtifact(source, join(folder, 'artifact'));
  template = await createMigratedDatabase(migrations);
});

beforeEach(async () => {
  database = await createTestDatabase({ template: template.name });
});

async function importChecked(migrationsFolder = migrations): Promise<ImportOutcome> {
  const options = { skipMigrationCheck: false, migrations: migrationsFolder };
  return importInProcess(artifact, database.url, options);
}

/** A copy of the migrations folder under another name. */
function copyOfMigrations(name: string): string {
  const copy = join(folder, name);
  cpSync(migrations, copy, { recursive: true });
  return copy;
}

/** What a refused import says, and what it has loaded nevertheless. */
async function refusal(migrationsFolder = migrations): Promise<unknown> {
  const { exitCode, error } = await importChecked(migrationsFolder);
  const rows = await database.query('SELECT * FROM t');
  return { exitCode, code: error?.code, message: error?.message, rows };
}

/** A refusal with this code whose message names this. */
function refused(code: string, named: string): unknown {
  return { exitCode: 13, code, message: expect.stringContaining(named) as unknown, rows: [] };
}

describe('a target whose migrations are those of the folder', () => {
  it('is loaded, and they are named in their order', async () => {
    expect(await importChecked()).toMatchObject({
      exitCode: 0,
      report: { migrations: [FIRST, SECOND], totalRows: 1 },
    });
  });

  it('may have had one that failed and was rolled back since', async () => {
    await database.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, rolled_back_at, started_at)
       VALUES ('x', 'other', $1, now(), now() - interval '1 hour')`,
      [SECOND],
    );
    expect(await importChecked()).toMatchObject({ exitCode: 0 });
  });

  it('may have been migrated from a checkout with other line endings', async () => {
    const windows = copyOfMigrations('windows');
    const file = join(windows, FIRST, 'migration.sql');
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('\n', '\r\n'));
    expect(await importChecked(windows)).toMatchObject({ exitCode: 0 });
  });
});

describe('a target is refused, and the migration named,', () => {
  it('when no migration was ever applied to it', async () => {
    await database.query('DROP TABLE _prisma_migrations');
    expect(await refusal()).toEqual(refused('not-migrated', '_prisma_migrations'));
  });

  it('when a migration failed', async () => {
    await database.query(
      `UPDATE _prisma_migrations SET finished_at = NULL, logs = 'boom' WHERE migration_name = $1`,
      [SECOND],
    );
    expect(await refusal()).toEqual(refused('migration-failed', SECOND));
  });

  it('when the folder has one that is not applied', async () => {
    const longer = copyOfMigrations('longer');
    writeMigration(longer, '20240303000000_last', 'SELECT 1;');
    expect(await refusal(longer)).toEqual(refused('migration-missing', '20240303000000_last'));
  });

  it('when a file was changed after it was applied', async () => {
    const changed = copyOfMigrations('changed');
    writeMigration(changed, SECOND, 'ALTER TABLE t ADD COLUMN n BIGINT;\n');
    expect(await refusal(changed)).toEqual(refused('migration-changed', SECOND));
  });

  it('when it has one that the folder does not have', async () => {
    const shorter = join(folder, 'shorter');
    cpSync(join(migrations, FIRST), join(shorter, FIRST), { recursive: true });
    expect(await refusal(shorter)).toEqual(refused('migration-unknown', SECOND));
  });

  it('when there is no such folder', async () => {
    const nowhere = join(folder, 'nowhere');
    expect(await refusal(nowhere)).toEqual(refused('migrations-unreadable', nowhere));
  });
});
