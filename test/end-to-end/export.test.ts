import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildSample } from '../../scripts/lib/sample/build.ts';
import { exportArtifact, verifyInProcess } from '../support/in-process.ts';
import { runScript, startScript } from '../support/run-script.ts';
import { createSource } from '../support/source-file.ts';
import { dataFileOf, listArtifact, readManifest, sha256Of } from '../support/tampering.ts';
import { temporaryFolder } from '../support/temp.ts';

const folder = temporaryFolder();
const sample = join(folder, 'sample.db');

beforeAll(async () => {
  await buildSample({ file: sample, rows: 500 });
});

/** What must not change when a database is read. */
function stateOf(file: string): object {
  const { mtimeMs, size, ino } = statSync(file);
  return { sha256: sha256Of(file), mtimeMs, size, ino };
}

/** A folder of its own with a database in it, and what lies in that folder. */
function inFolderOfItsOwn(name: string): { file: string; listing: () => string[] } {
  const own = join(folder, name);
  mkdirSync(own);
  return { file: join(own, 'source.db'), listing: () => readdirSync(own).toSorted() };
}

function linesOf(artifact: string, table: string): unknown[] {
  const text = readFileSync(join(artifact, dataFileOf(artifact, table)), 'utf8');
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as unknown);
}

function tablesIn(artifact: string): string[] {
  return readManifest(artifact)
    .tables.map(({ name }) => name)
    .toSorted();
}

describe('two exports of one database', () => {
  it('have the same data files, byte for byte', async () => {
    const [first, second] = [join(folder, 'first'), join(folder, 'second')];
    const runs = await Promise.all(
      [first, second].map(async (out) => runScript('export', ['--source', sample, '--out', out])),
    );
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    const data = listArtifact(first).filter(
      (file) => file.startsWith('data/') || file === 'schema.sql',
    );
    expect(data).toHaveLength(14);
    for (const file of data)
      expect([file, sha256Of(join(second, file))]).toEqual([file, sha256Of(join(first, file))]);
  });
});

describe('an export leaves the source as it was:', () => {
  const SQL = `CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT);
    INSERT INTO t VALUES (1, 'one'), (2, 'two');`;

  it('a database with a rollback journal', async () => {
    const { file, listing } = inFolderOfItsOwn('journal');
    createSource(file, SQL);
    const before = [stateOf(file), listing()];
    const out = await exportArtifact(file, join(folder, 'from-journal'));
    expect([stateOf(file), listing()]).toEqual(before);
    expect(linesOf(out, 't')).toHaveLength(2);
  });

  it('a database in WAL mode that nobody has open', async () => {
    const { file } = inFolderOfItsOwn('wal');
    createSource(file, `PRAGMA journal_mode = WAL; ${SQL}`);
    const before = stateOf(file);
    const { exitCode } = await runScript('export', [
      '--source',
      file,
      '--out',
      join(folder, 'from-wal'),
    ]);
    expect(exitCode).toBe(0);
    expect(stateOf(file)).toEqual(before);
    const reopened = new BetterSqlite3(file, { readonly: true });
    expect(reopened.pragma('journal_mode', { simple: true })).toBe('wal');
    reopened.close();
  });

  it('a database whose last rows are in its -wal; they are exported', async () => {
    const { file, listing } = inFolderOfItsOwn('unmerged');
    const application = new BetterSqlite3(file);
    application.pragma('journal_mode = WAL');
    application.pragma('wal_autocheckpoint = 0');
    application.exec(SQL);
    const before = [stateOf(file), stateOf(`${file}-wal`), listing()];
    const out = join(folder, 'from-unmerged');
    const { exitCode } = await runScript('export', ['--source', file, '--out', out]);
    expect(exitCode).toBe(0);
    expect([stateOf(file), stateOf(`${file}-wal`), listing()]).toEqual(before);
    expect(linesOf(out, 't')).toEqual([
      { id: 1, name: 'one' },
      { id: 2, name: 'two' },
    ]);
    expect(readManifest(out).source).toMatchObject({ journalMode: 'wal', hadWal: true });
    application.close();
  });
});

