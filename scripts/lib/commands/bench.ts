import { join, resolve } from 'node:path';

import type { BenchCase } from '../bench/cases/shape.ts';
import { startBenchServer } from '../bench/databases.ts';
import { describeMachine, findPrograms } from '../bench/machine.ts';
import { measureCase, type Measuring } from '../bench/measure-case.ts';
import { removeAbandonedWork, workFolder } from '../bench/work-folder.ts';
import { GROWTH, ratiosOf } from '../bench/ratios.ts';
import {
  OUR_STAGES,
  type Benchmark,
  type ContestantName,
  type MeasuredCase,
  type Ratio,
} from '../model/benchmark.ts';
import type { CommandContext } from '../model/progress.ts';

export interface BenchOptions {
  readonly cases: readonly BenchCase[];
  readonly scale: number;
  readonly seed: number;
  readonly rounds: number;
  /** Who is measured; null for all. */
  readonly only: readonly ContestantName[] | null;
  /** Also measure larger databases. */
  readonly growth: boolean;
  /** Where databases are kept from one run to the next; artifacts are written there too. */
  readonly cache: string;
}

/**
 * Measures the four scripts beside what else reads or loads the same rows.
 *
 * @throws ToolkitError as the embedded server and Prisma do; `bench-stage-failed` when a script fails
 */
export async function runBenchmark(
  options: BenchOptions,
  context: CommandContext,
): Promise<Omit<Benchmark, 'chart'>> {
  const programs = await findPrograms();
  const server = await startBenchServer();
  try {
    const { seed, scale, rounds, only } = options;
    const machine = await describeMachine(programs, server.version);
    const cache = resolve(options.cache);
    await removeAbandonedWork(cache);
    const how: Measuring = {
      server,
      programs,
      only,
      rounds,
      datasets: join(cache, 'datasets'),
      folder: workFolder(cache),
    };
    const cases: MeasuredCase[] = [];
    const ratios: Ratio[] = [];
    for (const benchCase of options.cases) {
      const measured = await measureCase({ benchCase, scale, seed }, how, context);
      const grown = options.growth ? await measureGrowth(benchCase, options, how, context) : null;
      cases.push(measured, ...(grown === null ? [] : [grown.memory, grown.time]));
      ratios.push(...ratiosOf(measured, grown));
    }
    return { seed, scale, rounds, machine, cases, ratios };
  } finally {
    await server.stop();
  }
}

/** Our stages alone, on larger databases of the same kind. */
async function measureGrowth(
  benchCase: BenchCase,
  { scale, seed, only }: BenchOptions,
  how: Measuring,
  context: CommandContext,
): Promise<{ readonly time: MeasuredCase; readonly memory: MeasuredCase }> {
  const stages = OUR_STAGES.filter((stage) => only?.includes(stage) !== false);
  const atScale = async (times: number): Promise<MeasuredCase> =>
    measureCase({ benchCase, scale: scale * times, seed }, { ...how, only: stages }, context);
  return { memory: await atScale(GROWTH.memory), time: await atScale(GROWTH.time) };
}
