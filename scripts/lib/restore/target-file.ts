import { randomBytes } from 'node:crypto';
import { lstat, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

import { syncFolder } from '../artifact/durable-files.ts';
import { ToolkitError } from '../model/errors.ts';

/** What SQLite may put beside a database; found beside a new one, it would be taken for its own. */
const SIDE_FILES = ['-journal', '-wal', '-shm'] as const;

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
      await rename(this.partialPath, this.path);
      await syncFolder(dirname(this.path));
    } catch (error) {
      throw this.asTargetError(error);
    }
  }

  /** Removes what was built, if it is there still. */
  async discard(): Promise<void> {
    for (const suffix of ['', ...SIDE_FILES]) {
      await rm(`${this.partialPath}${suffix}`, { force: true });
    }
  }

  /** Names the file in an error of the file system's or of SQLite's; passes others through. */
  asTargetError(error: unknown): unknown {
    if (!(error instanceof Error) || error instanceof ToolkitError) return error;
    const code = 'code' in error ? String(error.code) : '';
    // A folder that is not there is a TypeError of the driver's, without a code.
    const isOfFile =
      'syscall' in error ||
      code.startsWith('SQLITE_') ||
      error.message.startsWith('Cannot open database');
    if (!isOfFile) return error;
    const isFull = ['ENOSPC', 'EDQUOT', 'SQLITE_FULL'].includes(code);
    return new ToolkitError({
      kind: 'target',
      code: 'target-unwritable',
      message: `the SQLite file cannot be written: ${error.message}`,
      where: { file: this.#asGiven },
      hint: isFull
        ? 'free some space or name a path on another disk, then import again: nothing half-written is left'
        : 'check that its folder exists and that you may write there',
      cause: error,
    });
  }

  async #refuseExisting(): Promise<void> {
    for (const suffix of ['', ...SIDE_FILES]) {
      const stats = await lstat(`${this.path}${suffix}`).catch(() => undefined);
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

async function syncFile(path: string): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
