import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { build, type Plugin } from 'esbuild';

import { WITHOUT_FETCH, bundledPackages, optionsOfPackages } from './bundled-packages.ts';

/** What is compiled, and where to. */
interface Bundle {
  /** The folder with the sources. */
  readonly scripts: string;
  /** The modules in it that are started as programs. */
  readonly programs: readonly string[];
  /** Where the JavaScript is written, each program at its place in `scripts`. */
  readonly outdir: string;
  /** Where it will be when it runs. */
  readonly finalFolder: string;
}

/**
 * Compiles programs into JavaScript that shares what they have in common.
 *
 * @throws what the compiler throws
 */
export async function bundle({ scripts, programs, outdir, finalFolder }: Bundle): Promise<void> {
  await build({
    entryPoints: programs.map((name) => join(scripts, name)),
    outdir,
    outbase: scripts,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    minifyWhitespace: true,
    sourcemap: 'linked',
    sourcesContent: false,
    logLevel: 'silent',
    define: { COMPILED_SCRIPTS: JSON.stringify(finalFolder), ...WITHOUT_FETCH },
    plugins: [MODULES_KEEP_THEIR_PLACES, bundledPackages(scripts)],
    ...optionsOfPackages(scripts),
  });
}

/** What a module finds beside itself is beside its source, wherever its JavaScript is. */
const MODULES_KEEP_THEIR_PLACES: Plugin = {
  name: 'modules keep their places',
  setup: (build) => {
    build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const place = JSON.stringify(pathToFileURL(path).href);
      const source = await readFile(path, 'utf8');
      return { contents: source.replaceAll('import.meta.url', () => place), loader: 'ts' };
    });
  },
};
