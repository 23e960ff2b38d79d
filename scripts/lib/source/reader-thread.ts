import { Worker } from 'node:worker_threads';

import BetterSqlite3 from 'better-sqlite3';

import { ToolkitError } from '../model/errors.ts';
import type { SqliteValue } from '../model/values.ts';
import { CONNECTION_OPTIONS, CONNECTION_PRAGMAS } from './open.ts';

/** What a thread is asked to do; `reader-thread.mjs` does it. */
type Request =
  | { readonly action: 'mark' | 'begin' | 'end' }
  | { readonly action: 'read'; readonly sql: string; readonly parameters: readonly SqliteValue[] };

interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string; readonly code?: string | undefined };
}

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (reason: unknown) => void;
}

/** A connection to a database on a thread of its own. */
export interface ReaderThread {
  /** How many requests it has not answered yet. */
  readonly pending: number;
  /** @throws SqliteError, or ToolkitError of kind `source` when the thread is lost */
  ask(request: Request): Promise<unknown>;
  /** Answers what it was asked before, and ends. */
  close(): Promise<void>;
}

/** How long another process's lock is waited for: without this connection, all goes on with one less. */
const LOCK_TIMEOUT_MS = 1000;
/** Each page is read once, so that a large cache is of no use. https://www.sqlite.org/pragma.html#pragma_cache_size */
const CACHE = 'cache_size = -2000';
/** What is read lies outside the heap, which needs little more than the modules. */
const HEAP = { maxYoungGenerationSizeMb: 2 };

/** Starts a thread and opens the database there, read-only; what fails is told by its first answer. */
export function startReaderThread(path: string): ReaderThread {
  const worker = new Worker(new URL('reader-thread.mjs', import.meta.url), {
    workerData: {
      path,
      options: { ...CONNECTION_OPTIONS, timeout: LOCK_TIMEOUT_MS },
      pragmas: [...CONNECTION_PRAGMAS, CACHE],
    },
    resourceLimits: HEAP,
    execArgv: [],
  });
  const waiting = new Map<number, Waiting>();
  const { loss, ended } = watch(worker, waiting, path);
  let nextId = 0;
  return {
    get pending() {
      return waiting.size;
    },
    ask: async (request) =>
      new Promise((resolve, reject) => {
        const lost = loss();
        if (lost !== undefined) {
          reject(lost);
          return;
        }
        const id = nextId++;
        waiting.set(id, { resolve, reject });
        worker.postMessage({ id, ...request }, []);
      }),
    close: async () => {
      worker.postMessage({ action: 'close' }, []);
      await ended;
    },
  };
}

/** Hands each answer to the one who waits for it; all of them learn of it when the thread ends. */
function watch(
  worker: Worker,
  waiting: Map<number, Waiting>,
  path: string,
): { loss: () => Error | undefined; ended: Promise<void> } {
  let lost: Error | undefined;
  const lose = (cause?: Error): void => {
    lost ??= readerLost(path, cause);
    for (const { reject } of waiting.values()) reject(lost);
    waiting.clear();
  };
  worker.on('message', ({ id, result, error }: Answer) => {
    const asked = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) asked?.resolve(result);
    else asked?.reject(asError(error));
  });
  worker.on('error', lose);
  const ended = new Promise<void>((resolve) => {
    worker.once('exit', () => {
      lose();
      resolve();
    });
  });
  return { loss: () => lost, ended };
}

function asError({ message, code }: NonNullable<Answer['error']>): Error {
  return code === undefined ? new Error(message) : new BetterSqlite3.SqliteError(message, code);
}

function readerLost(file: string, cause?: Error): ToolkitError {
  const reason = cause === undefined ? '' : `: ${cause.message}`;
  return new ToolkitError({
    kind: 'source',
    code: 'source-reader-lost',
    message: `a thread that read the file ended before it was done${reason}`,
    where: { file },
    hint: 'run it again; where memory is short, export with --jobs 1, which reads on one thread alone',
    cause,
  });
}
