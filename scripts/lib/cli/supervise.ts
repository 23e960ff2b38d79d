import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { pathToFileURL } from 'node:url';

import { compileScripts } from '../launch/compile.ts';
import { programArguments } from '../launch/program.ts';

const PREFLIGHT = /[\\/]preflight\.cjs$/;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Whether the `tsx` command started this process, and not `node --import tsx`. */
export function isUnderTsxCommand(execArgv: readonly string[] = process.execArgv): boolean {
  return execArgv.some((argument) => PREFLIGHT.test(argument));
}

/**
 * Runs this same script in a child process and waits for it. The `tsx` command kills a process that
 * does not answer a signal within 60 ms, and SQLite may hold its thread for longer: so the process
 * that tsx sees only waits, and Ctrl-C can end the work cleanly.
 *
 * @returns the exit code for this process
 */
export async function superviseSelf(): Promise<number> {
  const child = spawn(process.execPath, await childArguments(), {
    // The channel closes when this process dies in any way, and the child ends with it.
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  const forward = (signal: NodeJS.Signals): void => void child.kill(signal);
  for (const signal of SIGNALS) process.on(signal, forward);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? exitCodeOfSignal(signal)));
  });
}

/** In the child: end when the process that supervises it is gone. */
export function endWithSupervisor(): void {
  if (process.channel === undefined) return;
  process.channel.unref();
  process.once('disconnect', () => process.exit(exitCodeOfSignal('SIGTERM')));
}

async function childArguments(): Promise<string[]> {
  const [, script = '', ...args] = process.argv;
  const compiled = await compileScripts();
  if (compiled === null) return [...withoutPreflight(process.execArgv), script, ...args];
  return [...programArguments(pathToFileURL(script), compiled), ...args];
}

function withoutPreflight(execArgv: readonly string[]): string[] {
  const index = execArgv.findIndex((argument) => PREFLIGHT.test(argument));
  return execArgv.filter((_, position) => position !== index && position !== index - 1);
}

function exitCodeOfSignal(signal: NodeJS.Signals | null): number {
  return signal === null ? 1 : 128 + constants.signals[signal];
}
