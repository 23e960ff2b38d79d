import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ToolkitError } from '../../model/errors.ts';
import { isSystemError, systemFault } from '../../model/system-error.ts';
import { removeAfter } from '../unwritable.ts';

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
  const chosen = env['SQLITE_TMPDIR'] ?? '';
  const place = chosen === '' ? tmpdir() : chosen;
  let path: string;
  try {
    path = await mkdtemp(join(place, PREFIX));
  } catch (error) {
    throw temporarySpace(error, place);
  }
  const removeAtExit = (): void => {
    try {
      rmSync(path, { recursive: true, force: true });
    } catch {
      // Whatever the process ends with says more.
    }
  };
  process.once('exit', removeAtExit);
  return {
    path,
    remove: async () => {
      await removeAfter(undefined, [path]);
      process.off('exit', removeAtExit);
    },
  };
}

/**
 * Says of an error of the file system's that it is the temporary folder that cannot be written.
 *
 * @param place the folder that holds it
 */
export function temporarySpace(error: unknown, place: string): unknown {
  if (!isSystemError(error)) return error;
  const isFull = ['full', 'too-large'].includes(systemFault(error));
  return new ToolkitError({
    kind: 'artifact',
    code: 'temporary-space',
    message: `the temporary folder for unpacking the file cannot be written: ${error.message}`,
    where: { file: place },
    hint: `${isFull ? 'see that the whole artifact has room there' : 'see that you may write there'}, or name another folder with SQLITE_TMPDIR`,
    cause: error,
  });
}
