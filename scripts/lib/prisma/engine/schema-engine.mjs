#!/usr/bin/env node
// The Prisma CLI starts this file as its Schema Engine (PRISMA_SCHEMA_ENGINE_BINARY): it has to be one that the
// operating system can execute, hence the shebang and plain JavaScript. All else is TypeScript.

// The CLI takes every line on stderr for JSON.
process.removeAllListeners('warning');

/** A Node that runs TypeScript by itself starts in half the time that tsx takes. */
async function importMain() {
  if (process.features.typescript) return await import('./main.ts');
  const { tsImport } = await import('tsx/esm/api');
  // `tsconfig: false`: the working directory is the user's, and its tsconfig.json has no say here.
  return await tsImport('./main.ts', { parentURL: import.meta.url, tsconfig: false });
}

const { main } = await importMain();
await main();
