import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import { keepReport } from '../../scripts/lib/artifact/kept-reports.ts';
import { errorReportSchema } from '../../scripts/lib/model/reports/parts.ts';
import { verifySummaryReportSchema } from '../../scripts/lib/model/reports/verify.ts';
import type { TestDatabase } from '../support/database.ts';
import { createTestDatabase } from '../support/database.ts';
import { exportArtifact, verifyInProcess } from '../support/in-process.ts';
import { createOwner, type TestRole } from '../support/role.ts';
import {
  runScript,
  startScript,
  type ScriptName,
  type ScriptResult,
} from '../support/run-script.ts';
import { toFolder, toSingleFile } from '../support/single-file.ts';
import { createSource } from '../support/source-file.ts';
import { sha256Of } from '../support/tampering.ts';
import { temporaryFolder } from '../support/temp.ts';

const folder = temporaryFolder();
const source = join(folder, 'source.db');
let plain: string;
let database: TestDatabase;
let owner: TestRole;
let copies = 0;

beforeAll(async () => {
  createSource(
    source,
    `CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT);
     INSERT INTO users VALUES (1, 'a'), (2, 'b'), (3, 'c');`,
  );
  plain = await exportArtifact(source, join(folder, 'plain'));
  database = await createTestDatabase();
  await database.query('CREATE TABLE users (id integer PRIMARY KEY, name text)');
  owner = await createOwner(database);
  await database.query(`ALTER TABLE users OWNER TO "${owner.name}"`);
});

/** A copy of the artifact that no script has worked on. */
function newArtifact(): string {
  copies += 1;
  const copy = join(folder, `copy-${copies}`);
  cpSync(plain, copy, { recursive: true });
  return copy;
}

/** Stages of the reports that are kept, by name: those of one second are in no other order. */
function stagesOf(artifact: string, place = join(artifact, 'reports')): string[] {
  return readdirSync(place)
    .map((name) => /^\d{8}T\d{6}Z-(.*)\.json$/.exec(name)?.[1] ?? name)
    .toSorted();
}

function keptIn(place: string): { name: string; text: string }[] {
  return readdirSync(place).map((name) => ({
    name,
    text: readFileSync(join(place, name), 'utf8'),
  }));
}

const target = (): string[] => ['--target', owner.url, '--skip-migration-check'];

describe('every script keeps its report with the artifact:', () => {
  it('verify, import to try and in earnest, restore, each under its own stage', async () => {
    const artifact = newArtifact();
    const id = sha256Of(join(artifact, 'manifest.json'));
    const restored = join(folder, 'restored.db');
    const runs: readonly (readonly [ScriptName, readonly string[]])[] = [
      ['verify', []],
      ['import', [...target(), '--dry-run']],
      ['import', target()],
      ['import', ['--target', `sqlite:${restored}`]],
    ];
    for (const [script, args] of runs) {
      expect((await runScript(script, [artifact, ...args])).exitCode).toBe(0);
    }
    expect(stagesOf(artifact)).toEqual(['import', 'import-dry-run', 'restore', 'verify']);
    expect(sha256Of(join(artifact, 'manifest.json'))).toBe(id);
    expect(await verifyInProcess(artifact)).toEqual({ findings: [] });
    for (const { text } of keptIn(join(artifact, 'reports'))) {
      expect(text).not.toContain(owner.password);
      expect(JSON.parse(text)).toMatchObject({ artifact: { id }, exitCode: 0 });
    }
  });

  it('of a single file beside it, and none goes from a folder into it', async () => {
    const artifact = newArtifact();
    await keepReport(artifact, 'verify', { startedAt: new Date().toISOString() });
    const file = join(folder, 'single.json');
    await runScript('export', ['--from', artifact, '--single-file', file]);
    await runScript('verify', [file]);
    expect(stagesOf(file, `${file}.reports`)).toEqual(['export-from', 'verify']);
    const again = await toFolder(artifact, join(folder, 'again'));
    expect(existsSync(join(again, 'reports'))).toBe(false);
  });

  it('with findings, and when it could not do its work, without the password', async () => {
    const artifact = newArtifact();
    writeFileSync(join(artifact, 'extra.txt'), '');
    const damaged = await runScript('verify', [artifact]);
    const wrong = new URL(owner.url);
    wrong.password = `${owner.password}-wrong`;
    const refused = await runScript('import', [artifact, '--target', wrong.href, '--json']);
    expect([damaged.exitCode, refused.exitCode]).toEqual([3, 12]);
    expect(stagesOf(artifact)).toEqual(['import', 'verify']);
    expect(errorReportSchema.strict().parse(refused.json()).artifact?.path).toBe(artifact);
    const texts = keptIn(join(artifact, 'reports'))
      .map(({ text }) => text)
      .join('');
    expect(texts).toContain('file-extra');
    expect(texts).toContain('target-refused');
    expect(texts).not.toContain(owner.password);
  });

  it('after Ctrl-C too', async () => {
    const artifact = newArtifact();
    const other = await createTestDatabase();
    await other.query('CREATE TABLE users (id integer PRIMARY KEY, name text)');
    const lock = new pg.Client({ connectionString: other.url });
    await lock.connect();
    await lock.query('BEGIN; LOCK TABLE users');
    const running = startScript('import', [
      artifact,
      '--target',
      other.url,
      '--skip-migration-check',
      '--json',
    ]);
    const waiting = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    await expect
      .poll(async () => other.query(waiting), { interval: 10, timeout: 60_000 })
      .toHaveLength(1);
    running.kill('SIGINT');
    const { exitCode, stdout } = await running.finished;
    await lock.end();
    expect([exitCode, stagesOf(artifact)]).toEqual([130, ['import']]);
    expect(keptIn(join(artifact, 'reports'))[0]?.text).toBe(stdout);
  });
});

