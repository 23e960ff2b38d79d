import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** What a test that needs a browser says where there is none. */
export const NO_CHROMIUM =
  'no Chromium: install it (apt-get install chromium), or say with CHROMIUM where it is';

/** The program of a Chromium on this machine: the one that CHROMIUM names, or the first in PATH. */
export function findChromium(): string | undefined {
  const { CHROMIUM: named, PATH = '' } = process.env;
  if (named !== undefined) return named;
  return PATH.split(delimiter)
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .find((path) => existsSync(path));
}
