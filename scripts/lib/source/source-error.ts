import { closeSync, existsSync, openSync, readSync } from 'node:fs';

import Database from 'better-sqlite3';

import { ToolkitError } from '../model/errors.ts';
import { isSystemError, systemFault } from '../model/system-error.ts';

interface SourceFault {
  readonly code: string;
  readonly hint: string;
}

const LOCKED: SourceFault = {
  code: 'source-locked',
  hint: 'another process holds an exclusive lock: stop the writer (`lsof FILE` names it) or wait, then run again',
};

const ON_ANOTHER_DISK =
  'copy the file, with its -wal or -journal, to a local disk that is sound, with the writers stopped, and take that copy as the source';

const DISK: SourceFault = {
  code: 'source-disk-error',
  hint: `the disk returns errors: look into the log of the system; ${ON_ANOTHER_DISK}`,
};

const TEMPORARY_SPACE: SourceFault = {
  code: 'source-temporary-space',
  hint: 'SQLite sorts large tables in a temporary file: free some space, or name another folder with SQLITE_TMPDIR',
};

/** By extended result code, else by primary one. Source: https://www.sqlite.org/rescode.html */
const FAULTS: Readonly<Record<string, SourceFault>> = {
  SQLITE_NOTADB: {
    code: 'source-not-a-database',
    hint: 'the file is not a SQLite database, or it is encrypted: check the path',
  },
  SQLITE_CORRUPT: {
    code: 'source-damaged',
    hint: 'the file is damaged: `sqlite3 COPY "PRAGMA integrity_check"` on a copy says where; mend the copy (`REINDEX` for indexes, `.recover` for tables) or take a backup, and analyze that',
  },
  SQLITE_BUSY: LOCKED,
  SQLITE_LOCKED: LOCKED,
  SQLITE_READONLY_ROLLBACK: {
    code: 'source-journal',
    hint: 'a writer was stopped in the middle and left a hot journal: copy FILE and FILE-journal together to a folder of yours, and open that copy once (`sqlite3 COPY "PRAGMA schema_version"`), so that SQLite takes the unfinished transaction back',
  },
  SQLITE_IOERR: DISK,
  SQLITE_IOERR_LOCK: {
    code: 'source-disk-error',
    hint: `locks do not work there: ${ON_ANOTHER_DISK}`,
  },
  // The source is only read, so what cannot be written is a temporary file.
  SQLITE_FULL: TEMPORARY_SPACE,
  SQLITE_IOERR_WRITE: TEMPORARY_SPACE,
  SQLITE_IOERR_GETTEMPPATH: TEMPORARY_SPACE,
};

/** The results with which SQLite says that it would have to write something beside the database. */
const NEEDS_TO_WRITE = /^SQLITE_(?:CANTOPEN|READONLY)/;

/** Turns an error of SQLite's into one that names the file and the next step; passes others through. */
export function asSourceError(error: unknown, path: string, table?: string): unknown {
  if (!(error instanceof Database.SqliteError)) return error;
  const primaryCode = /^SQLITE_[A-Z]+/.exec(error.code)?.[0] ?? error.code;
  const known = FAULTS[error.code] ?? FAULTS[primaryCode] ?? faultOfFiles(error.code, path);
  // SQLite calls a page damaged that the disk does not give. https://www.sqlite.org/rescode.html#ioerr_corruptfs
  const lostAt = known.code === 'source-damaged' ? firstUnreadableByte(path) : undefined;
  const fault = lostAt === undefined ? known : DISK;
  const place =
    lostAt === undefined ? '' : `; the disk does not give the file from byte ${lostAt} on`;
  return new ToolkitError({
    kind: 'source',
    code: fault.code,
    message: `SQLite cannot read it: ${error.message}${place}`,
    where: { file: path, ...(table === undefined ? {} : { table }) },
    hint: fault.hint,
    cause: error,
  });
}

/** What keeps SQLite from opening the files, as far as they show it. */
function faultOfFiles(sqliteCode: string, path: string): SourceFault {
  if (!NEEDS_TO_WRITE.test(sqliteCode)) {
    return { code: 'source-unreadable', hint: `SQLite reports ${sqliteCode}` };
  }
  const forbidden = ['', '-wal', '-journal', '-shm'].find((suffix) => !mayRead(path + suffix));
  if (forbidden !== undefined) {
    const hint = `you may not read FILE${forbidden}: check its permissions`;
    return { code: 'source-forbidden', hint };
  }
  if (!isInWalMode(path)) {
    return { code: 'source-unreadable', hint: 'check the permissions of the file and its folder' };
  }
  const files = existsSync(`${path}-wal`) ? 'FILE and FILE-wal together' : 'FILE';
  return {
    code: 'source-wal',
    hint: `the database is in WAL mode, and SQLite has to write FILE-shm beside it, which it cannot: copy ${files} to a folder where you may write, with the writers stopped, and take that copy as the source`,
  };
}

function mayRead(path: string): boolean {
  try {
    closeSync(openSync(path, 'r'));
    return true;
  } catch (error) {
    return !isSystemError(error) || systemFault(error) !== 'forbidden';
  }
}

/** Source: https://www.sqlite.org/fileformat.html#file_format_version_numbers */
function isInWalMode(path: string): boolean {
  const header = Buffer.alloc(20);
  try {
    const file = openSync(path, 'r');
    try {
      readSync(file, header, 0, header.length, 0);
    } finally {
      closeSync(file);
    }
  } catch {
    return false;
  }
  return header[18] === 2;
}

const CHUNK_BYTES = 1024 * 1024;

/** Reads a file through; @returns the offset of the first chunk that the disk does not give */
function firstUnreadableByte(path: string): number | undefined {
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  let offset = 0;
  try {
    const file = openSync(path, 'r');
    try {
      for (let length = -1; length !== 0; offset += length) {
        length = readSync(file, buffer, 0, buffer.length, offset);
      }
    } finally {
      closeSync(file);
    }
    return undefined;
  } catch (error) {
    return isSystemError(error) && systemFault(error) === 'disk' ? offset : undefined;
  }
}

/** Names the source in what the file system says of it. */
export function asUnreachableSource(error: unknown, path: string): unknown {
  if (!isSystemError(error)) return error;
  const isForbidden = systemFault(error) === 'forbidden';
  const isOfDisk = systemFault(error) === 'disk';
  return new ToolkitError({
    kind: 'source',
    code: isForbidden ? 'source-forbidden' : isOfDisk ? 'source-disk-error' : 'source-unreadable',
    message: `the SQLite file cannot be read: ${error.message}`,
    where: { file: path },
    hint: isForbidden
      ? 'check the permissions of the file and of the folders above it'
      : 'check the path and the disk',
    cause: error,
  });
}
