import { ToolkitError } from '../model/errors.ts';

/** @throws ToolkitError when a file is not what it was when the artifact was checked */
export function requireSame(sha256: string, expected: string, file: string): void {
  if (sha256 !== expected) throw changedFile(file);
}

/** The error of a file that is not what it was when the artifact was checked. */
export function changedFile(file: string): ToolkitError {
  return new ToolkitError({
    kind: 'artifact',
    code: 'artifact-changed',
    message: 'the file changed since it was checked: it is not what the manifest says',
    where: { file },
    hint: 'let nothing write to the artifact, then run the same command again; if verify says that it is damaged, take another copy or export again',
  });
}
