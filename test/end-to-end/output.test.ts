import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { analyzeReportSchema } from '../../scripts/lib/model/reports/analyze.ts';
import { exportReportSchema } from '../../scripts/lib/model/reports/export.ts';
import { importReportSchema } from '../../scripts/lib/model/reports/import.ts';
import { verifyReportSchema } from '../../scripts/lib/model/reports/verify.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { exportArtifact } from '../support/in-process.ts';
import { runScript, type ScriptName } from '../support/run-script.ts';
import { createSource } from '../support/source-file.ts';
import { temporaryFolder } from '../support/temp.ts';

const folder = temporaryFolder();
const source = join(folder, 'source.db');
const artifact = join(folder, 'artifact');
const analysis = join(folder, 'analysis.json');
let database: TestDatabase;

beforeAll(async () => {
  createSource(
    source,
    `CREATE TABLE parent (id INTEGER PRIMARY KEY); CREATE TABLE child (id INTEGER PRIMARY KEY, up INTEGER REFERENCES parent);
     CREATE TABLE no_key (data TEXT);
     INSERT INTO parent VALUES (1); INSERT INTO child VALUES (1, 1); INSERT INTO no_key VALUES ('{}');`,
  );
  await exportArtifact(source, artifact);
  database = await createTestDatabase();
  await database.query(
    `CREATE TABLE parent (id integer PRIMARY KEY); CREATE TABLE child (id integer PRIMARY KEY, up integer);
     CREATE TABLE no_key (data jsonb);`,
  );
});

/** The four scripts, each with arguments that let it succeed. */
const SUCCEEDING: readonly (readonly [ScriptName, () => readonly string[]])[] = [
  ['analyze', () => ['--source', source, '--out', analysis]],
  ['export', () => ['--source', source, '--out', join(folder, `${Math.random()}`)]],
  ['verify', () => [artifact]],
  ['import', () => [artifact, '--target', database.url, '--skip-migration-check', '--dry-run']],
];

describe.each(SUCCEEDING)('%s', (name, args) => {
  it('prints nothing at all with --quiet when nothing is wrong', async () => {
    expect(await runScript(name, [...args(), '--quiet'])).toMatchObject({
      exitCode: 0,
      stdout: '',
      stderr: '',
    });
  });

  it('speaks to people on stderr only, without a colour where there is no terminal', async () => {
    const { exitCode, stdout, stderr } = await runScript(name, args(), {
      env: { FORCE_COLOR: '1' },
    });
    // All three, so that a failure shows what was said.
    expect({ exitCode, stdout, stderr }).toMatchObject({ exitCode: 0, stdout: '' });
    expect(stderr).not.toBe('');
    expect(stderr).not.toContain('\u001b');
    expect(stderr).toContain('3 rows');
  });
});

it('--help names every flag, an example and the exit codes', async () => {
  const { exitCode, stdout, stderr } = await runScript('import', ['--help']);
  expect([exitCode, stderr]).toEqual([0, '']);
  const texts = [
    '--target',
    '--dry-run',
    '--json',
    'Examples:',
    'scripts/import.ts',
    'Exit codes:',
    '130',
  ];
  for (const text of texts) expect(stdout).toContain(text);
});

describe('a report', () => {
  it('is the one JSON document on stdout with --json, and the same in the file of --out', async () => {
    const file = join(folder, 'written.json');
    const args = ['--source', source, '--samples', '1', '--out', file, '--json', '--quiet'];
    const { exitCode, stdout, stderr, json } = await runScript('analyze', args);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(readFileSync(file, 'utf8')).toBe(stdout);
    const report = analyzeReportSchema.strict().parse(json());
    expect(report.tables.find(({ name: table }) => table === 'no_key')?.samples).toEqual([
      '{"data":"{}"}',
    ]);
    expect(report.findings.map(({ code }) => code)).toContain('no-primary-key');
  });

  it('says with exit code 3 what stands in the way, in JSON and to people, quiet or not', async () => {
    const broken = createSource(
      join(folder, 'broken.db'),
      `CREATE TABLE parent (id INTEGER PRIMARY KEY); CREATE TABLE child (id INTEGER PRIMARY KEY, up INTEGER REFERENCES parent);
       CREATE TABLE no_key (data TEXT); INSERT INTO child VALUES (5, 9);`,
    );
    const brokenArtifact = await exportArtifact(broken, join(folder, 'broken'));
    const target = ['--target', database.url, '--skip-migration-check'];
    const [analyzed, verified, imported] = await Promise.all([
      runScript('analyze', ['--source', broken, '--json', '--quiet']),
      runScript('verify', [brokenArtifact, '--json', '--quiet']),
      runScript('import', [brokenArtifact, ...target, '--json', '--quiet']),
    ]);
    const reports = [
      analyzeReportSchema.strict().parse(analyzed.json()),
      verifyReportSchema.strict().parse(verified.json()),
      importReportSchema.strict().parse(imported.json()),
    ];
    for (const report of reports) {
      expect(report.exitCode).toBe(3);
      expect(report.findings[0]).toMatchObject({ severity: 'blocking', code: 'orphan', total: 1 });
    }
    for (const { exitCode, stderr } of [analyzed, verified, imported]) {
      expect(exitCode).toBe(3);
      expect(stderr).toContain('blocking orphan');
      expect(stderr).toContain('id=5');
      expect(stderr).not.toContain('warning');
    }
  });

  it('of an export describes the artifact that is there', async () => {
    const out = join(folder, 'described');
    const { exitCode, json } = await runScript('export', [
      '--source',
      source,
      '--out',
      out,
      '--json',
    ]);
    const report = exportReportSchema.strict().parse(json());
    expect([exitCode, report.artifact.path, report.totalRows]).toEqual([0, out, 3]);
    for (const { file } of report.tables) expect(existsSync(join(out, file))).toBe(true);
  });
});
