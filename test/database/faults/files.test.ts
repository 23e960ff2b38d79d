import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { convertArtifact } from '../../../scripts/lib/commands/convert.ts';
import { quietContext } from '../../support/artifact.ts';
import { createTestDatabase } from '../../support/database.ts';
import { exportArtifact, verifyInProcess } from '../../support/in-process.ts';
import { runScript, type ScriptName } from '../../support/run-script.ts';
import { createSource } from '../../support/source-file.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();
const temporary = join(folder, 'temporary');
const source = join(folder, 'large.db');
const artifact = join(folder, 'large');
const singleFile = join(folder, 'large.json');
const MAX_FILE_BYTES = 2 * 1024 * 1024;
let out: string;

beforeAll(async () => {
  mkdirSync(temporary);
  createSource(
    source,
    `CREATE TABLE first (id INTEGER PRIMARY KEY); CREATE TABLE large (id INTEGER PRIMARY KEY, text TEXT);
     WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500)
       INSERT INTO large SELECT i, hex(randomblob(2000)) FROM n;`,
  );
  await exportArtifact(source, artifact);
  await convertArtifact(artifact, { kind: 'single-file', path: singleFile }, quietContext);
});

beforeEach(() => {
  out = join(folder, 'out');
  mkdirSync(out);
});

afterEach(() => rmSync(out, { recursive: true, force: true }));

interface Case {
  readonly script: ScriptName;
  readonly args: () => readonly string[];
  readonly exitCode: number;
  readonly code: string;
}

const cases: readonly (readonly [name: string, expected: Case])[] = [
  [
    'an export',
    {
      script: 'export',
      args: () => ['--source', source, '--out', join(out, 'new')],
      exitCode: 11,
      code: 'artifact-unwritable',
    },
  ],
  [
    'an export that compresses',
    {
      script: 'export',
      args: () => ['--source', source, '--out', join(out, 'new'), '--compress', 'gzip'],
      exitCode: 11,
      code: 'artifact-unwritable',
    },
  ],
  [
    'an export as a single file',
    {
      script: 'export',
      args: () => ['--source', source, '--single-file', join(out, 'new.json')],
      exitCode: 11,
      code: 'artifact-unwritable',
    },
  ],
  [
    'a copy as a folder',
    {
      script: 'export',
      args: () => ['--from', artifact, '--out', join(out, 'new')],
      exitCode: 11,
      code: 'artifact-unwritable',
    },
  ],
  [
    'a copy as a single file',
    {
      script: 'export',
      args: () => ['--from', artifact, '--single-file', join(out, 'new.json')],
      exitCode: 11,
      code: 'artifact-unwritable',
    },
  ],
  [
    'a restore',
    {
      script: 'import',
      args: () => [artifact, '--target', `sqlite:${join(out, 'new.db')}`],
      exitCode: 12,
      code: 'target-disk-error',
    },
  ],
  [
    'verifying a single file',
    { script: 'verify', args: () => [singleFile], exitCode: 11, code: 'temporary-space' },
  ],
];

// A limit of the process on the size of files: writing fails in the middle, as on a full disk.
describe('when the system refuses to write more of a file,', () => {
  it.each(cases)(
    '%s says so, leaves nothing, and succeeds when there is room',
    async (_, { script, args, exitCode, code }) => {
      const env = { SQLITE_TMPDIR: temporary };
      const refused = await runScript(script, [...args(), '--json'], {
        env,
        maxFileBytes: MAX_FILE_BYTES,
      });
      expect(refused.stderr).toContain('next: ');
      expect(refused.json()).toMatchObject({ exitCode, error: { code } });
      expect(refused.exitCode).toBe(exitCode);
      expect(readdirSync(out)).toEqual([]);
      expect(readdirSync(temporary)).toEqual([]);

      expect(await runScript(script, args(), { env })).toMatchObject({ exitCode: 0 });
      expect(readdirSync(temporary)).toEqual([]);
    },
  );
});

const exporting = (...more: readonly string[]): readonly string[] => [
  '--source',
  source,
  '--out',
  join(out, 'new'),
  ...more,
];

describe('when what a script says cannot be written,', () => {
  it('because its reader has gone, the work is done all the same', async () => {
    expect(await runScript('export', exporting('--json'), { isUnread: true })).toMatchObject({
      exitCode: 0,
    });
    expect(await verifyInProcess(join(out, 'new'))).toEqual({ findings: [] });
  });

  // Linux has a device that is always full.
  it('because the disk of the report is full, the work is done, and the loss of the report is said', async () => {
    const { exitCode, stderr } = await runScript('export', exporting('--json'), {
      stdoutFile: '/dev/full',
    });
    expect(stderr).toContain('artifact id ');
    expect(stderr).toContain('the report cannot be written: ENOSPC');
    expect(exitCode).toBe(2);
    expect(await verifyInProcess(join(out, 'new'))).toEqual({ findings: [] });
  });

  it('because --out of analyze leads nowhere, the report is shown all the same', async () => {
    const file = join(out, 'nowhere', 'report.json');
    const { exitCode, stderr, json } = await runScript('analyze', [
      '--source',
      source,
      '--out',
      file,
      '--json',
    ]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('2 tables, 1,500 rows, analyzed');
    expect(json()).toMatchObject({
      totalRows: 1500,
      exitCode: 2,
      error: { code: 'report-unwritable', where: { file } },
    });
  });
});

it('an import whose terminal goes away loads every table', async () => {
  const database = await createTestDatabase();
  await database.query(
    'CREATE TABLE first (id integer PRIMARY KEY); CREATE TABLE large (id integer PRIMARY KEY, text text)',
  );
  const args = [artifact, '--target', database.url, '--skip-migration-check'];
  expect(await runScript('import', args, { isUnread: true })).toMatchObject({ exitCode: 0 });
  expect(await database.query('SELECT count(*)::integer AS rows FROM large')).toEqual([
    { rows: 1500 },
  ]);
});
