import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from './temp.ts';

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
}

export interface RunningScript {
  readonly kill: (signal: NodeJS.Signals) => void;
  readonly finished: Promise<ScriptResult>;
}

export type ScriptName = 'analyze' | 'export' | 'verify' | 'import' | 'rehearse';

const READ_BY_SCRIPTS = /^(PG.*|DATABASE_URL|SQLITE_URL|NO_COLOR|FORCE_COLOR|NODE_OPTIONS)$/;
const TSX = import.meta.resolve('tsx');

const emptyFolder = temporaryFolder();

/** Starts `scripts/<name>.ts` in a process of its own, as a person would. */
export function startScript(
  name: ScriptName,
  args: readonly string[],
  options: ScriptOptions = {},
): RunningScript {
  const script = fileURLToPath(new URL(`../../scripts/${name}.ts`, import.meta.url));
  const child = spawn(process.execPath, ['--import', TSX, script, ...args], {
    cwd: options.cwd ?? emptyFolder,
    env: { ...plainEnvironment(), ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
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
