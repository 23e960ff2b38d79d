import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { compileScripts } from '../../scripts/lib/launch/compile.ts';
import { programArguments } from '../../scripts/lib/launch/program.ts';

/** A script that ended. */
export interface ScriptResult {
  /** null when a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** stdout as the one JSON document that it must be with `--json`. */
  readonly json: () => unknown;
}

export interface ScriptOptions {
  /** The folder to run in. Default: an empty one, so that no `.env` and no migrations folder is found. */
  readonly cwd?: string;
  /** Set on top of an environment without any variable that the scripts read. */
  readonly env?: Readonly<Record<string, string>>;
  /** No file that the script writes may grow larger: the system then refuses the write. Default: no limit. */
  readonly maxFileBytes?: number;
  /** A file to be its standard output; what is written there is not in the result. Default: a pipe. */
  readonly stdoutFile?: string;
  /** Nobody reads what it writes: its pipes are closed from the beginning. */
  readonly isUnread?: boolean;
}

export interface RunningScript {
  readonly kill: (signal: NodeJS.Signals) => void;
  readonly finished: Promise<ScriptResult>;
}

export type ScriptName =
  'analyze' | 'export' | 'verify' | 'import' | 'rehearse' | 'bench' | 'serve';

const READ_BY_SCRIPTS = /^(PG.*|DATABASE_URL|SQLITE_URL|NO_COLOR|FORCE_COLOR|NODE_OPTIONS)$/;
const COMPILED = await compileScripts();

/** Removed when the process ends: test files share this module, and `temporaryFolder` ends with the file that asks first. */
const emptyFolder = mkdtempSync(join(tmpdir(), 'toolkit-test-'));
process.once('exit', () => rmSync(emptyFolder, { recursive: true, force: true }));

/** Starts `scripts/<name>.ts` in a process of its own, as a person would. */
export function startScript(
  name: ScriptName,
  args: readonly string[],
  options: ScriptOptions = {},
): RunningScript {
  const script = new URL(`../../scripts/${name}.ts`, import.meta.url);
  const command = [process.execPath, ...programArguments(script, COMPILED), ...args];
  const [program = '', ...rest] =
    options.maxFileBytes === undefined ? command : [...limitedTo(options.maxFileBytes), ...command];
  const { stdoutFile } = options;
  const stdout = stdoutFile === undefined ? undefined : openSync(stdoutFile, 'w');
  const child = spawn(program, rest, {
    cwd: options.cwd ?? emptyFolder,
    env: { ...plainEnvironment(), ...options.env },
    stdio: ['ignore', stdout ?? 'pipe', 'pipe'],
  });
  if (stdout !== undefined) closeSync(stdout);
  if (options.isUnread === true) for (const pipe of [child.stdout, child.stderr]) pipe?.destroy();
  return { kill: (signal) => void child.kill(signal), finished: collect(child) };
}

/** Runs `scripts/<name>.ts` to its end. */
export async function runScript(
  name: ScriptName,
  args: readonly string[],
  options: ScriptOptions = {},
): Promise<ScriptResult> {
  return startScript(name, args, options).finished;
}

const BYTES_OF_ULIMIT = 512;

/** Source: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/ulimit.html */
function limitedTo(bytes: number): readonly string[] {
  const blocks = Math.floor(bytes / BYTES_OF_ULIMIT);
  return ['/bin/sh', '-c', 'ulimit -f "$0" && exec "$@"', String(blocks)];
}

function plainEnvironment(): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !READ_BY_SCRIPTS.test(name)),
  );
}

async function collect(child: ChildProcess): Promise<ScriptResult> {
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode, signal) => {
      resolve({ exitCode, signal, stdout, stderr, json: () => JSON.parse(stdout) as unknown });
    });
  });
}
