import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { ENGINE_LAUNCHER } from '../../../scripts/lib/prisma/engine-environment.ts';

/** An answer of the engine, or a request of its own (`print`). */
interface EngineMessage {
  readonly id: number | string;
  readonly method?: string;
  readonly params?: { readonly content: string };
  readonly result?: unknown;
  readonly error?: {
    readonly message: string;
    readonly data: {
      readonly is_panic: boolean;
      readonly message: string;
      readonly error_code?: string;
    };
  };
}

/** How an engine process has ended. */
export interface EngineRun {
  readonly exitCode: number | null;
  readonly messages: readonly EngineMessage[];
  /** The log lines, parsed as the Prisma CLI does. */
  readonly log: readonly { readonly level: string; readonly fields: Record<string, unknown> }[];
}

/** A request without its envelope. */
export type EngineCall = readonly [method: string, params?: object];

/** Starts the launcher as the Prisma CLI does: the file itself, from a directory that is not the project's. */
export function startEngine(
  datasource: { readonly url?: string; readonly shadowDatabaseUrl?: string },
  args: readonly string[] = [],
): ChildProcessWithoutNullStreams {
  return spawn(ENGINE_LAUNCHER, ['--datasource', JSON.stringify(datasource), ...args], {
    cwd: '/',
  });
}

/** Sends the requests, ends stdin and waits for the engine's end. */
export async function talkToEngine(
  engine: ChildProcessWithoutNullStreams,
  calls: readonly EngineCall[] = [],
): Promise<EngineRun> {
  const requests = calls.map(([method, params], index) =>
    JSON.stringify({ id: index + 1, jsonrpc: '2.0', method, params }),
  );
  engine.stdin.end(requests.map((line) => `${line}\n`).join(''));
  return await engineEnd(engine);
}

/** Collects what the engine writes until it ends. */
export async function engineEnd(engine: ChildProcessWithoutNullStreams): Promise<EngineRun> {
  const exit = new Promise<number | null>((resolve, reject) => {
    engine.once('error', reject);
    engine.once('close', resolve);
  });
  const [exitCode, stdout, stderr] = await Promise.all([
    exit,
    text(engine.stdout),
    text(engine.stderr),
  ]);
  return {
    exitCode,
    messages: parseLines<EngineMessage>(stdout),
    log: parseLines<EngineRun['log'][number]>(stderr),
  };
}

function parseLines<T>(output: string): T[] {
  return output
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}
