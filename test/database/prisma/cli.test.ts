import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runPrisma } from '../../../scripts/lib/prisma/cli.ts';
import { migrateDeploy, migrateDiffScript } from '../../../scripts/lib/prisma/migrate.ts';
import { createTestDatabase } from '../../support/database.ts';
import type { TestDatabase } from '../../support/database.ts';
import { temporaryFolder } from '../../support/temp.ts';

const OWN_SCHEMA = fileURLToPath(new URL('../../../prisma', import.meta.url));

/** Each run of the CLI takes some seconds on a slow machine. */
const SEVEN_RUNS_MS = 180_000;

const folder = temporaryFolder();
const schemaPath = join(folder, 'schema.prisma');
let database: TestDatabase;

beforeAll(async () => {
  cpSync(join(OWN_SCHEMA, 'schema.prisma'), schemaPath);
  cpSync(join(OWN_SCHEMA, 'migrations'), join(folder, 'migrations'), { recursive: true });
  database = await createTestDatabase();
});
afterAll(async () => {
  await database.drop();
});

test(
  'deploys a schema elsewhere, then finds no difference, then a drift',
  {
    timeout: SEVEN_RUNS_MS,
  },
  async () => {
    const options = { databaseUrl: database.url, schemaPath };
    expect(await migrateDeploy(options)).toContain('Database schema is up to date!');
    expect(await migrateDeploy(options)).toContain('No pending migrations to apply.');

    const diff = ['migrate', 'diff', '--from-config-datasource', '--to-schema', schemaPath];
    const same = await runPrisma([...diff, '--exit-code'], { databaseUrl: database.url });
    expect(same).toMatchObject({ exitCode: 0 });
    await database.query('ALTER TABLE users ADD COLUMN drifted integer');
    const drifted = await runPrisma([...diff, '--exit-code'], { databaseUrl: database.url });
    expect(drifted).toMatchObject({ exitCode: 2, stdout: expect.stringContaining('drifted') });

    const pulled = await runPrisma(['db', 'pull', '--print'], options);
    expect(pulled.stdout).toMatch(/drifted +Int\?/);
  },
);

test("the project's migrations make what its schema says", async () => {
  const migrations = join(OWN_SCHEMA, 'migrations');
  const schema = join(OWN_SCHEMA, 'schema.prisma');
  const ends = ['--from-migrations', migrations, '--to-schema', schema];
  const result = await runPrisma(['migrate', 'diff', ...ends, '--exit-code'], {
    databaseUrl: database.url,
  });
  expect(result).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('No difference detected.'),
  });
});

test('migrateDiffScript writes the SQL of a schema without a database', async () => {
  expect(await migrateDiffScript(schemaPath)).toContain('CREATE TABLE "users"');
});

test('migrateDeploy names the migration that fails', async () => {
  const broken = join(folder, 'broken');
  mkdirSync(join(broken, 'migrations', '1_bad'), { recursive: true });
  cpSync(schemaPath, join(broken, 'schema.prisma'));
  writeFileSync(join(broken, 'migrations', 'migration_lock.toml'), 'provider = "postgresql"\n');
  writeFileSync(join(broken, 'migrations', '1_bad', 'migration.sql'), 'SELEC 1;\n');
  const own = await createTestDatabase();
  try {
    const options = { databaseUrl: own.url, schemaPath: join(broken, 'schema.prisma') };
    await expect(migrateDeploy(options)).rejects.toMatchObject({
      kind: 'target-schema',
      code: 'prisma-migrate-deploy-failed',
      message: expect.stringContaining('Migration name: 1_bad'),
    });
  } finally {
    await own.drop();
  }
});

test('migrateDeploy tells a database that is out of reach', async () => {
  const databaseUrl = 'postgresql://me:secret@127.0.0.1:1/db';
  await expect(migrateDeploy({ databaseUrl, schemaPath })).rejects.toMatchObject({
    kind: 'target',
    message: expect.stringContaining('P1001'),
  });
});
