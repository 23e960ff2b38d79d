import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { ToolkitError } from '../model/errors.ts';
import { isSystemError } from '../model/system-error.ts';

/** The files of a draft, as paths in its folder. */
export const DRAFT_FILES = {
  schema: 'schema.prisma',
  mapping: 'mapping.json',
  report: 'DRAFT.md',
  migrations: 'migrations',
} as const;

/** A file of a draft, as it is to be. */
export interface DraftFile {
  /** In the draft's folder. */
  readonly path: string;
  readonly text: string;
}

/** What became of a file: `kept` is one that differs from the draft and was not to be overwritten. */
type FileState = 'written' | 'unchanged' | 'kept';

/** A file of a draft and what became of it. */
export interface WrittenDraftFile {
  readonly path: string;
  readonly state: FileState;
}

/**
 * Writes the files of a draft. Where one of them is there with another content, nothing is written
 * at all unless `isForced`: a person has edited the draft, or the source has changed.
 *
 * @throws ToolkitError of kind `usage` when the folder cannot be written
 */
export async function writeDraftFiles(
  folder: string,
  files: readonly DraftFile[],
  isForced: boolean,
): Promise<WrittenDraftFile[]> {
  const present = await Promise.all(
    files.map(async (file) => ({ file, text: await readDraftFile(folder, file.path) })),
  );
  const isEdited = present.some(({ file, text }) => text !== null && text !== file.text);
  const mayWrite = isForced || !isEdited;
  const written: WrittenDraftFile[] = [];
  for (const { file, text } of present) {
    const { path } = file;
    if (text === file.text) written.push({ path, state: 'unchanged' });
    else if (text !== null && !mayWrite) written.push({ path, state: 'kept' });
    else if (mayWrite) {
      await writeWhole(join(folder, path), file.text, folder);
      written.push({ path, state: 'written' });
    }
  }
  return written;
}

/** The text of a file in a draft's folder; null when there is none. @throws as {@link writeDraftFiles} */
export async function readDraftFile(folder: string, path: string): Promise<string | null> {
  try {
    return await readFile(join(folder, path), 'utf8');
  } catch (error) {
    if (isSystemError(error) && ['ENOENT'].includes(error.code ?? '')) return null;
    throw unusable(error, folder);
  }
}

/** The migrations in a draft's folder, by name. @throws as {@link writeDraftFiles} */
export async function draftMigrations(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(join(folder, DRAFT_FILES.migrations), { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } catch (error) {
    if (isSystemError(error) && error.code === 'ENOENT') return [];
    throw unusable(error, folder);
  }
}

/** Writes a file so that it is there whole or not at all. */
async function writeWhole(path: string, text: string, folder: string): Promise<void> {
  const partial = `${path}.partial-${process.pid}`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(partial, text);
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true }).catch(() => undefined);
    throw unusable(error, folder);
  }
}

function unusable(error: unknown, folder: string): unknown {
  if (!isSystemError(error)) return error;
  return new ToolkitError({
    kind: 'usage',
    code: 'draft-unwritable',
    message: `the draft cannot be written: ${error.message}`,
    where: { file: folder },
    hint: 'check the permissions of the folder, or name another one with --draft',
    cause: error,
  });
}
