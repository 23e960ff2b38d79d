import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { lstat, mkdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

import { ToolkitError } from '../model/errors.ts';
import { syncFolder } from './durable-files.ts';

/**
 * A path at which something new appears only when it is complete and on disk. Until then it stands
 * under a hidden name beside it; what is interrupted leaves at most that.
 */
export class Destination {
  /** The final path, absolute. */
  readonly path: string;
  /** Where to write; nothing is there yet. */
  readonly partialPath: string;

  private constructor(path: string) {
    const suffix = `${process.pid}-${randomBytes(3).toString('hex')}`;
    this.path = path;
    this.partialPath = join(dirname(path), `.${basename(path)}.partial-${suffix}`);
  }

  /** @throws ToolkitError when something exists at `path` already */
  static async choose(path: string): Promise<Destination> {
    await refuseExisting(path);
    return new Destination(resolve(path));
  }

  /** Makes `partialPath` a folder; where its own folder is missing, that too. */
  async createFolder(): Promise<void> {
    try {
      await mkdir(this.partialPath, { recursive: true });
    } catch (error) {
      throw unwritable(error, this.path);
    }
  }

  /**
   * Gives what was written its final name.
   *
   * @param written what has been synced to disk; by default all of `partialPath`
   * @throws ToolkitError when something has come to exist there since
   */
  async publish(written: string = this.partialPath): Promise<void> {
    await refuseExisting(this.path);
    try {
      await rename(written, this.path);
      await syncFolder(dirname(this.path));
    } catch (error) {
      throw unwritable(error, this.path);
    }
  }

  /** Removes whatever is at `partialPath` still. */
  async discard(): Promise<void> {
    // Where a folder on the way is a file, nothing was written, and `rm` would say so.
    if (!existsSync(this.partialPath)) return;
    await rm(this.partialPath, { recursive: true, force: true });
  }
}

async function refuseExisting(path: string): Promise<void> {
  const stats = await lstat(path).catch(() => undefined);
  if (stats === undefined) return;
  throw new ToolkitError({
    kind: 'artifact',
    code: 'artifact-exists',
    message: 'there is something at that path already, and an artifact is never written over',
    where: { file: path },
    hint: 'choose another path for --out or --single-file, or move the old one away',
  });
}

/** Names the file in an error of the file system's; passes others through. */
export function unwritable(error: unknown, file: string): unknown {
  if (!(error instanceof Error) || !('syscall' in error)) return error;
  const full = 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
  return new ToolkitError({
    kind: 'artifact',
    code: full ? 'disk-full' : 'artifact-unwritable',
    message: `the artifact cannot be written: ${error.message}`,
    where: { file },
    hint: full
      ? 'free some space or choose another disk with --out or --single-file, then run export again: nothing half-written is left'
      : 'check the permissions of the folder, or choose another one with --out or --single-file',
    cause: error,
  });
}
