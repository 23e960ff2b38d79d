import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runPrisma } from '../../../scripts/lib/prisma/cli.ts';
import { buildSample } from '../../../scripts/lib/sample/build.ts';
import { exportArtifact, importInProcess } from '../../support/in-process.ts';
import { createMigratedDatabase } from '../../support/migrated-database.ts';
import { temporaryFolder } from '../../support/temp.ts';

const SCHEMA = fileURLToPath(new URL('../../../prisma/schema.prisma', import.meta.url));

const folder = temporaryFolder();

/** Each run of the CLI takes some seconds on a slow machine. */
const TWO_RUNS_MS = 180_000;

test('Prisma sees no drift in a target that has a journal', { timeout: TWO_RUNS_MS }, async () => {
  const { url: databaseUrl, query } = await createMigratedDatabase();
  const source = join(folder, 'sample.db');
  await buildSample({ file: source });
  const artifact = await exportArtifact(source, join(folder, 'sample'));
  expect(await importInProcess(artifact, databaseUrl)).toMatchObject({ exitCode: 0 });
  expect(await query('SELECT state FROM sqlite_migration.runs')).toEqual([{ state: 'done' }]);
  const options = { databaseUrl, schemaPath: SCHEMA };
  expect(await runPrisma(['migrate', 'status'], options)).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('Database schema is up to date!'),
  });
  const diff = [
    'migrate',
    'diff',
    '--from-config-datasource',
    '--to-schema',
    SCHEMA,
    '--exit-code',
  ];
  expect(await runPrisma(diff, { databaseUrl })).toMatchObject({ exitCode: 0 });
});
