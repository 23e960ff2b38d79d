import { randomBytes } from 'node:crypto';
import { open } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

import { renameDurably } from '../artifact/durable-files.ts';
import { entryAt } from '../artifact/entry.ts';
import { removeAfter } from '../artifact/unwritable.ts';
import { ToolkitError } from '../model/errors.ts';
import { isSystemError, systemFault, type SystemFault } from '../model/system-error.ts';

/** What SQLite may put beside a database; found beside a new one, it would be taken for its own. */
const SIDE_FILES = ['-journal', '-wal', '-shm'] as const;

const CODES: Readonly<Partial<Record<SystemFault, string>>> = {
  full: 'target-disk-full',
  disk: 'target-disk-error',
};

const HINTS: Readonly<Partial<Record<SystemFault, string>>> = {
  full: 'free some space or name a path on another disk, then import again',
  'too-large':
    'no file may grow so large there (the limit of the file system, or `ulimit -f`): name another path',
  disk: 'the disk returns errors, or no file may grow so large there: look into the log of the system, and name a path on another disk',
  'read-only': 'the file system is mounted read-only: name another path',
};

/**
 * The SQLite file that a restore makes. Until it is complete and on disk it stands under a hidden
 * name beside its final one.
 */
export class TargetFile {
  /** The final path, absolute. */
  readonly path: string;
  /** Where to build. */
  readonly partialPath: string;
  readonly #asGiven: string;

  private constructor(asGiven: string) {
    const suffix = `${process.pid}-${randomBytes(3).toString('hex')}`;
    this.#asGiven = asGiven;
    this.path = resolve(asGiven);
    this.partialPath = join(dirname(this.path), `.${basename(this.path)}.partial-${suffix}`);
  }

  /** @throws ToolkitError of kind `target` when something is at `path` already, or SQLite's files of another database */
  static async choose(path: string): Promise<TargetFile> {
    const file = new TargetFile(path);
    await file.#refuseExisting();
    return file;
  }

  /** Syncs what was built to disk and gives it its name. */
  async publish(): Promise<void> {
    try {
      await syncFile(this.partialPath);
      await this.#refuseExisting();
      await renameDurably(this.partialPath, this.path);
    } catch (error) {
      throw this.asTargetError(error);
    }
  }

  /** Makes the file, empty, so that what keeps it from being made is known in the system's own words. */
  async create(): Promise<void> {
    const handle = await open(this.partialPath, 'wx');
    await handle.close();
  }

  /** Removes what was built, if it is there still, as far as that can be. */
  async discard(): Promise<void> {
    await this.discardAfter(undefined);
  }

  /**
   * Removes what was built before something failed.
   *
   * @returns the error, which names what could not be removed
   */
  async discardAfter(error: unknown): Promise<unknown> {
    return removeAfter(
      error,
      ['', ...SIDE_FILES].map((suffix) => `${this.partialPath}${suffix}`),
    );
  }

  /** Names the file in an error of the file system's or of SQLite's; passes others through. */
  asTargetError(error: unknown): unknown {
    if (!(error instanceof Error) || error instanceof ToolkitError) return error;
    const fault = isSystemError(error) ? systemFault(error) : sqliteFault(error);
    if (fault === undefined) return error;
    return new ToolkitError({
      kind: 'target',
      code: CODES[fault] ?? 'target-unwritable',
      message: `the SQLite file cannot be written: ${error.message}`,
      where: { file: this.#asGiven },
      hint: HINTS[fault] ?? 'check that its folder exists and that you may write there',
      cause: error,
    });
  }

  async #refuseExisting(): Promise<void> {
    for (const suffix of ['', ...SIDE_FILES]) {
      const stats = await entryAt(`${this.path}${suffix}`).catch((error: unknown) => {
        throw this.asTargetError(error);
      });
      if (stats === undefined) continue;
      throw new ToolkitError({
        kind: 'target',
        code: 'target-exists',
        message:
          suffix === ''
            ? 'there is something at that path already, and a restore never writes over it'
            : 'a file of SQLite from another database lies there, which would be taken for one of the restored database',
        where: { file: `${this.#asGiven}${suffix}` },
        hint: 'name another path, or move it away',
      });
    }
  }
}

/** What lies behind an error of SQLite's; undefined when it is of anything else. */
function sqliteFault(error: Error): SystemFault | undefined {
  const code = 'code' in error ? String(error.code) : '';
  if (code === 'SQLITE_FULL') return 'full';
  if (code.startsWith('SQLITE_IOERR')) return 'disk';
  return code.startsWith('SQLITE_') ? 'other' : undefined;
}

async function syncFile(path: string): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
