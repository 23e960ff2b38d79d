import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ToolkitError } from '../../model/errors.ts';

/** What the folder's name begins with: it tells a person who finds one what left it. */
const PREFIX = 'sqlite-migration-unpacked-';

export interface TemporaryFolder {
  readonly path: string;
  readonly remove: () => Promise<void>;
}

/**
 * Makes an empty folder that only this user can read, in SQLITE_TMPDIR as SQLite's own temporary
 * files, else where the system has such. It is removed when the process exits, if not before.
 *
 * @throws ToolkitError of kind `artifact` when that place cannot be written
 */
export async function createTemporaryFolder(env = process.env): Promise<TemporaryFolder> {
  const place = env['SQLITE_TMPDIR'] ?? '';
  let path: string;
  try {
    path = await mkdtemp(join(place === '' ? tmpdir() : place, PREFIX));
  } catch (error) {
    throw temporarySpace(error);
  }
  const removeAtExit = (): void => rmSync(path, { recursive: true, force: true });
  process.once('exit', removeAtExit);
  return {
    path,
    remove: async () => {
      await rm(path, { recursive: true, force: true });
      process.off('exit', removeAtExit);
    },
  };
}

/** Says of an error of the file system's that it is the temporary folder that cannot be written. */
export function temporarySpace(error: unknown): unknown {
  if (!(error instanceof Error) || !('syscall' in error)) return error;
  return new ToolkitError({
    kind: 'artifact',
    code: 'temporary-space',
    message: `the temporary folder for unpacking the file cannot be written: ${error.message}`,
    hint: 'free some space, or name another folder with SQLITE_TMPDIR',
    cause: error,
  });
}
