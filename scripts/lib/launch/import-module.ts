import { pathToFileURL } from 'node:url';

import { isCompiled } from './program.ts';

/**
 * Imports a module of the user's, which may be TypeScript, as `tsx` loads one: a program that was
 * compiled beforehand runs without it until then.
 *
 * @param file an absolute path
 * @throws whatever the module throws, or Node where it cannot be loaded
 */
export async function importModule(file: string): Promise<unknown> {
  if (isCompiled()) await loadTypeScript();
  return await import(pathToFileURL(file).href);
}

/**
 * What `node --import tsx` does, later.
 *
 * Source: https://tsx.is/dev-api/register-hooks
 */
async function loadTypeScript(): Promise<void> {
  loading ??= registerLoaders();
  return loading;
}

let loading: Promise<void> | undefined;

async function registerLoaders(): Promise<void> {
  const [commonJs, modules] = await Promise.all([import('tsx/cjs/api'), import('tsx/esm/api')]);
  commonJs.register();
  modules.register();
}
