import { spawn } from 'node:child_process';
import { open, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import type { Account } from './account.ts';

/** What the server's programs may see of our environment. The rest (PG*, LC_*, TZ, secrets) must not shape a server. */
const INHERITED_VARIABLES = [
  'PATH',
  'LD_LIBRARY_PATH',
  'DYLD_LIBRARY_PATH',
  'SystemRoot',
  'SystemDrive',
  'windir',
  'COMSPEC',
  'TEMP',
  'TMP',
  'TMPDIR',
];

const LOG_TAIL_LINES = 20;

/** The environment in which the server and its helpers run: locale C, UTC, nothing of the user's settings. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = { LC_ALL: 'C', TZ: 'UTC' };
  for (const name of INHERITED_VARIABLES) {
    const value = process.env[name];
    if (value !== undefined) environment[name] = value;
  }
  return environment;
}

export interface ProgramRun {
  readonly program: string;
  readonly args: readonly string[];
  readonly account: Account | undefined;
  /** Both output streams are appended here. A file, not a pipe: the server that `pg_ctl` leaves behind would hold a pipe open on Windows. */
  readonly logFile: string;
}

/**
 * Runs one of the server's programs to its end and resolves to its exit code.
 * @throws the system's error when the program cannot be started
 */
export async function runProgram(run: ProgramRun): Promise<number> {
  const log = await open(run.logFile, 'a');
  try {
    return await new Promise<number>((resolve, reject) => {
      const child = spawn(run.program, run.args, {
        ...run.account,
        // The current directory may be closed to the account.
        cwd: tmpdir(),
        env: serverEnvironment(),
        stdio: ['ignore', log.fd, log.fd],
        windowsHide: true,
      });
      child.once('error', reject);
      child.once('exit', (code) => {
        resolve(code ?? 1);
      });
    });
  } finally {
    await log.close();
  }
}

/** The last lines of the log files that exist, oldest first, as one text. */
export async function readLogTail(...logFiles: readonly string[]): Promise<string> {
  const texts = await Promise.all(
    logFiles.map(async (file) => readFile(file, 'utf8').catch(() => '')),
  );
  const lines = texts.flatMap((text) => text.split(/\r?\n/)).filter((line) => line.trim() !== '');
  return lines.slice(-LOG_TAIL_LINES).join('\n');
}
