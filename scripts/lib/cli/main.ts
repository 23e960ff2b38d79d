import { isUnderTsxCommand, superviseSelf } from './supervise.ts';

/** Runs a script's module as the main job; the module is only loaded where it is run. */
export async function main(script: () => Promise<() => Promise<void>>): Promise<void> {
  if (isUnderTsxCommand()) {
    process.exitCode = await superviseSelf();
    return;
  }
  const run = await script();
  await run();
}
