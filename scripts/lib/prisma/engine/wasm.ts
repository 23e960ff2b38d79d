import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type * as engine from '@prisma/schema-engine-wasm';

/** The class of Prisma's Schema Engine, and the Git hash of the sources it was built from. */
export interface EngineModule {
  readonly SchemaEngine: typeof engine.SchemaEngine;
  readonly version: () => string;
}

type WasmExports = Readonly<Record<string, unknown>>;

type Glue = typeof engine & {
  __wbg_set_wasm(exports: WasmExports): void;
};

declare global {
  /** The part of it that is used here; TypeScript has the whole in its library for browsers only. */
  var WebAssembly: {
    readonly RuntimeError: ErrorConstructor;
    instantiate(
      bytes: Uint8Array,
      imports: Readonly<Record<string, object>>,
    ): Promise<{ readonly instance: { readonly exports: WasmExports } }>;
  };
  /** The engine calls this by its name when it panics. */
  var PRISMA_WASM_PANIC_REGISTRY: { set_message(message: string): void } | undefined;
}

/**
 * Loads Prisma's Schema Engine as WebAssembly. The package's own entry is written for bundlers (it imports the
 * .wasm file as a module), so its parts are put together here as that entry does. They hold one instance at most.
 */
export function loadEngineModule(): Promise<EngineModule> {
  return (loading ??= instantiate());
}

let loading: Promise<EngineModule> | undefined;

async function instantiate(): Promise<EngineModule> {
  globalThis.PRISMA_WASM_PANIC_REGISTRY = {
    set_message: (message) => {
      lastPanicMessage = message;
    },
  };
  const glueUrl = import.meta.resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const bytes = await readFile(fileURLToPath(new URL('schema_engine_bg.wasm', glueUrl)));
  const glue = (await import(glueUrl)) as Glue;
  const { instance } = await WebAssembly.instantiate(bytes, {
    './schema_engine_bg.js': glue,
  });
  glue.__wbg_set_wasm(instance.exports);
  const start = instance.exports['__wbindgen_start'];
  if (typeof start === 'function') start();
  return { SchemaEngine: glue.SchemaEngine, version: glue.version };
}

let lastPanicMessage: string | undefined;

/** Why the engine has panicked, if it has. */
export function panicMessage(): string | undefined {
  return lastPanicMessage;
}

/** Whether the error is a panic of the engine, after which it can answer nothing. */
export function isPanic(error: unknown): boolean {
  return error instanceof WebAssembly.RuntimeError;
}
