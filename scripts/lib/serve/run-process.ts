import { spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';

import { programArguments } from '../launch/program.ts';
import type { RunFiles, RunRecord } from './run-record.ts';

type ProcessMark = RunRecord['process'];

/**
 * Starts a script as a process that outlives this one: its report goes into a file, and so does what a
 * person would read.
 *
 * @param env is laid over the environment of the server; undefined takes a variable out
 */
export function spawnScript(
  name: string,
  argv: readonly string[],
  files: RunFiles,
  env: Readonly<Record<string, string | undefined>>,
): ProcessMark {
  const program = programArguments(new URL(`../../${name}.ts`, import.meta.url));
  const report = openSync(files.report, 'w', 0o600);
  const log = openSync(files.log, 'a', 0o600);
  try {
    const child = spawn(process.execPath, [...program, ...argv], {
      detached: true,
      stdio: ['ignore', report, log],
      env: { ...process.env, NO_COLOR: '1', ...env },
      windowsHide: true,
    });
    // Told by the run's state: a process that did not start is not alive.
    child.on('error', () => undefined);
    child.unref();
    const pid = child.pid ?? 0;
    return { pid, startedAt: startOf(pid) };
  } finally {
    closeSync(report);
    closeSync(log);
  }
}

/** Whether it is still the same process, and not one that got its number since. */
export function isAlive({ pid, startedAt }: ProcessMark): boolean {
  if (pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Someone else's process has the number where this is not allowed.
    return (
      error instanceof Error && 'code' in error && error.code === 'EPERM' && startedAt === null
    );
  }
  const now = startOf(pid);
  return startedAt === null || now === startedAt;
}

/** Asks a process to stop cleanly, as Ctrl-C does. @returns false when it is gone */
export function interrupt(mark: ProcessMark): boolean {
  if (!isAlive(mark)) return false;
  try {
    return process.kill(mark.pid, 'SIGINT');
  } catch {
    return false;
  }
}

/** When a process began, in the system's own words; null when it is gone or that cannot be known. */
function startOf(pid: number): string | null {
  if (pid <= 0 || process.platform === 'win32') return null;
  return process.platform === 'linux' ? startOnLinux(pid) : startByPs(pid);
}

const STATE = 0;
const START_TIME = 19;

/**
 * Clock ticks from the start of the system to that of the process; one that has ended and was not
 * waited for has none.
 *
 * Source: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
 */
function startOnLinux(pid: number): string | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name of the program, in parentheses, may hold blanks.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return fields[STATE] === 'Z' ? null : (fields[START_TIME] ?? null);
  } catch {
    return null;
  }
}

function startByPs(pid: number): string | null {
  const { status, stdout } = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
    encoding: 'utf8',
  });
  return status === 0 && stdout.trim() !== '' ? stdout.trim() : null;
}
