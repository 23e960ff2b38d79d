import { accessSync, chmodSync, constants } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The file that the Prisma CLI starts as its Schema Engine. */
export const ENGINE_LAUNCHER = fileURLToPath(new URL('engine/schema-engine.mjs', import.meta.url));

/**
 * Makes the Prisma CLI use the WebAssembly Schema Engine that comes from npm, where it would else download a native
 * one, and keeps it from asking for a newer release. Left alone are:
 * - a `PRISMA_SCHEMA_ENGINE_BINARY` that is set already: a native engine of the user's;
 * - `PRISMA_NATIVE_SCHEMA_ENGINE=1`: the engine that Prisma itself downloads, or has downloaded;
 * - Windows, where the CLI can start nothing but an .exe file: there, too, it is Prisma's own engine.
 * @param environment of the CLI's process: changed in place
 */
export function useWasmSchemaEngine(
  environment: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
): void {
  environment['CHECKPOINT_DISABLE'] ??= '1';
  if (environment['PRISMA_SCHEMA_ENGINE_BINARY']) return;
  if (environment['PRISMA_NATIVE_SCHEMA_ENGINE'] === '1' || platform === 'win32') return;
  makeExecutable(ENGINE_LAUNCHER);
  environment['PRISMA_SCHEMA_ENGINE_BINARY'] = ENGINE_LAUNCHER;
}

/** Git keeps the permission, but archives and some file systems lose it. */
function makeExecutable(path: string): void {
  try {
    accessSync(path, constants.X_OK);
  } catch {
    try {
      chmodSync(path, 0o755);
    } catch {
      // Somebody else's file. Most commands need no engine, and for the others the CLI says that it may not start it.
    }
  }
}