describe('where a report cannot be kept', () => {
  it('that is said on stderr, and nothing else is different', async () => {
    const file = await toSingleFile(plain, join(folder, 'in-place.json'));
    writeFileSync(`${file}.reports`, 'mine');
    const loud = await runScript('verify', [file, '--json']);
    const quiet = await runScript('verify', [file, '--quiet']);
    expect([loud.exitCode, quiet.exitCode, quiet.stderr]).toEqual([0, 0, '']);
    expect(loud.json()).toMatchObject({ exitCode: 0 });
    expect(loud.stderr).toContain('the report is not kept with the artifact: ');
    expect(loud.stderr).toContain('is sound');
    expect(readFileSync(`${file}.reports`, 'utf8')).toBe('mine');
  });

  it('there is none: in a folder that is no artifact', async () => {
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    expect((await runScript('verify', [empty])).exitCode).toBe(11);
    expect(existsSync(join(empty, 'reports'))).toBe(false);
  });
});

describe('verify --summary', () => {
  it('tells the story from the export on, with the rates, and keeps no report of itself', async () => {
    const out = join(folder, 'story');
    const exported = await runScript('export', ['--source', source, '--out', out, '--json']);
    expect(keptIn(join(out, 'reports'))[0]?.text).toBe(exported.stdout);
    await database.query("TRUNCATE users; INSERT INTO users VALUES (99, 'in the way')");
    await runScript('import', [out, ...target(), '--dry-run']);
    await database.query('TRUNCATE users');
    await runScript('import', [out, ...target()]);
    const told = await runScript('verify', [out, '--summary']);
    const json = await runScript('verify', [out, '--summary', '--json', '--quiet']);
    const report = verifySummaryReportSchema.strict().parse(json.json());
    expect(report.events.map(({ stage, exitCode }) => [stage, exitCode])).toEqual([
      ['export', 0],
      ['import-dry-run', 3],
      ['import', 0],
    ]);
    expect(report.estimate.stages.map(({ stage }) => stage)).toEqual(['export', 'import']);
    expect(report.estimate.missing).toEqual(['verify', 'verify-target']);
    expect(lineWith(told, ' import ')).toMatch(/loaded +3 rows .*@.*\/.*\?schema=public, run /);
    expect(lineWith(told, 'import-dry-run')).toContain('FINDINGS: target-not-empty 1 (exit 3)');
    expect(lineWith(told, 'together')).toMatch(/\d (?:m?s)$/);
    expect(told.stderr).toMatch(/nothing was verified now: .*\n$/);
    expect(told.stderr + json.stdout).not.toContain(owner.password);
    expect(stagesOf(out).toSorted()).toEqual(['export', 'import', 'import-dry-run']);
  });

  it('verifies nothing, so that no other flag goes with it', async () => {
    const args = [newArtifact(), '--summary', '--target', owner.url, '--show-values'];
    const { exitCode, stderr } = await runScript('verify', args);
    expect(exitCode).toBe(2);
    expect(stderr).toBe(
      'verify: --summary verifies nothing: without --target, --show-values; see verify --help\n',
    );
  });
});

function lineWith({ stderr }: ScriptResult, text: string): string {
  return stderr.split('\n').find((line) => line.includes(text)) ?? '';
}
