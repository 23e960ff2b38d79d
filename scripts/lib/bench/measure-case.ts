import { mkdir, rm } from 'node:fs/promises';

import type { BenchRun, ContestantName, MeasuredCase, Measurement } from '../model/benchmark.ts';
import type { CommandContext } from '../model/progress.ts';
import { migrateDeploy } from '../prisma/migrate.ts';
import { artifactBytes } from './artifact-bytes.ts';
import { RivalFailed, type Arena, type Contestant } from './contestants/contestant.ts';
import { compressedIn } from './contestants/compressed.ts';
import { contestantsOf, missingProgram } from './contestants/index.ts';
import { MIGRATED_DATABASE, artifactIn } from './contestants/ours.ts';
import type { BenchServer } from './databases.ts';
import { openDataset, type Dataset, type DatasetKey } from './dataset/cache.ts';
import type { Programs } from './machine.ts';
import { largest, median } from './statistics.ts';

/** How a case is measured. */
export interface Measuring {
  readonly server: BenchServer;
  readonly programs: Programs;
  /** Who is measured; null for all. */
  readonly only: readonly ContestantName[] | null;
  readonly rounds: number;
  /** The folder of the datasets. */
  readonly datasets: string;
  /** Where the work is done; made and removed here. */
  readonly folder: string;
}

/** Who needs a database with the migrations applied. */
const LOADERS = ['import', 'verify-target', 'floor'] as const satisfies readonly ContestantName[];

/** What has been measured of one contestant so far. */
interface Tally {
  readonly contestant: Contestant;
  readonly runs: BenchRun[];
  missing: string | null;
}

/**
 * Measures a case: in each round all contestants, one after the other.
 *
 * @throws ToolkitError `bench-stage-failed` when a script of ours fails; the signal's reason when aborted
 */
export async function measureCase(
  key: DatasetKey,
  how: Measuring,
  context: CommandContext,
): Promise<MeasuredCase> {
  const dataset = await openDataset(key, how.datasets, context);
  const { server, folder, programs } = how;
  await mkdir(folder, { recursive: true });
  try {
    if (LOADERS.some((name) => isWanted(name, how))) {
      await makeMigratedDatabase(dataset, server, context);
    }
    const arena: Arena = { dataset, server, folder, signal: context.signal };
    const tallies = contestantsOf(arena)
      .filter(({ name }) => isWanted(name, how))
      .map((contestant): Tally => {
        const missing = missingProgram(contestant.name, programs);
        return { contestant, runs: [], missing };
      });
    await measureRounds(tallies, key, how.rounds, context);
    const sizes = {
      source: dataset.sourceBytes,
      artifact: await artifactBytes(artifactIn(arena)),
      gzip: await artifactBytes(compressedIn(arena, 'gzip')),
      zstd: await artifactBytes(compressedIn(arena, 'zstd')),
    };
    return {
      name: key.benchCase.name,
      scale: key.scale,
      totalTables: dataset.tables.length,
      totalRows: dataset.totalRows,
      sourceBytes: sizes.source,
      artifactBytes: sizes.artifact,
      compressedBytes: { gzip: sizes.gzip, zstd: sizes.zstd },
      measurements: tallies.map((tally) =>
        summarize(tally, dataset.totalRows, sizes[tally.contestant.reads]),
      ),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function isWanted(name: ContestantName, { only }: Measuring): boolean {
  return only === null || only.includes(name);
}

async function makeMigratedDatabase(
  { prismaSchema }: Dataset,
  server: BenchServer,
  { progress, signal }: CommandContext,
): Promise<void> {
  const activity = progress.start('applying the migrations', null);
  try {
    await server.recreate(MIGRATED_DATABASE);
    const databaseUrl = server.urlOf(MIGRATED_DATABASE);
    await migrateDeploy({ databaseUrl, schemaPath: prismaSchema, signal });
  } finally {
    activity.done();
  }
}

async function measureRounds(
  tallies: readonly Tally[],
  { benchCase, scale }: DatasetKey,
  rounds: number,
  { progress, signal }: CommandContext,
): Promise<void> {
  for (let round = 1; round <= rounds; round++) {
    for (const tally of tallies) {
      if (tally.missing !== null) continue;
      signal.throwIfAborted();
      const label = `${benchCase.name}, scale ${scale}, round ${round} of ${rounds}: ${tally.contestant.name}`;
      const activity = progress.start(label, null);
      try {
        await measureOnce(tally);
      } finally {
        activity.done();
      }
      const seconds = ((tally.runs.at(-1)?.elapsedMs ?? 0) / 1000).toFixed(2);
      progress.note(`${label} ${tally.missing ?? `${seconds} s`}`);
    }
  }
}

/** @throws whatever a script of ours throws */
async function measureOnce(tally: Tally): Promise<void> {
  await tally.contestant.prepare();
  try {
    tally.runs.push(await tally.contestant.run());
  } catch (error) {
    if (!(error instanceof RivalFailed)) throw error;
    tally.missing = error.message;
  }
}

function summarize(
  { contestant, runs, missing }: Tally,
  totalRows: number,
  readsBytes: number,
): Measurement {
  const medianMs = missing === null ? median(runs.map(({ elapsedMs }) => elapsedMs)) : null;
  const perSecond = (amount: number): number | null =>
    medianMs === null || medianMs === 0 ? null : (amount / medianMs) * 1000;
  return {
    contestant: contestant.name,
    readsBytes,
    missing,
    runs,
    medianMs,
    rowsPerSecond: perSecond(totalRows),
    bytesPerSecond: perSecond(readsBytes),
    peakMemoryBytes: largest(runs.map(({ peakMemoryBytes }) => peakMemoryBytes)),
    besideMemoryBytes: largest(runs.map(({ besideMemoryBytes }) => besideMemoryBytes)),
  };
}
