import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  keepReport,
  listReports,
  readReport,
  type ReportFile,
} from '../../../scripts/lib/artifact/kept-reports.ts';
import { STAGES, scriptOfStage } from '../../../scripts/lib/model/stage.ts';
import { exportedArtifact } from '../../support/artifact.ts';
import { verifyInProcess } from '../../support/in-process.ts';
import { toSingleFile } from '../../support/single-file.ts';
import { sha256Of } from '../../support/tampering.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();
const REPORT = { startedAt: '2026-01-31T23:59:59.123Z', command: 'verify' };
let artifacts = 0;

async function newArtifact(): Promise<string> {
  artifacts += 1;
  return exportedArtifact(folder, `a${artifacts}`, 'CREATE TABLE t (id INTEGER PRIMARY KEY);');
}

const fileAt = (path: string): ReportFile => ({ name: 'x', named: null, path });
const namesIn = (place: string): string[] => readdirSync(place).toSorted();

describe('a report', () => {
  it('is kept in the folder reports under the time of its beginning and its stage', async () => {
    const artifact = await newArtifact();
    const path = await keepReport(artifact, 'import-dry-run', REPORT);
    expect(path).toBe(join(artifact, 'reports', '20260131T235959Z-import-dry-run.json'));
    expect(readFileSync(path, 'utf8')).toBe(`${JSON.stringify(REPORT, null, 2)}\n`);
  });

  it('of a single file is kept beside it', async () => {
    const file = await toSingleFile(await newArtifact(), join(folder, 'one.json'));
    const path = await keepReport(file, 'verify', REPORT);
    expect(path).toBe(join(folder, 'one.json.reports', '20260131T235959Z-verify.json'));
  });

  it('leaves the artifact sound and its id as it was', async () => {
    const artifact = await newArtifact();
    const id = sha256Of(join(artifact, 'manifest.json'));
    await keepReport(artifact, 'verify', REPORT);
    expect(await verifyInProcess(artifact)).toEqual({ findings: [] });
    expect(sha256Of(join(artifact, 'manifest.json'))).toBe(id);
  });

  it('never takes the place of another of the same second, however many come at once', async () => {
    const artifact = await newArtifact();
    const numbers = Array.from({ length: 20 }, (_, index) => index);
    const paths = await Promise.all(
      numbers.map(async (number) =>
        keepReport(artifact, 'verify', { ...REPORT, number } as object as typeof REPORT),
      ),
    );
    expect(new Set(paths).size).toBe(20);
    const kept = paths.map(
      (path) => (JSON.parse(readFileSync(path, 'utf8')) as { number: number }).number,
    );
    expect(kept).toEqual(numbers);
    expect(namesIn(join(artifact, 'reports')).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('takes another name where a killed script left its hidden file, and leaves that', async () => {
    const artifact = await newArtifact();
    const hidden = '.20260131T235959Z-verify.json.partial';
    mkdirSync(join(artifact, 'reports'));
    writeFileSync(join(artifact, 'reports', hidden), '{');
    await keepReport(artifact, 'verify', REPORT);
    expect(namesIn(join(artifact, 'reports'))).toEqual([hidden, '20260131T235959Z-verify-2.json']);
    const listed = await listReports(artifact);
    expect(listed.map(({ name }) => name)).toEqual(['20260131T235959Z-verify-2.json']);
  });

  it('is not written where a file stands in the place of the folder', async () => {
    const artifact = await newArtifact();
    writeFileSync(join(artifact, 'reports'), 'mine');
    await expect(keepReport(artifact, 'verify', REPORT)).rejects.toThrow('is not a folder');
    expect(readFileSync(join(artifact, 'reports'), 'utf8')).toBe('mine');
  });

  it('is not written through a link to another place', async () => {
    const artifact = await newArtifact();
    const other = join(folder, 'other');
    mkdirSync(other);
    symlinkSync(other, join(artifact, 'reports'));
    await expect(keepReport(artifact, 'verify', REPORT)).rejects.toThrow('is not a folder');
    expect(namesIn(other)).toEqual([]);
  });
});

describe('the list of reports', () => {
  it('is empty where none was kept, and makes nothing', async () => {
    const artifact = await newArtifact();
    expect(await listReports(artifact)).toEqual([]);
    expect(existsSync(join(artifact, 'reports'))).toBe(false);
  });

  it.each(STAGES)('knows the stage %s by the name, numbered or not', async (stage) => {
    const artifact = await newArtifact();
    await keepReport(artifact, stage, REPORT);
    await keepReport(artifact, stage, REPORT);
    const named = { time: '20260131T235959Z', stage };
    expect((await listReports(artifact)).map((file) => file.named)).toEqual([named, named]);
    expect(['export', 'verify', 'import']).toContain(scriptOfStage(stage));
  });

  it('has the files that no script names so, as such', async () => {
    const artifact = await newArtifact();
    mkdirSync(join(artifact, 'reports'));
    for (const name of ['notes.txt', '20260131T235959Z-analyze.json', 'x-verify.json']) {
      writeFileSync(join(artifact, 'reports', name), '{}');
    }
    const listed = await listReports(artifact);
    expect(listed.map(({ named }) => named)).toEqual([null, null, null]);
  });
});

describe('reading a report', () => {
  it('refuses text that is not JSON without quoting it', async () => {
    const path = join(folder, 'broken.json');
    writeFileSync(path, 'secret{');
    await expect(readReport(fileAt(path))).rejects.toThrow(/^it is not JSON$/);
  });

  it('refuses what is no regular file', async () => {
    const path = join(folder, 'link.json');
    symlinkSync('/etc/passwd', path);
    await expect(readReport(fileAt(path))).rejects.toThrow('it is not a regular file');
    await expect(readReport(fileAt(folder))).rejects.toThrow('it is not a regular file');
  });
});
