import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { hasWalContent, openSource, readSourceFacts } from '../../../scripts/lib/source/open.ts';
import { asSourceError } from '../../../scripts/lib/source/source-error.ts';
import { sqliteFile } from '../../support/sqlite.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();

function sha256(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

describe('a source', () => {
  it('shows one moment, whatever a writer commits meanwhile', () => {
    const path = sqliteFile(
      join(folder, 'moment.db'),
      'PRAGMA journal_mode = WAL; CREATE TABLE t (x); INSERT INTO t VALUES (1)',
    );
    const writer = new Database(path);
    const source = openSource(path);
    writer.exec('INSERT INTO t VALUES (2); CREATE TABLE later (x)');
    expect(source.db.prepare('SELECT x FROM t').pluck().all()).toEqual([1n]);
    expect(source.db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get()).toBe(1n);
    source.close();
    const again = openSource(path);
    expect(again.db.prepare('SELECT x FROM t').pluck().all()).toEqual([1n, 2n]);
    again.close();
    writer.close();
  });

  it('cannot be written, and keeps its bytes', () => {
    const path = sqliteFile(join(folder, 'kept.db'), 'CREATE TABLE t (x)');
    const before = sha256(path);
    const source = openSource(path);
    expect(() => source.db.exec('INSERT INTO t VALUES (1)')).toThrow('readonly');
    source.close();
    expect(sha256(path)).toBe(before);
    expect(readdirSync(folder).filter((name) => name.startsWith('kept.db'))).toEqual(['kept.db']);
  });

  it('may be an empty file, which is an empty database to SQLite', () => {
    const path = join(folder, 'empty.db');
    writeFileSync(path, '');
    const source = openSource(path);
    expect(source.db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get()).toBe(0n);
    source.close();
    expect(readFileSync(path)).toHaveLength(0);
  });
});

describe('facts about a source', () => {
  it('are those of the database', () => {
    const path = sqliteFile(
      join(folder, 'facts.db'),
      'PRAGMA page_size = 8192; PRAGMA user_version = -7; PRAGMA application_id = 2147483647; CREATE TABLE t (x)',
      'UTF-16be',
    );
    const source = openSource(path);
    expect(readSourceFacts(source, false)).toEqual({
      fileName: 'facts.db',
      sizeBytes: readFileSync(path).length,
      sqliteVersion: expect.stringMatching(/^3\.\d+\.\d+$/),
      pageSizeBytes: 8192,
      encoding: 'UTF-16be',
      userVersion: -7,
      applicationId: 2_147_483_647,
      journalMode: 'delete',
      hadWal: false,
      madeByPrisma: false,
    });
    source.close();
  });

  it('tell that Prisma made it by its table of migrations', () => {
    const path = sqliteFile(join(folder, 'prisma.db'), 'CREATE TABLE _prisma_migrations (id)');
    const source = openSource(path);
    expect(readSourceFacts(source, false).madeByPrisma).toBe(true);
    source.close();
  });
});

/** A copy as it is found after its writer was killed: rows only in the -wal file. */
function abandonedWal(name: string): string {
  const live = join(folder, `live-${name}`);
  const writer = new Database(live);
  writer.exec(
    'PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; CREATE TABLE t (x); INSERT INTO t VALUES (1)',
  );
  const path = join(folder, name);
  for (const suffix of ['', '-wal']) copyFileSync(live + suffix, path + suffix);
  writer.close();
  return path;
}

describe('a database in WAL mode', () => {
  it('is read with the rows that are still in its -wal file, and both files keep their bytes', () => {
    const path = abandonedWal('wal.db');
    const before = [sha256(path), sha256(`${path}-wal`)];
    expect(hasWalContent(path)).toBe(true);
    const source = openSource(path);
    expect(source.db.prepare('SELECT x FROM t').pluck().all()).toEqual([1n]);
    expect(readSourceFacts(source, true)).toMatchObject({ journalMode: 'wal', hadWal: true });
    source.close();
    expect([sha256(path), sha256(`${path}-wal`)]).toEqual(before);
  });

  it('has no WAL content when the -wal file is missing or empty', () => {
    const path = sqliteFile(join(folder, 'no-wal.db'), 'CREATE TABLE t (x)');
    expect(hasWalContent(path)).toBe(false);
    writeFileSync(`${path}-wal`, '');
    expect(hasWalContent(path)).toBe(false);
  });
});

describe('what cannot be a source', () => {
  it('is a missing file, and none is made', () => {
    const path = join(folder, 'missing.db');
    expect(() => openSource(path)).toThrow(
      expect.objectContaining({ kind: 'source', code: 'source-missing', where: { file: path } }),
    );
    expect(readdirSync(folder)).not.toContain('missing.db');
  });

  it('is a folder', () => {
    const path = join(folder, 'folder.db');
    mkdirSync(path);
    expect(() => openSource(path)).toThrow(
      expect.objectContaining({ kind: 'source', code: 'source-not-a-file' }),
    );
  });

  it('is a file that is no database', () => {
    const path = join(folder, 'notes.txt');
    writeFileSync(path, 'Dear diary, '.repeat(100));
    expect(() => openSource(path)).toThrow(
      expect.objectContaining({
        kind: 'source',
        code: 'source-not-a-database',
        where: { file: path },
        hint: expect.stringContaining('not a SQLite database'),
      }),
    );
  });

  it('is a database whose schema is damaged', () => {
    const path = sqliteFile(join(folder, 'damaged.db'), 'CREATE TABLE t (x)');
    const bytes = readFileSync(path);
    bytes.fill(0xff, 100, 120);
    writeFileSync(path, bytes);
    expect(() => openSource(path)).toThrow(
      expect.objectContaining({
        code: 'source-damaged',
        hint: expect.stringContaining('damaged'),
      }),
    );
  });
});

describe('an error while a source is read', () => {
  it('names file and table when it is of SQLite', () => {
    const cause = new Database.SqliteError('disk I/O error', 'SQLITE_IOERR_READ');
    expect(asSourceError(cause, 'shop.db', 'users')).toMatchObject({
      kind: 'source',
      code: 'source-disk-error',
      message: 'SQLite cannot read it: disk I/O error',
      where: { file: 'shop.db', table: 'users' },
      hint: expect.stringContaining('the disk returns errors'),
      cause,
    });
  });

  it('has the hint of its own kind before that of its family', () => {
    const [rollback, busy] = ['SQLITE_READONLY_ROLLBACK', 'SQLITE_BUSY_SNAPSHOT'].map((code) =>
      asSourceError(new Database.SqliteError('', code), 'shop.db'),
    );
    expect(rollback).toMatchObject({
      code: 'source-journal',
      hint: expect.stringContaining('hot journal'),
    });
    expect(busy).toMatchObject({
      code: 'source-locked',
      hint: expect.stringContaining('exclusive lock'),
    });
  });

  it('is left as it is when it is of anything else', () => {
    const error = new Error('other');
    expect(asSourceError(error, 'shop.db')).toBe(error);
  });
});
