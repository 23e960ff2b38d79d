import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A folder with `scripts`, `package-lock.json` and `node_modules`. */
interface Project {
  readonly folder: string;
  /** Modules below `scripts` that are started as programs of their own, beside the scripts. */
  readonly programs: readonly string[];
}

const THIS_PROJECT: Project = {
  folder: fileURLToPath(new URL('../../../', import.meta.url)),
  programs: ['lib/source/integrity-process.ts', 'lib/postgres/guardian.ts'],
};
/** Where tools keep what they can make again; `npm ci` empties it. */
const CACHE = ['node_modules', '.cache', 'sqlite-to-prisma-postgres', 'compiled'];
const KEPT_VERSIONS = 8;

/**
 * Compiles the scripts to JavaScript, or finds that it is done: they start in a third of the time
 * that it takes to compile them module by module, and with half the memory. What is compiled is known
 * by the content of every source file, so that it is never older than they are.
 *
 * @returns the folder with the JavaScript of each script and program, at its place in `scripts`; null
 * where nothing can be written beside the packages, or the compiler does not run here
 */
export async function compileScripts(project: Project = THIS_PROJECT): Promise<string | null> {
  const cache = join(project.folder, ...CACHE);
  const folder = join(cache, fingerprint(project));
  if (existsSync(folder)) return folder;
  let unfinished: string | null = null;
  try {
    await mkdir(cache, { recursive: true });
    unfinished = await mkdtemp(`${folder}.`);
    const { bundle } = await import('./bundle.ts');
    const scripts = sourceFiles(project).filter((name) => !name.includes(sep));
    await bundle({
      scripts: scriptsOf(project),
      programs: [...scripts, ...project.programs],
      outdir: unfinished,
      finalFolder: folder,
    });
    await rename(unfinished, folder);
    await removeOldest(cache);
    return folder;
  } catch {
    if (unfinished !== null) await rm(unfinished, { recursive: true, force: true });
    // Another process may have been faster.
    return existsSync(folder) ? folder : null;
  }
}

/** The compiled form of a module of `scripts`; undefined where that is no program. */
export function compiledProgram(folder: string, module: string): string | undefined {
  const place = relative(scriptsOf(THIS_PROJECT), module);
  if (place.startsWith('..')) return undefined;
  const file = join(folder, place.replace(/\.ts$/, '.js'));
  return existsSync(file) ? file : undefined;
}

function scriptsOf({ folder }: Pick<Project, 'folder'>): string {
  return join(folder, 'scripts');
}

function sourceFiles(project: Project): string[] {
  const names = readdirSync(scriptsOf(project), { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.endsWith('.ts')).toSorted();
}

/** Of the sources, of where they lie, and of what compiles them. */
function fingerprint(project: Project): string {
  const hash = createHash('sha256').update(project.folder);
  const sources = sourceFiles(project).map((name) => join('scripts', name));
  for (const file of ['package-lock.json', ...sources]) {
    const content = readFileSync(join(project.folder, file));
    hash.update(`\0${file}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex').slice(0, 20);
}

async function removeOldest(cache: string): Promise<void> {
  const folders = readdirSync(cache)
    .map((name) => join(cache, name))
    .map((folder) => ({ folder, madeAt: statSync(folder).mtimeMs }))
    .toSorted((a, b) => b.madeAt - a.madeAt);
  for (const { folder } of folders.slice(KEPT_VERSIONS)) {
    await rm(folder, { recursive: true, force: true });
  }
}
