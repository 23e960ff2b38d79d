import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

import { ToolkitError } from '../model/errors.ts';
import { isSystemError } from '../model/system-error.ts';
import { renameDurably } from './durable-files.ts';
import { entryAt } from './entry.ts';
import { removeAfter, unwritable } from './unwritable.ts';

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
      await makeFolder(this.partialPath).catch(unlessThere);
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
      await renameDurably(written, this.path);
    } catch (error) {
      throw unwritable(error, this.path);
    }
  }

  /** Removes whatever is at `partialPath` still, as far as that can be. */
  async discard(): Promise<void> {
    await this.discardAfter(undefined);
  }

  /**
   * Removes what was written before something failed.
   *
   * @returns the error, which names what could not be removed
   */
  async discardAfter(error: unknown): Promise<unknown> {
    return removeAfter(error, [this.partialPath]);
  }
}

/** Makes a folder and those above it. What `mkdir` says when it makes them all by itself may be of no use. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const above = dirname(path);
    if (!isSystemError(error) || error.code !== 'ENOENT' || above === path) throw error;
    await makeFolder(above).catch(unlessThere);
    await mkdir(path);
  }
}

/** It may be there already: another process may make it at the same moment. */
function unlessThere(error: unknown): void {
  if (!isSystemError(error) || error.code !== 'EEXIST') throw error;
}

async function refuseExisting(path: string): Promise<void> {
  let found;
  try {
    found = await entryAt(path);
  } catch (error) {
    throw unwritable(error, path);
  }
  if (found === undefined) return;
  throw new ToolkitError({
    kind: 'artifact',
    code: 'artifact-exists',
    message: 'there is something at that path already, and an artifact is never written over',
    where: { file: path },
    hint: 'choose another path for --out or --single-file, or move the old one away',
  });
}
