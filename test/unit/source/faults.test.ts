import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { exportSource } from '../../../scripts/lib/commands/export.ts';
import type { ErrorDescription } from '../../../scripts/lib/model/errors.ts';
import { checkIntegrity } from '../../../scripts/lib/source/integrity.ts';
import { openSource } from '../../../scripts/lib/source/open.ts';
import { asSourceError } from '../../../scripts/lib/source/source-error.ts';
import { quietContext } from '../../support/artifact.ts';
import { errorOf } from '../../support/error-of.ts';
import { withMode } from '../../support/ordinary-user.ts';
import { sqliteFile } from '../../support/sqlite.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();
chmodSync(folder, 0o755);
const PAGE_BYTES = 4096;
const ROWS = `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
  INSERT INTO notes SELECT i, printf('%.80c', 'x') FROM n`;
const NOTES = `CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT); CREATE INDEX by_text ON notes (text); ${ROWS};`;

let folders = 0;
function newFolder(): string {
  folders += 1;
  const path = join(folder, String(folders));
  mkdirSync(path, { mode: 0o755 });
  return path;
}

function rowsOf(path: string): unknown {
  const source = openSource(path);
  try {
    return source.db.prepare('SELECT count(*) FROM notes').pluck().get();
  } finally {
    source.close();
  }
}

async function openingError(path: string): Promise<ErrorDescription> {
  return errorOf(async () => openSource(path).close());
}

/** The files as a writer leaves them that is killed in the middle: `sql` runs, and nothing after it. */
function abandoned(sql: string, suffixes: readonly string[]): string {
  const live = join(newFolder(), 'live.db');
  const writer = new Database(live);
  const path = join(newFolder(), 'app.db');
  try {
    writer.exec(`PRAGMA wal_autocheckpoint = 0; ${NOTES} ${sql}`);
    for (const suffix of suffixes) copyFileSync(live + suffix, path + suffix);
  } finally {
    writer.close();
  }
  return path;
}

function copied(path: string): string {
  const to = newFolder();
  const from = join(path, '..');
  for (const name of readdirSync(from)) copyFileSync(join(from, name), join(to, name));
  return join(to, 'app.db');
}

describe('a source in WAL mode in a folder without write permission', () => {
  it.each([
    ['with rows in its -wal file', ['', '-wal'], 'FILE and FILE-wal together', 3001n],
    ['without a -wal file', [''], 'copy FILE to', 3000n],
  ])('%s is read from a copy, as the error says', async (_, suffixes, hint, rows) => {
    const path = abandoned(
      `PRAGMA journal_mode = WAL; INSERT INTO notes VALUES (9999, '')`,
      suffixes,
    );
    const error = await withMode(join(path, '..'), 0o555, () => openingError(path));
    expect(error).toMatchObject({
      kind: 'source',
      code: 'source-wal',
      where: { file: path },
      hint: expect.stringContaining(hint),
    });
    expect(readdirSync(join(path, '..'))).toHaveLength(suffixes.length);
    expect(rowsOf(copied(path))).toBe(rows);
  });
});

it('a source with a rollback journal is read where nothing may be written', async () => {
  const path = sqliteFile(join(newFolder(), 'app.db'), NOTES);
  const rows = await withMode(join(path, '..'), 0o555, async () => rowsOf(path));
  expect(rows).toBe(3000n);
});

it('a hot journal is named, and nothing of it is lost: the copy that the error asks for has the rows', async () => {
  const path = abandoned(
    `PRAGMA cache_size = 2; PRAGMA cache_spill = 2; BEGIN; UPDATE notes SET text = 'unfinished'`,
    ['', '-journal'],
  );
  const before = readFileSync(`${path}-journal`);
  expect(await openingError(path)).toMatchObject({
    code: 'source-journal',
    hint: expect.stringContaining('FILE and FILE-journal'),
  });
  expect(readFileSync(`${path}-journal`).equals(before)).toBe(true);
  const copy = copied(path);
  const writable = new Database(copy);
  writable.pragma('schema_version');
  writable.close();
  const source = openSource(copy);
  const texts = source.db.prepare('SELECT DISTINCT text FROM notes').pluck().all();
  source.close();
  expect(texts).toEqual(['x'.repeat(80)]);
});

