import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { CHECKSUMS_FILE } from '../artifact/paths.ts';

/** The bytes of the files that the artifact's checksums cover; 0 when there is no artifact. */
export async function artifactBytes(artifact: string): Promise<number> {
  const checksums = join(artifact, CHECKSUMS_FILE);
  if (!existsSync(checksums)) return 0;
  // A line is the checksum in 64 digits, two blanks, and the path.
  const lines = (await readFile(checksums, 'utf8')).split('\n').filter((line) => line !== '');
  const sizes = await Promise.all(lines.map(async (line) => stat(join(artifact, line.slice(66)))));
  return sizes.reduce((sum, { size }) => sum + size, 0);
}
