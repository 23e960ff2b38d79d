import { cpSync, readFileSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { keepReport } from '../../../scripts/lib/artifact/kept-reports.ts';
import { openArtifact } from '../../../scripts/lib/artifact/reader.ts';
import {
  readVerifiedRecord,
  type VerifiedRecord,
} from '../../../scripts/lib/artifact/verified-record.ts';
import { exportedArtifact } from '../../support/artifact.ts';
import { runScript } from '../../support/run-script.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();
let artifacts = 0;
let artifact: string;
/** What verify kept of the artifact. */
let report: Record<string, unknown> & { startedAt: string };

const recordOf = async (path: string): Promise<VerifiedRecord | null> =>
  readVerifiedRecord(await openArtifact(path));

let template: string;

// What the script keeps, as it keeps it.
beforeAll(async () => {
  template = await exportedArtifact(
    folder,
    'template',
    `CREATE TABLE a (id INTEGER PRIMARY KEY); CREATE TABLE b (id INTEGER PRIMARY KEY);
     INSERT INTO a VALUES (1), (2)`,
  );
  await runScript('verify', [template]);
  const [name = ''] = readdirSync(join(template, 'reports'));
  report = JSON.parse(readFileSync(join(template, 'reports', name), 'utf8'));
}, 60_000);

beforeEach(() => {
  artifacts += 1;
  artifact = join(folder, `a${artifacts}`);
  cpSync(template, artifact, { recursive: true, preserveTimestamps: true });
});

/** The tables of which it knows what their columns hold. */
async function knownTables(): Promise<string[]> {
  return [...((await recordOf(artifact))?.factsOf.keys() ?? [])];
}

/** The tables of the report, each with other facts. */
function withColumns(change: (columns: object[]) => object[] | undefined): object {
  const tables = report['tables'] as { columns: object[] }[];
  return { tables: tables.map((table) => ({ ...table, columns: change(table.columns) })) };
}

/** Keeps the report again as that of a later verification, changed. */
async function keepLater(changes: object, stage: 'verify' | 'verify-target' = 'verify') {
  const later = { ...report, startedAt: '2999-01-31T23:59:59.000Z', ...changes };
  await keepReport(artifact, stage, later);
}

describe('the record of a verification', () => {
  it('is there when verify found nothing, with its time and version', async () => {
    expect(await recordOf(artifact)).toMatchObject({
      startedAt: report.startedAt,
      toolVersion: report['toolVersion'],
    });
  });

  it('is the newest one’s', async () => {
    await keepLater({});
    await keepLater({ startedAt: '2999-01-31T23:59:59.500Z' });
    expect(await recordOf(artifact)).toMatchObject({ startedAt: '2999-01-31T23:59:59.500Z' });
  });

  it('is not there before any', async () => {
    const path = await exportedArtifact(folder, `n${artifacts}`, 'CREATE TABLE t (id);');
    expect(await recordOf(path)).toBeNull();
  });

  it.each([
    ['had findings', { findings: [{ code: 'orphan', severity: 'warning', total: 1 }] }],
    ['ended with another exit code', { exitCode: 3 }],
    ['was interrupted', { exitCode: 130, error: { code: 'interrupted' } }],
    ['was interrupted, whatever its exit code says', { error: { code: 'interrupted' } }],
    ['failed later', { failure: { code: 'target-lost' } }],
    ['was of another artifact', { artifact: { path: 'x', id: '0'.repeat(64) } }],
    ['checked less than this version', { checks: 0 }],
    ['does not say what it checked', { checks: undefined }],
    ['checked more than this version', { checks: 1000 }],
    ['applied a mapping', { mapping: { file: 'm.json', sha256: '0'.repeat(64) } }],
    ['was of a target', { comparison: { target: 'db' } }],
    ['was another script', { command: 'import' }],
    ['has no tables', { tables: [] }],
    ['has no list of tables', { tables: undefined }],
  ])('is not there when the newest verification %s', async (_, changes) => {
    await keepLater(changes);
    expect(await recordOf(artifact)).toBeNull();
  });

  it.each([
    ['a table is missing', (tables: object[]) => tables.slice(1)],
    ['a table stands twice', (tables: object[]) => [...tables, ...tables]],
    ['another table', (tables: object[]) => tables.map((table) => ({ ...table, name: 'b' }))],
    ['another checksum', (tables: object[]) => tables.map((table) => ({ ...table, sha256: null }))],
    ['other rows', (tables: object[]) => tables.map((table) => ({ ...table, rowCount: 7 }))],
    ['another size', (tables: object[]) => tables.map((table) => ({ ...table, sizeBytes: 7 }))],
  ])('is not there when its tables are not the manifest’s: %s', async (_, change) => {
    await keepLater({ tables: change(report['tables'] as object[]) });
    expect(await recordOf(artifact)).toBeNull();
  });

  it('is not there when one of two verifications of the same second failed', async () => {
    await keepLater({ exitCode: 3 });
    await keepLater({});
    expect(await recordOf(artifact)).toBeNull();
  });

  it('is not there when the newest file is no report', async () => {
    writeFileSync(join(artifact, 'reports', '29990131T235959Z-verify.json'), '{"command":"ver');
    expect(await recordOf(artifact)).toBeNull();
  });

  it('does not mind what was compared with a target later', async () => {
    await keepLater({ exitCode: 3, findings: [{}] }, 'verify-target');
    expect(await recordOf(artifact)).not.toBeNull();
  });

  it('says what the columns hold', async () => {
    const record = await recordOf(artifact);
    expect(record?.factsOf.get('a')).toMatchObject([
      { name: 'id', nulls: 0, integers: { count: 2, range: { min: '1', max: '2' } } },
    ]);
    expect(await knownTables()).toEqual(['a', 'b']);
  });

  it.each([
    ['there are none', () => undefined],
    ['one is missing', (columns: object[]) => columns.slice(1)],
    [
      'one is of another column',
      (columns: object[]) => columns.map((one) => ({ ...one, name: 'x' })),
    ],
  ])('says nothing of the columns where %s', async (_, change) => {
    await keepLater(withColumns(change));
    expect(await recordOf(artifact)).not.toBeNull();
    expect(await knownTables()).toEqual([]);
  });

  it('is not there when facts are in another form', async () => {
    await keepLater(withColumns((columns) => columns.map((one) => ({ ...one, integers: 'many' }))));
    expect(await recordOf(artifact)).toBeNull();
  });

  it('says nothing of the columns of a table whose file was written later', async () => {
    const later = new Date(Date.parse(report.startedAt) + 1000);
    const { manifest } = await openArtifact(artifact);
    const file = manifest.tables.find(({ name }) => name === 'a')?.file ?? '';
    utimesSync(join(artifact, file), later, later);
    expect(await knownTables()).toEqual(['b']);
  });
});
