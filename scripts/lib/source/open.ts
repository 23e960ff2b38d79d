import { existsSync, statSync } from 'node:fs';
import { basename } from 'node:path';

import Database from 'better-sqlite3';

import { ToolkitError } from '../model/errors.ts';
import { SOURCE_ENCODINGS, type SourceFacts } from '../model/source-catalog.ts';

/** An open SQLite database inside one read transaction: every read sees the same moment. */
export interface Source {
  readonly path: string;
  readonly db: Database.Database;
  /** Ends the read transaction and closes the file. */
  close(): void;
}

/**
 * Opens a SQLite database read-only and begins its read transaction. Never changes the file or its
 * journal mode. Integers come back as bigint.
 *
 * @throws ToolkitError of kind `source` when the file is missing, no database, locked or unreadable.
 */
export function openSource(path: string): Source {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) {
    throw sourceError('source-missing', 'the SQLite file does not exist', path, {
      hint: 'check --source (a path, or file:… as Prisma writes it; relative to the current folder)',
    });
  }
  if (!stats.isFile()) {
    throw sourceError('source-not-a-file', 'the source is not a file', path, {
      hint: 'name the SQLite database file itself',
    });
  }
  let db: Database.Database | undefined;
  try {
    db = new Database(path, { readonly: true, fileMustExist: true, timeout: 10_000 });
    db.defaultSafeIntegers(true);
    db.pragma('trusted_schema = OFF');
    db.exec('BEGIN');
    db.prepare('SELECT count(*) FROM sqlite_schema').get();
  } catch (error) {
    db?.close();
    throw asSourceError(error, path);
  }
  const opened = db;
  return { path, db: opened, close: () => opened.close() };
}

/** Whether a `-wal` file with content lies beside the database; to be asked before it is opened. */
export function hasWalContent(path: string): boolean {
  const wal = `${path}-wal`;
  return existsSync(wal) && statSync(wal).size > 0;
}

/** Reads the facts about the database as a whole. `hadWal` is what {@link hasWalContent} said before. */
export function readSourceFacts(source: Source, hadWal: boolean): SourceFacts {
  const { db, path } = source;
  const pragma = (name: string): unknown => db.pragma(name, { simple: true });
  const encoding = SOURCE_ENCODINGS.find((known) => known === pragma('encoding'));
  if (encoding === undefined) {
    throw sourceError(
      'source-encoding',
      `unknown text encoding ${String(pragma('encoding'))}`,
      path,
    );
  }
  const prisma = db
    .prepare(`SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = '_prisma_migrations'`)
    .get();
  return {
    fileName: basename(path),
    sizeBytes: Number(pragma('page_count')) * Number(pragma('page_size')),
    sqliteVersion: String(db.prepare('SELECT sqlite_version()').pluck().get()),
    pageSizeBytes: Number(pragma('page_size')),
    encoding,
    userVersion: Number(pragma('user_version')),
    applicationId: Number(pragma('application_id')),
    journalMode: String(pragma('journal_mode')),
    hadWal,
    madeByPrisma: prisma !== undefined,
  };
}

const HINTS: Readonly<Record<string, string>> = {
  SQLITE_NOTADB: 'the file is not a SQLite database, or it is encrypted: check the path',
  SQLITE_CORRUPT:
    'the file is damaged: run analyze for the details, recover it with `sqlite3 FILE .recover`',
  SQLITE_BUSY: 'another process holds an exclusive lock: stop the writer or wait, then run again',
  SQLITE_LOCKED: 'another process holds an exclusive lock: stop the writer or wait, then run again',
  SQLITE_READONLY_ROLLBACK:
    'a writer crashed and left a hot journal: open the file once with `sqlite3 FILE "SELECT 1"` so that SQLite rolls it back',
  SQLITE_READONLY_RECOVERY:
    'the -wal file needs recovery, which needs write permission on the folder: copy FILE and FILE-wal to a folder of yours',
  SQLITE_READONLY_CANTINIT:
    'the database is in WAL mode and its -shm file cannot be made: copy FILE and FILE-wal to a folder where you may write',
  SQLITE_CANTOPEN:
    'check the permissions of the file and its folder (a database in WAL mode needs to make a -shm file beside it)',
};

/** Turns an error of SQLite's into one that names the file and the next step; passes others through. */
export function asSourceError(error: unknown, path: string, table?: string): unknown {
  if (!(error instanceof Database.SqliteError)) return error;
  const primaryCode = /^SQLITE_[A-Z]+/.exec(error.code)?.[0] ?? error.code;
  const hint = HINTS[error.code] ?? HINTS[primaryCode];
  return sourceError('source-unreadable', `SQLite cannot read it: ${error.message}`, path, {
    ...(table === undefined ? {} : { table }),
    hint: hint ?? `SQLite reports ${error.code}`,
    cause: error,
  });
}

function sourceError(
  code: string,
  message: string,
  file: string,
  more: { hint?: string; table?: string; cause?: unknown } = {},
): ToolkitError {
  const where = more.table === undefined ? { file } : { file, table: more.table };
  return new ToolkitError({
    kind: 'source',
    code,
    message,
    where,
    cause: more.cause,
    ...(more.hint === undefined ? {} : { hint: more.hint }),
  });
}
