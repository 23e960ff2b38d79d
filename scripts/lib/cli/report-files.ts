import { constants } from 'node:fs';
import { access, lstat, open, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { MANIFEST_FILE } from '../artifact/paths.ts';
import { ToolkitError } from '../model/errors.ts';
import { reportUnwritable } from './lost-output.ts';

/**
 * Writes a report to a file, which is complete or not there.
 *
 * @returns why it could not be written; null when it was
 */
export async function writeWhole(
  file: string,
  makeText: () => Promise<string>,
): Promise<ToolkitError | null> {
  const partial = `${file}.partial-${process.pid}`;
  try {
    await writeFile(partial, await makeText());
    await rename(partial, file);
    return null;
  } catch (error) {
    await rm(partial, { force: true }).catch(() => undefined);
    return reportUnwritable(error, file);
  }
}

/**
 * Looks, before anything long begins, whether a page can be written to a file: its folder is there, it
 * is none of an artifact, and no file would be replaced that is no page.
 *
 * @throws ToolkitError of kind `usage`
 */
export async function requirePlaceForPage(file: string): Promise<void> {
  const folder = dirname(file);
  if (!(await isFolder(folder))) {
    throw refuse(file, `there is no folder ${folder}`, 'make the folder first, or name another');
  }
  if (await isInArtifact(folder)) {
    const hint = 'name a file beside the artifact: its folder holds what its checksums say';
    throw refuse(file, 'it would lie in an artifact', hint);
  }
  await access(folder, constants.W_OK).catch((error: unknown) => {
    throw reportUnwritable(error, file);
  });
  if (!(await mayReplace(file))) {
    const hint = 'name another file: only a page is replaced';
    throw refuse(file, 'something else is there', hint);
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}

/** Its own folder, or one of those in it. */
async function isInArtifact(folder: string): Promise<boolean> {
  const manifests = [join(folder, MANIFEST_FILE), join(folder, '..', MANIFEST_FILE)];
  const found = await Promise.all(
    manifests.map(async (path) =>
      lstat(path).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.includes(true);
}

const PAGE_BEGINS = '<!doctype html';

async function mayReplace(path: string): Promise<boolean> {
  const stats = await lstat(path).catch(() => null);
  if (stats === null) return true;
  if (!stats.isFile()) return false;
  if (stats.size === 0) return true;
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(PAGE_BEGINS.length));
    return buffer.toString('latin1', 0, bytesRead).toLowerCase() === PAGE_BEGINS;
  } finally {
    await file.close();
  }
}

function refuse(file: string, why: string, hint: string): ToolkitError {
  return new ToolkitError({
    kind: 'usage',
    code: 'report-unwritable',
    message: `the page cannot be written: ${why}`,
    where: { file },
    hint,
  });
}
