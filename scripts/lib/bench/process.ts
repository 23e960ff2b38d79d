import { spawn } from 'node:child_process';
import { mkdir, readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';

import * as z from 'zod';

import type { BenchRun } from '../model/benchmark.ts';
import { sum } from './statistics.ts';

/** A program to run and to measure. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** Set on top of our own environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** What it reads from its standard input. */
  readonly input?: string;
}

/** A program that ended. */
export interface Ended {
  readonly elapsedMs: number;
  readonly exitCode: number;
  /** The end of what it wrote to its standard output and error. */
  readonly outputTail: string;
}

const TAIL_LENGTH = 4000;
const HOOK = new URL('resource-hook.mjs', import.meta.url);
const usageSchema = z.object({ peakMemoryBytes: z.number(), cpuMs: z.number() });

/**
 * Runs a program to its end. The time counts from its start, Node's own included.
 *
 * @throws the system's error when it cannot be started, AbortError when the signal ended it
 */
export async function runTimed(command: Command, signal: AbortSignal): Promise<Ended> {
  signal.throwIfAborted();
  const startedAt = performance.now();
  const child = spawn(command.program, command.args, {
    cwd: command.cwd,
    env: { ...process.env, ...command.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const end = (): void => void child.kill('SIGTERM');
  signal.addEventListener('abort', end);
  let outputTail = '';
  const keepTail = (text: string): void => {
    outputTail = (outputTail + text).slice(-TAIL_LENGTH);
  };
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', keepTail);
  // A program that does not read to the end is judged by its exit code.
  child.stdin.on('error', () => undefined).end(command.input ?? '');
  try {
    const exitCode = await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve(code ?? 130));
    });
    signal.throwIfAborted();
    return { elapsedMs: performance.now() - startedAt, exitCode, outputTail };
  } finally {
    signal.removeEventListener('abort', end);
  }
}

/** As {@link runTimed}, of a Node program: its memory and processor time too, and those of each Node process that it starts. */
export async function runMeasured(
  command: Command,
  usageFolder: string,
  signal: AbortSignal,
): Promise<Ended & Omit<BenchRun, 'elapsedMs'>> {
  await rm(usageFolder, { recursive: true, force: true });
  await mkdir(usageFolder, { recursive: true });
  const hook = new URL(HOOK);
  hook.searchParams.set('folder', usageFolder);
  const options = [process.env['NODE_OPTIONS'], `--import=${hook.href}`].filter(Boolean).join(' ');
  const env = { ...command.env, NODE_OPTIONS: options };
  const ended = await runTimed({ ...command, env }, signal);
  const files = await readdir(usageFolder);
  const usages = await Promise.all(
    files.map(async (file) =>
      usageSchema.parse(JSON.parse(await readFile(join(usageFolder, file), 'utf8'))),
    ),
  );
  const memory = usages.map(({ peakMemoryBytes }) => peakMemoryBytes);
  const largest = Math.max(0, ...memory);
  return {
    ...ended,
    cpuMs: sum(usages.map(({ cpuMs }) => cpuMs)),
    peakMemoryBytes: largest,
    besideMemoryBytes: sum(memory) - largest,
  };
}
