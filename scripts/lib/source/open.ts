import { statSync, type Stats } from 'node:fs';
import { basename } from 'node:path';

import Database from 'better-sqlite3';

import { ToolkitError } from '../model/errors.ts';
import { SOURCE_ENCODINGS, type SourceFacts } from '../model/source-catalog.ts';
import { asSourceError, asUnreachableSource } from './source-error.ts';

const LOCK_TIMEOUT_MS = 10_000;

/** How each connection to a source is opened. */
export const CONNECTION_OPTIONS = {
  readonly: true,
  fileMustExist: true,
  timeout: LOCK_TIMEOUT_MS,
} as const;

/** What each connection to a source is told first. */
export const CONNECTION_PRAGMAS = [
  'trusted_schema = OFF',
  // Damage is seen where it is, and not taken for rows. https://www.sqlite.org/pragma.html#pragma_cell_size_check
  'cell_size_check = ON',
] as const;

/** An open SQLite database inside one read transaction: every read sees the same moment. */
export interface Source {
  readonly path: string;
  readonly db: Database.Database;
  /** Begins the read transaction anew: every read from now on may see another moment. @throws as {@link openSource} */
  renew(): void;
  /** Whether its path still leads to the file that was opened. @throws as {@link openSource} */
  isStillInPlace(): boolean;
  /** Ends the read transaction and closes the file. */
  close(): void;
}

/**
 * Opens a SQLite database read-only and begins its read transaction. Never changes the file or its
 * journal mode. Integers come back as bigint.
 *
 * @throws ToolkitError of kind `source` when the file is missing or lost, no database, locked or unreadable.
 */
export function openSource(path: string): Source {
  const file = requireDatabaseFile(path);
  let db: Database.Database | undefined;
  try {
    db = new Database(path, CONNECTION_OPTIONS);
    db.defaultSafeIntegers(true);
    for (const pragma of CONNECTION_PRAGMAS) db.pragma(pragma);
    beginReading(db);
  } catch (error) {
    db?.close();
    throw asSourceError(error, path);
  }
  const opened = db;
  return {
    path,
    db: opened,
    renew: () => {
      try {
        opened.exec('COMMIT');
        beginReading(opened);
      } catch (error) {
        throw asSourceError(error, path);
      }
    },
    isStillInPlace: () => {
      const found = statsOf(path);
      return found?.dev === file.dev && found.ino === file.ino;
    },
    close: () => opened.close(),
  };
}

/** The transaction has its moment from its first read on. Source: https://www.sqlite.org/lang_transaction.html */
function beginReading(db: Database.Database): void {
  db.exec('BEGIN');
  db.prepare('SELECT count(*) FROM sqlite_schema').get();
}

function requireDatabaseFile(path: string): Stats {
  const stats = statsOf(path);
  if (stats === undefined) {
    throw sourceError('source-missing', 'the SQLite file does not exist', path, {
      hint: 'check the path (it may be file:… as Prisma writes it, and is relative to the current folder)',
    });
  }
  if (!stats.isFile()) {
    throw sourceError('source-not-a-file', 'the source is not a file', path, {
      hint: 'name the SQLite database file itself',
    });
  }
  // Never opened: SQLite removes what lies beside an empty file.
  const beside = ['-wal', '-journal'].find((suffix) => statsOf(path + suffix) !== undefined);
  if (stats.size === 0 && beside !== undefined) {
    const message = `the file is empty, but a ${beside} file lies beside it: the database itself is lost or was not copied`;
    throw sourceError('source-empty', message, path, {
      hint: `keep both, copy the database again with its ${beside} file, or take a backup`,
    });
  }
  return stats;
}

function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw asUnreachableSource(error, path);
  }
}

/** Whether a `-wal` file with content lies beside the database; to be asked before it is opened. @throws as {@link openSource} */
export function hasWalContent(path: string): boolean {
  return (statsOf(`${path}-wal`)?.size ?? 0) > 0;
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
