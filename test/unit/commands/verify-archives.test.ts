import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CommandContext } from '../../../scripts/lib/model/progress.ts';
import { figuresOf, changeFile, tableIn, verifyAgainst } from '../../support/archive-comparison.ts';
import { exportArtifact } from '../../support/in-process.ts';
import { toSingleFile } from '../../support/single-file.ts';
import { sqliteFile } from '../../support/sqlite.ts';
import { editLines, reseal } from '../../support/tampering.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();
const SQL = `CREATE TABLE t (id INTEGER PRIMARY KEY, v);
  WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
  INSERT INTO t SELECT i, printf('value %d', i) FROM n;`;

let count = 0;
let file: string;
let artifact: string;
beforeEach(async () => {
  const name = `case-${++count}`;
  file = sqliteFile(join(folder, `${name}.db`), SQL);
  artifact = await exportArtifact(file, join(folder, name));
});

/** A context that calls back whenever some rows of the comparison have been read. */
function whileComparing(callback: () => void, signal?: AbortSignal): CommandContext {
  return {
    signal: signal ?? new AbortController().signal,
    progress: {
      start: (label) => ({
        advance: () => label.endsWith(', compared') && callback(),
        done: () => undefined,
      }),
      note: () => undefined,
    },
  };
}

describe('a source', () => {
  it('that is being written to is compared as it was at one moment', async () => {
    const writer = new Database(file);
    writer.pragma('journal_mode = WAL');
    const insert = writer.prepare(`INSERT INTO t (v) VALUES ('later')`);
    let written = 0;
    const context = whileComparing(() => {
      insert.run();
      written += 1;
    });
    const { againstSource } = await verifyAgainst(artifact, { againstSource: file }, context);
    expect(written).toBeGreaterThan(2);
    expect(againstSource).toMatchObject({ isEqual: true, rowsEqual: 20_000 });
    const later = await verifyAgainst(artifact, { againstSource: file });
    expect(later.againstSource && figuresOf(later.againstSource, 't')).toEqual([
      20_000,
      written,
      0,
      0,
    ]);
    writer.close();
  });

  it('is not changed, and nothing is left beside it', async () => {
    const before = readFileSync(file);
    const beside = readdirSync(folder);
    await verifyAgainst(artifact, { againstSource: file });
    expect(readFileSync(file)).toEqual(before);
    expect(readdirSync(folder)).toEqual(beside);
  });

  it.each([
    ['is not there', () => join(folder, 'missing.db'), 'source-missing'],
    [
      'is no database',
      () => writeText('text.db', 'no database at all, but some text in a file'),
      'source-not-a-database',
    ],
    ['is a folder', () => folder, 'source-not-a-file'],
  ])('that %s is refused before anything is read', async (_, path, code) => {
    const started: string[] = [];
    const context = whileComparing(() => undefined);
    const watched = {
      ...context,
      progress: {
        ...context.progress,
        start: (label: string, rows: number | null) => {
          started.push(label);
          return context.progress.start(label, rows);
        },
      },
    };
    await expect(verifyAgainst(artifact, { againstSource: path() }, watched)).rejects.toMatchObject(
      {
        kind: 'source',
        code,
      },
    );
    expect(started).toEqual([]);
  });

  it('whose index is damaged is an error that says so', async () => {
    const start = `CREATE TABLE t (k TEXT PRIMARY KEY); INSERT INTO t VALUES ('a'), ('b'), ('c')`;
    const damaged = sqliteFile(join(folder, 'damaged.db'), start);
    const exported = await exportArtifact(damaged, join(folder, 'damaged'));
    changeFile(damaged, 'CREATE TABLE spare (x); CREATE INDEX spare_x ON spare (x)');
    const db = new Database(damaged);
    db.unsafeMode(true);
    db.exec(`PRAGMA writable_schema = ON;
      UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'spare_x')
      WHERE name = 'sqlite_autoindex_t_1'`);
    db.close();
    await expect(verifyAgainst(exported, { againstSource: damaged })).rejects.toMatchObject({
      kind: 'source',
      code: 'source-count',
    });
  });
});

