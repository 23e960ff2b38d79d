import { messageOf } from './errors.ts';
import { logLine } from './log.ts';
import { panicMessage } from './wasm.ts';

/** By this exit code the Prisma CLI knows a crash from an error. */
const EXIT_PANIC = 101;
/** How long a statement that is still running may hold up the end. Prisma's own engine waits as long. */
const SHUTDOWN_TIMEOUT_MS = 4_000;

/** What may befall the process from outside its own course of work. */
export interface ProcessEvents {
  /** Aborts when the process is told to end: by Ctrl-C, or by the CLI, which does so as soon as it needs no more. */
  readonly stop: AbortSignal;
  /** Rejects when work cannot go on: when the process is told to end, and when the engine has crashed. */
  readonly interruption: Promise<never>;
}

/** Listens to signals and to errors that nobody has caught, an engine's panic among them. */
export function listenToProcess(): ProcessEvents {
  const stop = new AbortController();
  const interruption = new Promise<never>((_resolve, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        const error = new Error(`The schema engine was ended by ${signal}.`);
        stop.abort(error);
        reject(error);
        setTimeout(() => process.exit(1), SHUTDOWN_TIMEOUT_MS).unref();
      });
    }
    for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
      process.on(event, (error: unknown) => {
        reportCrash(error);
        reject(error);
      });
    }
  });
  // Not being awaited at the moment is no fault.
  interruption.catch(() => {});
  return { stop: stop.signal, interruption };
}

/** Logs a crash, and has the process end as one when it ends. */
export function reportCrash(error: unknown): void {
  logLine('ERROR', {
    message: panicMessage() ?? messageOf(error),
    is_panic: true,
    backtrace: error instanceof Error ? (error.stack ?? '') : '',
  });
  process.exitCode = EXIT_PANIC;
}
