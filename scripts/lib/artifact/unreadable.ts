import { ToolkitError } from '../model/errors.ts';
import { isSystemError, systemFault, type SystemFault } from '../model/system-error.ts';

const HINTS: Readonly<Partial<Record<SystemFault, string>>> = {
  disk: 'the disk returns errors: look into the log of the system, and take the artifact from another copy on another disk',
  forbidden: 'check the permissions of the file and of the folders above it',
};

/**
 * Names the file in what the file system says to somebody who reads an artifact; passes other errors
 * through.
 *
 * @param file inside an artifact relative to its root, elsewhere as the user gave it
 */
export function unreadable(error: unknown, file: string): unknown {
  if (!isSystemError(error)) return error;
  const fault = systemFault(error);
  return new ToolkitError({
    kind: 'artifact',
    code: fault === 'disk' ? 'disk-error' : 'artifact-unreadable',
    message: `the artifact cannot be read: ${error.message}`,
    where: { file },
    hint: HINTS[fault] ?? 'check the path and the disk, or take the artifact from another copy',
    cause: error,
  });
}