describe('an export is one moment of the database', () => {
  it('that a writer who commits meanwhile does not change', async () => {
    const file = join(folder, 'busy.db');
    // The generated column makes the export long without making the source large.
    createSource(
      file,
      `PRAGMA journal_mode = WAL;
       CREATE TABLE a_long (id INTEGER PRIMARY KEY, n INTEGER, wide TEXT AS (printf('%.*c', 4000, 'x')));
       CREATE TABLE b_later (id INTEGER PRIMARY KEY, n INTEGER);
       WITH RECURSIVE i (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < 12000)
         INSERT INTO a_long (id, n) SELECT n, 0 FROM i;
       INSERT INTO b_later VALUES (1, 0), (2, 0);`,
    );
    const out = join(folder, 'from-busy');
    const running = startScript('export', ['--source', file, '--out', out]);
    const partial = (): string =>
      join(folder, readdirSync(folder).find((name) => name.startsWith('.from-busy')) ?? 'not yet');
    const isUnderway = (): boolean => {
      const data = join(partial(), 'data/001-a_long.ndjson');
      return existsSync(data) && statSync(data).size > 0;
    };
    await expect.poll(isUnderway, { interval: 5, timeout: 60_000 }).toBe(true);
    const writer = new BetterSqlite3(file);
    writer.exec(
      `UPDATE a_long SET n = 1; DELETE FROM a_long WHERE id > 11000; INSERT INTO a_long (id, n) VALUES (99999, 1);
       UPDATE b_later SET n = 1; DELETE FROM b_later WHERE id = 1; INSERT INTO b_later VALUES (3, 1);`,
    );
    const hadReadTheSecond = existsSync(join(partial(), 'data/002-b_later.ndjson'));
    expect([hadReadTheSecond, existsSync(out)]).toEqual([false, false]);
    expect(await running.finished).toMatchObject({ exitCode: 0 });
    expect(writer.prepare('SELECT count(*) FROM a_long').pluck().get()).toBe(11_001);
    writer.close();
    const rows = linesOf(out, 'a_long') as { id: number; n: number }[];
    expect(rows).toHaveLength(12_000);
    expect(rows.every(({ id, n }, index) => id === index + 1 && n === 0)).toBe(true);
    expect(linesOf(out, 'b_later')).toEqual([
      { id: 1, n: 0 },
      { id: 2, n: 0 },
    ]);
  });
});

describe('what is exported', () => {
  it('may be some tables only; the others are listed as left out', async () => {
    const out = await exportArtifact(sample, join(folder, 'some'), {
      tables: ['USERS', 'sync_logs'],
    });
    expect(tablesIn(out)).toEqual(['sync_logs', 'users']);
    const left = readManifest(out).notCarried.filter(({ kind }) => kind === 'excluded');
    expect(left).toHaveLength(10);
    expect(await verifyInProcess(out)).toMatchObject({
      findings: [{ severity: 'warning', code: 'foreign-key-not-checked' }, { severity: 'warning' }],
    });
  });

  it('may leave tables out', async () => {
    const out = join(folder, 'without');
    const args = [
      '--source',
      sample,
      '--out',
      out,
      '--exclude',
      'pfa_records, sync_logs',
      '--json',
    ];
    expect(await runScript('export', args)).toMatchObject({ exitCode: 0 });
    expect(tablesIn(out)).toHaveLength(10);
    expect(tablesIn(out)).not.toContain('pfa_records');
  });

  it('never goes over something that is there', async () => {
    const out = join(folder, 'taken');
    mkdirSync(out);
    writeFileSync(join(out, 'mine.txt'), 'mine');
    const { exitCode, stderr } = await runScript('export', ['--source', sample, '--out', out]);
    expect(exitCode).toBe(11);
    expect(stderr).toContain('never written over');
    expect(readdirSync(out)).toEqual(['mine.txt']);
    expect(readdirSync(folder).filter((name) => name.includes('taken'))).toEqual(['taken']);
  });

  it('goes to exports/<source name>-<UTC time> unless told otherwise', async () => {
    const cwd = join(folder, 'project');
    mkdirSync(cwd);
    const { exitCode, stderr } = await runScript(
      'export',
      ['--source', sample, '--tables', 'users'],
      { cwd },
    );
    expect(exitCode).toBe(0);
    const made = readdirSync(join(cwd, 'exports'));
    expect(made).toEqual([expect.stringMatching(/^sample-\d{8}T\d{6}Z$/)]);
    expect(stderr).toContain(join('exports', made[0] ?? ''));
  });
});
