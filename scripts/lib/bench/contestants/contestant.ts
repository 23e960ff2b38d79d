import type { Compression } from '../../artifact/compression.ts';
import type { BenchRun, ContestantName } from '../../model/benchmark.ts';
import { ToolkitError } from '../../model/errors.ts';
import type { BenchServer } from '../databases.ts';
import type { Dataset } from '../dataset/cache.ts';
import type { Ended } from '../process.ts';

/** Where the contestants of one case work. */
export interface Arena {
  readonly dataset: Dataset;
  readonly server: BenchServer;
  /** An empty folder: everything that they write goes below it. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

/** One of those that are measured. */
export interface Contestant {
  readonly name: ContestantName;
  /** What it reads. */
  readonly reads: 'source' | 'artifact' | Compression;
  /** What it needs before it can be measured; does not count. */
  readonly prepare: () => Promise<void>;
  /** @throws RivalFailed when another program than ours could not do it, ToolkitError when ours could not */
  readonly run: () => Promise<BenchRun>;
}

/** Another program could not do its work: it is left out, and the benchmark goes on. */
export class RivalFailed extends Error {}

/** The time of another program, of which nothing else is measured. @throws RivalFailed when it failed */
export function rivalRun(program: string, { elapsedMs, exitCode, outputTail }: Ended): BenchRun {
  if (exitCode !== 0) {
    const lines = outputTail.trim().split('\n');
    const reason = lines.findLast((line) => /error|fatal|exhausted/i.test(line)) ?? lines.at(-1);
    throw new RivalFailed(`${program} ended with exit code ${exitCode}: ${reason?.trim() ?? ''}`);
  }
  return timeOnly(elapsedMs);
}

/** A run of which only the time is known. */
export function timeOnly(elapsedMs: number): BenchRun {
  return { elapsedMs, cpuMs: null, peakMemoryBytes: null, besideMemoryBytes: null };
}

/** A script of ours did not end with 0. */
export function stageFailed(name: string, { exitCode, outputTail }: Ended): ToolkitError {
  return new ToolkitError({
    kind: 'target',
    code: 'bench-stage-failed',
    message: `${name} ended with exit code ${exitCode} and said:\n${outputTail.trim()}`,
    hint: 'mend what it names; a benchmark of a stage that fails would tell nothing',
  });
}
