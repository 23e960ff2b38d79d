import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { exportReportSchema } from '../../../scripts/lib/model/reports/export.ts';
import { verifyReportSchema } from '../../../scripts/lib/model/reports/verify.ts';
import { buildSample } from '../../../scripts/lib/sample/build.ts';
import type { TestDatabase } from '../../support/database.ts';
import { importInProcess, verifyInProcess } from '../../support/in-process.ts';
import { createMigratedDatabase } from '../../support/migrated-database.ts';
import { runScript } from '../../support/run-script.ts';
import { AWKWARD_SQL, bytesOf } from '../../support/single-file.ts';
import { createSource } from '../../support/source-file.ts';
import { readManifest } from '../../support/tampering.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();
const source = join(folder, 'sample.db');
const artifact = join(folder, 'sample');
const file = join(folder, 'sample.json');

beforeAll(async () => {
  await buildSample({ file: source, rows: 300 });
  await runScript('export', ['--source', source, '--out', artifact]);
  await runScript('export', ['--from', artifact, '--single-file', file]);
});

/** A single file's text without what differs from one export to the next. */
function withoutTime(path: string): string {
  return readFileSync(path, 'utf8')
    .replace(/"createdAt": "[^"]*"/, '')
    .replace(/"manifest.json": "\w*"/, '');
}

describe('the sample', () => {
  it('goes from a folder into a file and back, with every byte, checksum and the id the same', async () => {
    const back = join(folder, 'back');
    const { exitCode, json } = await runScript('export', ['--from', file, '--out', back, '--json']);
    const report = exportReportSchema.strict().parse(json());
    expect(exitCode).toBe(0);
    expect(bytesOf(back)).toEqual(bytesOf(artifact));
    expect(report).toMatchObject({ source: file, artifact: { path: back }, findings: [] });
    expect(report.tables.map(({ name, sha256 }) => [name, sha256])).toEqual(
      readManifest(artifact).tables.map(({ name, sha256 }) => [name, sha256]),
    );
    const verified = await runScript('verify', [file, '--json']);
    expect(verifyReportSchema.strict().parse(verified.json())).toMatchObject({
      artifact: { path: file, id: report.artifact.id },
      exitCode: 0,
      findings: [],
    });
  });

  it('exported into a single file at once is the same but for the time', async () => {
    const direct = join(folder, 'direct.json');
    const { exitCode, stderr } = await runScript('export', [
      '--source',
      source,
      '--single-file',
      direct,
    ]);
    expect(exitCode).toBe(0);
    expect(stderr).toContain(`artifact ${direct}`);
    expect(withoutTime(direct)).toBe(withoutTime(file));
    expect(await verifyInProcess(direct)).toEqual({ findings: [] });
  });

  it('imported from the file is in PostgreSQL as imported from the folder', async () => {
    const databases = [await createMigratedDatabase(), await createMigratedDatabase()] as const;
    const [fromFolder, fromFile] = [
      await importInProcess(artifact, databases[0].url),
      await importInProcess(file, databases[1].url),
    ];
    expect([fromFolder.exitCode, fromFile.exitCode]).toEqual([0, 0]);
    expect(fromFile.report?.artifact).toEqual({ path: file, id: fromFolder.report?.artifact.id });
    const contents = async (database: TestDatabase): Promise<unknown[]> =>
      Promise.all(
        readManifest(artifact).tables.map(async ({ name }) => [
          name,
          await database.query(`SELECT t::text AS row FROM "${name}" t ORDER BY 1`),
        ]),
      );
    expect(await contents(databases[1])).toEqual(await contents(databases[0]));
  });
});

it('a database of everything awkward goes into a file by the script, and verify finds it sound', async () => {
  const awkward = createSource(join(folder, 'awkward.db'), AWKWARD_SQL);
  const out = join(folder, 'awkward.json');
  expect(await runScript('export', ['--source', awkward, '--single-file', out])).toMatchObject({
    exitCode: 0,
  });
  expect(await runScript('verify', [out])).toMatchObject({ exitCode: 0 });
});

it('only some tables go into a single file as into a folder', async () => {
  const out = join(folder, 'users.json');
  const args = ['--source', source, '--tables', 'users', '--single-file', out];
  expect(await runScript('export', args)).toMatchObject({ exitCode: 0 });
  const { manifest } = JSON.parse(readFileSync(out, 'utf8')) as { manifest: { tables: unknown[] } };
  expect(manifest.tables).toHaveLength(1);
});

it('exit code 2, on one line, says what is missing', async () => {
  const { exitCode, stderr, stdout } = await runScript('export', ['--from', file]);
  expect([exitCode, stdout]).toEqual([2, '']);
  expect(stderr).toBe(
    'export: --from needs the place to write to: --single-file FILE or --out DIR\n',
  );
});

describe('exit code 11, and what is there stays as it is:', () => {
  it('something is at the path already', async () => {
    const taken = join(folder, 'taken');
    mkdirSync(taken);
    writeFileSync(join(taken, 'file'), 'mine');
    for (const args of [
      ['--source', source, '--single-file', join(taken, 'file')],
      ['--from', file, '--out', taken],
    ]) {
      const { exitCode, stderr } = await runScript('export', args);
      expect(exitCode).toBe(11);
      expect(stderr).toContain('there is something at that path already');
    }
    expect(readdirSync(taken)).toEqual(['file']);
    expect(readFileSync(join(taken, 'file'), 'utf8')).toBe('mine');
  });

  it('--from names no artifact', async () => {
    const out = join(folder, 'from-nothing');
    for (const from of [source, folder]) {
      const { exitCode, stderr } = await runScript('export', ['--from', from, '--out', out]);
      expect(exitCode).toBe(11);
      expect(stderr).toContain('this is not an artifact');
    }
    expect(existsSync(out)).toBe(false);
  });
});
