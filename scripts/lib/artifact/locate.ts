import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { COMPRESSED_ENDINGS, plainName } from './compression.ts';
import type { ManifestTable } from './manifest.ts';
import { DATA_FOLDER } from './paths.ts';

const ENDINGS = ['', ...Object.values(COMPRESSED_ENDINGS)];

/**
 * Finds the data files of an artifact: where there is none of the name that the manifest has, the one
 * that differs from it in how it is compressed alone, because somebody did that since.
 *
 * @returns the name of each by the one in the manifest, which is its own where nothing was found
 */
export async function locateDataFiles(
  folder: string,
  tables: readonly ManifestTable[],
): Promise<Map<string, string>> {
  // What cannot be listed is for the check of the artifact to say.
  const names = await readdir(join(folder, DATA_FOLDER)).catch(() => []);
  const present = new Set(names.map((name) => `${DATA_FOLDER}/${name}`));
  return new Map(
    tables.map(({ file }) => {
      const candidates = [file, ...ENDINGS.map((ending) => plainName(file) + ending)];
      return [file, candidates.find((name) => present.has(name)) ?? file];
    }),
  );
}
