import { rm } from 'node:fs/promises';

import { ToolkitError, reword } from '../model/errors.ts';
import { isSystemError, systemFault, type SystemFault } from '../model/system-error.ts';

const ELSEWHERE = 'choose another place with --out or --single-file';

const CODES: Readonly<Partial<Record<SystemFault, string>>> = {
  full: 'disk-full',
  disk: 'disk-error',
};

const HINTS: Readonly<Partial<Record<SystemFault, string>>> = {
  full: `free some space or ${ELSEWHERE}, then run export again`,
  'too-large': `no file may grow so large there (the limit of the file system, or \`ulimit -f\`): ${ELSEWHERE}`,
  disk: `the disk returns errors: look into the log of the system, and ${ELSEWHERE} on another disk`,
  'read-only': `the file system is mounted read-only: ${ELSEWHERE}`,
};

/**
 * Names the artifact in what the file system says to somebody who writes one; passes other errors
 * through.
 *
 * @param file which of its files, relative to its root, when it is one
 */
export function unwritable(error: unknown, artifact: string, file?: string): unknown {
  if (!isSystemError(error)) return error;
  const fault = systemFault(error);
  return new ToolkitError({
    kind: 'artifact',
    code: CODES[fault] ?? 'artifact-unwritable',
    message: `the artifact cannot be written: ${error.message}${file === undefined ? '' : `, at its ${file}`}`,
    where: { file: artifact },
    hint: HINTS[fault] ?? `check the permissions of the folder, or ${ELSEWHERE}`,
    cause: error,
  });
}

/**
 * Removes what was written before something failed.
 *
 * @param paths files and folders; they need not be there
 * @returns the error, which names what could not be removed
 */
export async function removeAfter(error: unknown, paths: readonly string[]): Promise<unknown> {
  for (const path of paths) {
    try {
      await rm(path, { recursive: true, force: true });
    } catch (refused) {
      // Where a folder on the way is a file, nothing was written.
      if (!isSystemError(refused) || systemFault(refused) === 'missing') continue;
      return withLeftBehind(error, path, refused);
    }
  }
  return error;
}

function withLeftBehind(error: unknown, path: string, refused: Error): unknown {
  if (!(error instanceof ToolkitError)) return error;
  const remove = `remove ${path} by hand, which could not be removed (${refused.message})`;
  return reword(error, { hint: error.hint === undefined ? remove : `${error.hint}; ${remove}` });
}
