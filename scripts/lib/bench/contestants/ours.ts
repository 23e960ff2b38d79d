import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { programArguments } from '../../launch/program.ts';
import type { BenchRun, ContestantName } from '../../model/benchmark.ts';
import { splitPassword } from '../../postgres/url.ts';
import { runMeasured } from '../process.ts';
import { stageFailed, type Arena, type Contestant } from './contestant.ts';

/** The database with the migrations applied and no rows, of which each import gets a copy. */
export const MIGRATED_DATABASE = 'bench_migrated';
const IMPORTED_DATABASE = 'bench_import';

/** The folder that export writes. */
export function artifactIn(arena: Arena): string {
  return join(arena.folder, 'artifact');
}

/** The artifact, made now if no export was measured before. */
export async function needArtifact(arena: Arena): Promise<void> {
  if (!existsSync(artifactIn(arena))) await exportSource(arena);
}

/** The scripts of the toolkit, each as a process of its own as a user would start it. */
export function ourContestants(arena: Arena): Contestant[] {
  const artifact = artifactIn(arena);
  const { source } = arena.dataset;
  let isLoaded = false;
  const load = async (): Promise<BenchRun> => {
    const run = await importArtifact(arena);
    isLoaded = true;
    return run;
  };
  const makeTarget = async (): Promise<void> => {
    await needArtifact(arena);
    await arena.server.recreate(IMPORTED_DATABASE, MIGRATED_DATABASE);
  };
  return [
    {
      name: 'analyze',
      reads: 'source',
      prepare: async () => undefined,
      run: async () => runStage(arena, 'analyze', 'analyze', ['--source', source]),
    },
    {
      name: 'export',
      reads: 'source',
      prepare: async () => rm(artifact, { recursive: true, force: true }),
      run: async () => exportSource(arena),
    },
    {
      name: 'verify',
      reads: 'artifact',
      prepare: async () => needArtifact(arena),
      run: async () => runStage(arena, 'verify', 'verify', [artifact]),
    },
    { name: 'import', reads: 'artifact', prepare: makeTarget, run: load },
    {
      name: 'verify-target',
      reads: 'artifact',
      prepare: async () => {
        if (isLoaded) return;
        await makeTarget();
        await load();
      },
      run: async () => verifyTarget(arena),
    },
  ];
}

async function exportSource(arena: Arena): Promise<BenchRun> {
  const args = ['--source', arena.dataset.source, '--out', artifactIn(arena)];
  return runStage(arena, 'export', 'export', args);
}

async function importArtifact(arena: Arena): Promise<BenchRun> {
  const args = [artifactIn(arena), '--migrations', arena.dataset.migrations];
  const env = { DATABASE_URL: arena.server.urlOf(IMPORTED_DATABASE) };
  return runStage(arena, 'import', 'import', args, env);
}

async function verifyTarget(arena: Arena): Promise<BenchRun> {
  const { address, password } = splitPassword(arena.server.urlOf(IMPORTED_DATABASE));
  const args = [artifactIn(arena), '--target', address];
  return runStage(arena, 'verify-target', 'verify', args, { PGPASSWORD: password });
}

/** @throws ToolkitError `bench-stage-failed` when the script does not end with 0 */
export async function runStage(
  arena: Arena,
  name: ContestantName,
  script: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<BenchRun> {
  const program = programArguments(new URL(`../../../${script}.ts`, import.meta.url));
  const command = { program: process.execPath, args: [...program, ...args], env };
  const { folder, signal } = arena;
  // In a folder without a .env file and without migrations of another schema.
  const ended = await runMeasured({ ...command, cwd: folder }, join(folder, 'usage'), signal);
  if (ended.exitCode !== 0) throw stageFailed(name, ended);
  const { elapsedMs, cpuMs, peakMemoryBytes, besideMemoryBytes } = ended;
  return { elapsedMs, cpuMs, peakMemoryBytes, besideMemoryBytes };
}
