import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { compiledProgram } from './compile.ts';

/** Set by the compiler: the folder that the running program was compiled into. */
declare const COMPILED_SCRIPTS: string | undefined;

/**
 * The arguments with which Node runs one of our modules as a program: its JavaScript where it was
 * compiled, else the module itself, compiled while it is loaded.
 *
 * @param module a script, or one of the modules that are programs
 * @param compiled the folder to look in; by default that of the program that is running
 */
export function programArguments(module: URL, compiled = runningFolder()): string[] {
  const path = fileURLToPath(module);
  const program = compiled === null ? undefined : compiledProgram(compiled, path);
  if (program !== undefined) return ['--enable-source-maps', program];
  const loader = createRequire(import.meta.url).resolve('tsx');
  return ['--import', pathToFileURL(loader).href, path];
}

/** Whether the running program was compiled before it started. */
export function isCompiled(): boolean {
  return runningFolder() !== null;
}

function runningFolder(): string | null {
  return typeof COMPILED_SCRIPTS === 'undefined' ? null : COMPILED_SCRIPTS;
}
