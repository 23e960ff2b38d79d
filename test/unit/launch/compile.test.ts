import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

import { describe, expect, test } from 'vitest';

import { compileScripts, compiledProgram } from '../../../scripts/lib/launch/compile.ts';
import { programArguments } from '../../../scripts/lib/launch/program.ts';
import { temporaryFolder } from '../../support/temp.ts';

const run = promisify(execFile);
const SCRIPTS = new URL('../../../scripts/', import.meta.url);

/** A project with one script, which prints what a module of it is and where it lies. */
function project(word = 'one'): { folder: string; programs: string[] } {
  const folder = temporaryFolder();
  write(join(folder, 'package-lock.json'), '{}');
  write(
    join(folder, 'scripts/say.ts'),
    `import { word, place } from './lib/word.ts';\nconsole.log(word, place);\n`,
  );
  writeWord(folder, word);
  mkdirSync(join(folder, 'node_modules'));
  return { folder, programs: ['lib/word.ts'] };
}

function writeWord(folder: string, word: string): void {
  write(
    join(folder, 'scripts/lib/word.ts'),
    `export const word: string = '${word}';\nexport const place = import.meta.url;\n`,
  );
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

async function said(folder: string | null): Promise<string> {
  const { stdout } = await run(process.execPath, [join(folder ?? '', 'say.js')]);
  return stdout.trim();
}

describe('compileScripts', () => {
  test('makes programs whose modules keep their places', async () => {
    const own = project();
    const compiled = await compileScripts(own);
    const place = pathToFileURL(join(own.folder, 'scripts/lib/word.ts')).href;
    expect(await said(compiled)).toBe(`one ${place}`);
  });

  test('finds what is compiled, and compiles again what has changed', async () => {
    const own = project();
    const first = await compileScripts(own);
    expect(await compileScripts(own)).toBe(first);
    writeWord(own.folder, 'two');
    const second = await compileScripts(own);
    expect(second).not.toBe(first);
    expect(await said(second)).toMatch(/^two /);
    writeWord(own.folder, 'one');
    expect(await compileScripts(own)).toBe(first);
    write(join(own.folder, 'package-lock.json'), '{"lockfileVersion": 3}');
    expect(await compileScripts(own)).not.toBe(first);
  });

  test('gives all of many processes at once the same programs', async () => {
    const own = project();
    const folders = await Promise.all(Array.from({ length: 4 }, () => compileScripts(own)));
    expect(new Set(folders).size).toBe(1);
    const [folder] = folders;
    expect(readdirSync(dirname(folder ?? ''))).toHaveLength(1);
  });

  test('keeps the last versions only', async () => {
    const own = project();
    let last: string | null = null;
    for (let version = 0; version < 10; version++) {
      writeWord(own.folder, `version${version}`);
      last = await compileScripts(own);
    }
    expect(readdirSync(dirname(last ?? ''))).toHaveLength(8);
    expect(await said(last)).toMatch(/^version9 /);
  });

  test('gives up where it may not write, and where the sources are none', async () => {
    const unwritable = project();
    rmSync(join(unwritable.folder, 'node_modules'), { recursive: true });
    write(join(unwritable.folder, 'node_modules'), 'a file');
    expect(await compileScripts(unwritable)).toBeNull();
    const broken = project();
    write(join(broken.folder, 'scripts/lib/word.ts'), 'export const = ;');
    expect(await compileScripts(broken)).toBeNull();
    expect(
      readdirSync(join(broken.folder, 'node_modules/.cache/sqlite-to-prisma-postgres/compiled')),
    ).toEqual([]);
  });
});

describe('programArguments', () => {
  test('names the JavaScript of every script and program', async () => {
    const compiled = (await compileScripts()) ?? '';
    const names = readdirSync(SCRIPTS).filter((name) => name.endsWith('.ts'));
    expect(names).toContain('import.ts');
    const programs = ['lib/source/integrity-process.ts', 'lib/postgres/guardian.ts'];
    for (const name of [...names, ...programs]) {
      const file = compiledProgram(compiled, fileURLToPath(new URL(name, SCRIPTS)));
      expect(file).toBe(join(compiled, name.replace(/\.ts$/, '.js')));
      expect(programArguments(new URL(name, SCRIPTS), compiled).at(-1)).toBe(file);
    }
  });

  test('has Node compile the module itself where nothing is compiled', () => {
    const script = new URL('import.ts', SCRIPTS);
    const args = ['--import', import.meta.resolve('tsx'), fileURLToPath(script)];
    expect(programArguments(script)).toEqual(args);
    expect(programArguments(script, temporaryFolder())).toEqual(args);
    expect(compiledProgram(temporaryFolder(), '/somewhere/else.ts')).toBeUndefined();
  });

  test('has the packages of plain JavaScript in it, and of zod no more than is used', async () => {
    const compiled = (await compileScripts()) ?? '';
    const packages = new Set<string>();
    const files = readdirSync(compiled).filter((name) => name.endsWith('.map'));
    for (const file of files) {
      const map = JSON.parse(readFileSync(join(compiled, file), 'utf8')) as { sources: string[] };
      for (const source of map.sources) {
        const [, path] = join(compiled, source).split('/node_modules/');
        if (path !== undefined) packages.add(path);
      }
    }
    expect(packages).toContain('pg/lib/client.js');
    expect(packages).toContain('zod/v4/core/core.js');
    expect([...packages].filter((path) => path.startsWith('zod/v4/locales/'))).toEqual([
      'zod/v4/locales/en.js',
    ]);
    expect([...packages].filter((path) => path.startsWith('better-sqlite3/'))).toEqual([]);
  });

  test('starts the program that prints its help', async () => {
    const script = new URL('verify.ts', SCRIPTS);
    const { stdout } = await run(process.execPath, [
      ...programArguments(script, await compileScripts()),
      '--help',
    ]);
    expect(stdout).toContain('scripts/verify.ts exports/');
  });
});
