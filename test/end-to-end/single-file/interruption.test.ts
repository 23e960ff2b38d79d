import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { exportArtifact, verifyInProcess } from '../../support/in-process.ts';
import { runScript, startScript, type RunningScript } from '../../support/run-script.ts';
import { toSingleFile } from '../../support/single-file.ts';
import { createSource } from '../../support/source-file.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();
const source = join(folder, 'wide.db');
const file = join(folder, 'wide.json');
const POLL = { interval: 2, timeout: 60_000 };

beforeAll(async () => {
  // The generated column makes the artifact long without making the source large.
  createSource(
    source,
    `CREATE TABLE t (id INTEGER PRIMARY KEY, wide TEXT AS (printf('%.*c', 4000, 'x')));
     WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
       INSERT INTO t (id) SELECT i FROM n;`,
  );
  await toSingleFile(await exportArtifact(source, join(folder, 'wide')), file);
});

/** A new folder for temporary files. */
function temporary(name: string): string {
  const path = join(folder, name);
  mkdirSync(path);
  return path;
}

const sizeOf = (path: string): number => (existsSync(path) ? statSync(path).size : 0);

/** Starts verify and resolves when a part of the file has been unpacked. */
async function startVerify(place: string): Promise<RunningScript> {
  const running = startScript('verify', [file], { env: { SQLITE_TMPDIR: place } });
  const isUnpacking = (): boolean =>
    readdirSync(place).some((name) => sizeOf(join(place, name, 'data/001-t.ndjson')) > 0);
  await expect.poll(isUnpacking, POLL).toBe(true);
  return running;
}

/** What lies beside a single file under any name that holds its own. */
function leftOf(out: string): string[] {
  return readdirSync(folder).filter((name) => name.includes(`${out}.json`));
}

/** Starts an export and resolves when the single file has begun to be written. */
async function startExport(out: string): Promise<RunningScript> {
  const path = join(folder, `${out}.json`);
  const running = startScript('export', ['--source', source, '--single-file', path]);
  const isWriting = (): boolean =>
    leftOf(out).some((name) => sizeOf(join(folder, name, `${out}.json`)) > 0);
  await expect.poll(isWriting, POLL).toBe(true);
  return running;
}

describe('reading a single file that ends before its time', () => {
  it('by Ctrl-C ends with 130 and leaves no temporary folder', async () => {
    const place = temporary('interrupted');
    const running = await startVerify(place);
    running.kill('SIGINT');
    const { exitCode, stderr } = await running.finished;
    expect(exitCode).toBe(130);
    expect(stderr).toContain('nothing was checked to its end');
    expect(readdirSync(place)).toEqual([]);
  });

  it('by SIGKILL leaves one whose name says what it is, for this user alone', async () => {
    const place = temporary('killed');
    const running = await startVerify(place);
    running.kill('SIGKILL');
    expect(await running.finished).toMatchObject({ signal: 'SIGKILL' });
    const left = readdirSync(place);
    expect(left).toEqual([expect.stringMatching(/^sqlite-migration-unpacked-/)]);
    expect(statSync(join(place, left[0] ?? '')).mode & 0o777).toBe(0o700);
  });
});

it.each(['sound', 'damaged'])(
  'a %s file is read and no temporary folder is left',
  async (state) => {
    const place = temporary(`place-${state}`);
    const env = { SQLITE_TMPDIR: place };
    const given = state === 'sound' ? file : join(folder, 'wide.db');
    const { exitCode } = await runScript('verify', [given], { env });
    expect([exitCode, readdirSync(place)]).toEqual([state === 'sound' ? 0 : 11, []]);
  },
);

it('a place for temporary files that is not there is named with what to do', async () => {
  const env = { SQLITE_TMPDIR: join(folder, 'no-such-folder') };
  const { exitCode, stderr } = await runScript('verify', [file], { env });
  expect(exitCode).toBe(11);
  expect(stderr).toMatch(/temporary folder .* cannot be written/);
  expect(stderr).toContain('SQLITE_TMPDIR');
});

describe('writing a single file that ends before its time', () => {
  it('by Ctrl-C ends with 130 and leaves nothing', async () => {
    const running = await startExport('stopped');
    running.kill('SIGINT');
    const { exitCode, stderr } = await running.finished;
    expect(exitCode).toBe(130);
    expect(stderr).toContain('no artifact was written');
    expect(leftOf('stopped')).toEqual([]);
  });

  it('by SIGKILL leaves nothing under its name, and a new export succeeds', async () => {
    const running = await startExport('killed-export');
    running.kill('SIGKILL');
    expect(await running.finished).toMatchObject({ signal: 'SIGKILL' });
    expect(leftOf('killed-export')).toEqual([
      expect.stringMatching(/^\.killed-export\.json\.partial-/),
    ]);
    const path = join(folder, 'killed-export.json');
    const again = await runScript('export', ['--source', source, '--single-file', path]);
    expect(again.exitCode).toBe(0);
    expect(await verifyInProcess(path)).toEqual({ findings: [] });
  });
});
