import { closeSync, lstatSync, openSync, readSync, statSync, type Stats } from 'node:fs';

import { ToolkitError } from '../model/errors.ts';
import { isSystemError, systemFault, type SystemFault } from '../model/system-error.ts';

/** The files that a script writes while it works, beside its results: `--progress-file`, `--metrics-file`. */
export type OutputFile = 'progress' | 'metrics';

/** What an output file that exists already must begin with, so that no other file is spoilt. */
const BEGINNINGS = { progress: '{', metrics: '# ' } as const;

/** The error of an output file that cannot be used; nothing has begun then. */
export function unusableFile(which: OutputFile, file: string, reason: string): ToolkitError {
  return new ToolkitError({
    kind: 'usage',
    code: 'output-file-unusable',
    message: `--${which}-file cannot be written: ${reason}`,
    where: { file },
    hint: 'nothing was begun: name a file in a folder that exists and that this user may write to',
  });
}

const REASONS: Readonly<Partial<Record<SystemFault, string>>> = {
  missing: 'there is no such folder',
  forbidden: 'this user may not write there',
  'read-only': 'the file system is mounted read-only',
  full: 'the disk is full',
};

/** Why the system refuses a file, for a person. */
export function reasonOf(error: unknown): string {
  const reason = isSystemError(error) ? REASONS[systemFault(error)] : undefined;
  return reason ?? (error instanceof Error ? error.message : String(error));
}

/**
 * Refuses what stands where an output file is to be and is none of its kind: a folder, or a file that
 * begins otherwise, such as a database whose name was given by mistake.
 *
 * @throws ToolkitError of kind `usage`
 */
export function refuseOtherFile(which: OutputFile, file: string): void {
  const stats = statsOf(which, file);
  if (stats === undefined) return;
  if (stats.isDirectory()) throw unusableFile(which, file, 'it is a folder');
  if (!stats.isFile() && which === 'metrics') {
    throw unusableFile(which, file, 'it is no regular file, and could not be replaced as a whole');
  }
  if (!stats.isFile() || stats.size === 0) return;
  const beginning = BEGINNINGS[which];
  if (readPart(which, file, 0, beginning.length) === beginning) return;
  throw unusableFile(
    which,
    file,
    'there is another file of that name, which none of the scripts wrote',
  );
}

/** Part of a file as text. */
export function readPart(which: OutputFile, file: string, offset: number, length: number): string {
  try {
    const descriptor = openSync(file, 'r');
    try {
      const bytes = Buffer.alloc(length);
      return bytes.toString('latin1', 0, readSync(descriptor, bytes, 0, length, offset));
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw unusableFile(which, file, reasonOf(error));
  }
}

/** A link counts by itself for the metrics file, which takes its place. */
function statsOf(which: OutputFile, file: string): Stats | undefined {
  const look = which === 'metrics' ? lstatSync : statSync;
  try {
    return look(file, { throwIfNoEntry: false });
  } catch (error) {
    throw unusableFile(which, file, reasonOf(error));
  }
}