it('an empty file with a -wal file beside it is refused, because SQLite would remove that', async () => {
  const path = join(newFolder(), 'app.db');
  writeFileSync(path, '');
  writeFileSync(`${path}-wal`, 'the only copy of some rows');
  expect(await openingError(path)).toMatchObject({ kind: 'source', code: 'source-empty' });
  expect(readFileSync(`${path}-wal`, 'utf8')).toBe('the only copy of some rows');
});

describe('a source that may not be read', () => {
  it.each([
    ['the file', '', 0o000],
    ['its -wal file', '-wal', 0o000],
    ['its folder', '/..', 0o000],
  ])('because of the mode of %s, is said so', async (_, suffix, mode) => {
    const path = abandoned('PRAGMA journal_mode = WAL; DELETE FROM notes', ['', '-wal', '-shm']);
    const place = suffix === '/..' ? join(path, '..') : path + suffix;
    const error = await withMode(place, mode, () => openingError(path));
    expect(error).toMatchObject({
      kind: 'source',
      code: 'source-forbidden',
      hint: expect.stringContaining('permissions'),
    });
  });
});

/** Overwrites pages with what is no page of SQLite's. */
function damage(path: string, rootsOf: readonly string[]): void {
  const db = new Database(path);
  const pages = rootsOf.map((name) =>
    Number(db.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').pluck().get(name)),
  );
  db.close();
  const bytes = readFileSync(path);
  for (const page of pages) bytes.fill(0xff, (page - 1) * PAGE_BYTES, page * PAGE_BYTES);
  writeFileSync(path, bytes);
}

describe('a damaged source', () => {
  it('stops an export with the table, which leaves nothing behind', async () => {
    const path = sqliteFile(join(newFolder(), 'app.db'), NOTES);
    damage(path, ['notes']);
    const out = newFolder();
    const exporting = exportSource({ source: path, out: join(out, 'artifact') }, quietContext);
    expect(await errorOf(() => exporting)).toMatchObject({
      kind: 'source',
      code: 'source-damaged',
      where: { file: path, table: 'notes' },
      hint: expect.stringContaining('.recover'),
    });
    expect(readdirSync(out)).toEqual([]);
  });

  it('is described by integrity_check with the names of what is damaged', async () => {
    const path = sqliteFile(join(newFolder(), 'app.db'), NOTES);
    damage(path, ['by_text']);
    const { messages } = await checkIntegrity(path, quietContext.signal);
    expect(messages[0]).toMatch(/^Tree \d+ \(index by_text\) page \d+: /);
    expect(rowsOf(path)).toBe(3000n);
  });

  it('that is cut off while it is exported leaves nothing, and is exported once it is whole', async () => {
    const path = sqliteFile(join(newFolder(), 'app.db'), `CREATE TABLE a_first (x); ${NOTES}`);
    const whole = readFileSync(path);
    const out = newFolder();
    const artifact = join(out, 'artifact');
    const cutting = {
      ...quietContext,
      progress: {
        note: () => undefined,
        // Before the rows of the first table; SQLite has none of the second one's pages in its cache.
        start: () => {
          writeFileSync(path, whole.subarray(0, 2 * PAGE_BYTES));
          return { advance: () => undefined, done: () => undefined };
        },
      },
    };
    const error = await errorOf(() => exportSource({ source: path, out: artifact }, cutting));
    expect(error).toMatchObject({ kind: 'source', where: { table: 'notes' } });
    expect(readdirSync(out)).toEqual([]);
    writeFileSync(path, whole);
    const { totalRows } = await exportSource({ source: path, out: artifact }, quietContext);
    expect(totalRows).toBe(3000);
  });
});

it('an error of the disk is told from damage, with the byte from which nothing is given', async () => {
  const isLinux = process.platform === 'linux';
  // On Linux this reads as a file on a broken disk does: with EIO.
  const path = isLinux ? '/proc/self/mem' : folder;
  const ofSqlite = new Database.SqliteError('database disk image is malformed', 'SQLITE_CORRUPT');
  const error = await errorOf(async () => {
    throw asSourceError(ofSqlite, path);
  });
  expect(error.code).toBe(isLinux ? 'source-disk-error' : 'source-damaged');
  expect(error.message.includes('from byte 0 on')).toBe(isLinux);
});

it('says of a full temporary folder that it is that one', () => {
  const ofSqlite = new Database.SqliteError('database or disk is full', 'SQLITE_FULL');
  expect(asSourceError(ofSqlite, 'app.db', 'notes')).toMatchObject({
    code: 'source-temporary-space',
    hint: expect.stringContaining('SQLITE_TMPDIR'),
  });
});
