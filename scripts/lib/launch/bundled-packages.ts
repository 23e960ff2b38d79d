import { sep } from 'node:path';
import { pathToFileURL } from 'node:url';

import type { BuildOptions, Plugin } from 'esbuild';

/**
 * Packages of JavaScript alone, which start faster from one file than from the hundreds that they
 * have. The others are left where they are: they find files of theirs beside themselves.
 */
const BUNDLED: ReadonlySet<string> = new Set([
  'commander',
  'fastest-levenshtein',
  'jsonc-parser',
  'pg',
  'pg-connection-string',
  'pg-copy-streams',
  'pgpass',
  'stream-json',
  'zod',
]);

/** Prisma's adapter knows the classes of its own `pg`, which is that of the packages. */
const OF_PRISMA = ['lib', 'prisma', ''].join(sep);

/** What is no path, and a package's name in it. */
const NO_PATH = /^[^./]/;
const PACKAGE_NAME = /^(?:@[^/]+\/)?[^/]+/;

/** Puts those packages, with what they need, into the programs, and leaves the others out. */
export function bundledPackages(scripts: string): Plugin {
  return {
    name: 'bundled packages',
    setup: (build) => {
      build.onResolve({ filter: NO_PATH }, ({ path, importer }) => {
        const [, module] = importer.split(scripts + sep);
        // What a package itself imports goes with it.
        if (module === undefined) return undefined;
        const [name = ''] = PACKAGE_NAME.exec(path) ?? [];
        const isBundled = BUNDLED.has(name) && !module.startsWith(OF_PRISMA);
        return isBundled ? undefined : { path, external: true };
      });
    },
  };
}

/**
 * `pg` makes a Response to learn where it runs, for which Node loads all of fetch: here it learns it
 * without.
 */
export const WITHOUT_FETCH = { Response: 'undefined' };

/** What the packages need in one file of another kind than their own. */
export function optionsOfPackages(
  scripts: string,
): Pick<BuildOptions, 'banner' | 'external' | 'mainFields'> {
  const place = JSON.stringify(pathToFileURL(`${scripts}${sep}`).href);
  return {
    // jsonc-parser's other form hides from the compiler what it requires.
    mainFields: ['module', 'main'],
    // `pg` can do without; it is for a server that is no server here.
    external: ['pg-native'],
    // CommonJS modules require those of Node.
    banner: {
      js: `import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(${place});`,
    },
  };
}