function writeText(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe('a baseline', () => {
  it('given as a single file is what its folder is, on either side', async () => {
    changeFile(file, `UPDATE t SET v = 'new' WHERE id = 7`);
    const later = await exportArtifact(file, join(folder, `later-${count}`));
    const single = await toSingleFile(artifact, join(folder, `single-${count}.json`));
    const laterSingle = await toSingleFile(later, join(folder, `later-${count}.json`));
    const pairs = [
      [later, artifact],
      [later, single],
      [laterSingle, artifact],
      [laterSingle, single],
    ] as const;
    for (const [one, baseline] of pairs) {
      const compared = await verifyAgainst(one, { baseline });
      expect(compared.baseline && figuresOf(compared.baseline, 't')).toEqual([19_999, 0, 0, 1]);
    }
    const same = await verifyAgainst(artifact, { baseline: single });
    expect(same.baseline).toMatchObject({ isEqual: true, tables: [{ comparedBy: 'sha256' }] });
    expect(same.findings).toEqual([]);
  });

  it('that is the artifact itself is equal', async () => {
    const { baseline, findings } = await verifyAgainst(artifact, { baseline: artifact });
    expect(baseline).toMatchObject({ isEqual: true, rowsEqual: 20_000 });
    expect(findings).toEqual([]);
  });

  it('that is damaged is refused, and named', async () => {
    const damaged = await exportArtifact(file, join(folder, `damaged-${count}`));
    editLines(damaged, 't', ([first = '', second = '', ...rest]) => [second, first, ...rest]);
    reseal(damaged);
    await expect(verifyAgainst(artifact, { baseline: damaged })).rejects.toMatchObject({
      kind: 'artifact',
      code: 'artifact-damaged',
      message: expect.stringContaining(damaged),
    });
  });

  it('that is a SQLite database is refused', async () => {
    await expect(verifyAgainst(artifact, { baseline: file })).rejects.toMatchObject({
      kind: 'artifact',
    });
  });
});

it('both can be compared with at once', async () => {
  changeFile(file, 'DELETE FROM t WHERE id = 1');
  const later = await exportArtifact(file, join(folder, `later-${count}`));
  changeFile(file, 'DELETE FROM t WHERE id = 2');
  const { baseline, againstSource, findings } = await verifyAgainst(later, {
    baseline: artifact,
    againstSource: file,
  });
  expect(baseline && tableIn(baseline, 't').removed).toMatchObject([{ rowKey: 'id=1' }]);
  expect(againstSource && tableIn(againstSource, 't').removed).toMatchObject([{ rowKey: 'id=2' }]);
  expect(findings).toMatchObject([
    { code: 'rows-removed', severity: 'blocking', total: 1, examples: [{ rowKey: 'id=2' }] },
    { code: 'rows-removed', severity: 'blocking', total: 1, examples: [{ rowKey: 'id=1' }] },
  ]);
});

it('a damaged artifact is compared with nothing, which is said', async () => {
  editLines(artifact, 't', (lines) => lines.slice(1));
  const { findings, againstSource } = await verifyAgainst(artifact, { againstSource: file });
  expect(againstSource).toBeUndefined();
  expect(findings.map(({ code }) => code)).toEqual(
    expect.arrayContaining(['checksum', 'not-compared']),
  );
});

describe('an interruption', () => {
  const place = join(folder, 'temporary');
  beforeEach(() => {
    mkdirSync(place);
    vi.stubEnv('SQLITE_TMPDIR', place);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(place, { recursive: true });
  });

  it.each(['againstSource', 'baseline'] as const)(
    'of --%s leaves nothing behind',
    async (other) => {
      const single = await toSingleFile(artifact, join(folder, `single-${count}.json`));
      changeFile(file, `UPDATE t SET v = 'new'`);
      const later = await exportArtifact(file, join(folder, `later-${count}`));
      const controller = new AbortController();
      const context = whileComparing(() => controller.abort(), controller.signal);
      const path = other === 'baseline' ? later : file;
      const running = verifyAgainst(single, { [other]: path }, context);
      await expect(running).rejects.toMatchObject({ name: 'AbortError' });
      expect(readdirSync(place)).toEqual([]);
    },
  );
});
