import type { Stats } from 'node:fs';
import { lstat } from 'node:fs/promises';

import { isSystemError, systemFault } from '../model/system-error.ts';

/**
 * What stands at a path, symbolic links not followed; undefined when nothing does.
 *
 * @throws the file system's error when that cannot be known
 */
export async function entryAt(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch (error) {
    if (isSystemError(error) && systemFault(error) === 'missing') return undefined;
    throw error;
  }
}
