import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { ToolkitError } from '../model/errors.ts';

/** How to run the Prisma CLI. */
export interface PrismaOptions {
  /** The schema file, or the folder of a schema in several files. Default: the project's own. */
  readonly schemaPath?: string;
  /** Sets DATABASE_URL. Default: what the environment and `.env` say. */
  readonly databaseUrl?: string;
  /** The CLI is ended when this aborts. */
  readonly signal?: AbortSignal;
}

/** What the Prisma CLI has said. Passwords in URLs are masked. */
export interface PrismaResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

const PROJECT_ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const CONFIG_FILE = fileURLToPath(new URL('../../../prisma.config.ts', import.meta.url));

/**
 * Runs the real Prisma CLI with this project's configuration and waits for its end. It has no terminal: it asks
 * nothing, and what needs an answer fails. Paths in `args` are relative to the project's root.
 * @param args e.g. `['migrate', 'status']`
 * @returns also where the exit code is not 0
 * @throws ToolkitError of kind `interrupted` when the signal aborts
 */
export async function runPrisma(
  args: readonly string[],
  options: PrismaOptions = {},
): Promise<PrismaResult> {
  const schema = options.schemaPath === undefined ? [] : ['--schema', resolve(options.schemaPath)];
  const child = spawn(
    process.execPath,
    [prismaProgram(), ...args, '--config', CONFIG_FILE, ...schema],
    {
      cwd: PROJECT_ROOT,
      env: cliEnvironment(options),
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    },
  );
  const exit = new Promise<number>((fulfil, reject) => {
    child.once('error', reject);
    child.once('close', (code) => fulfil(code ?? 1));
  });
  try {
    const [exitCode, stdout, stderr] = await Promise.all([
      exit,
      text(child.stdout),
      text(child.stderr),
    ]);
    return { exitCode, stdout: hidePasswords(stdout), stderr: hidePasswords(stderr) };
  } catch (error) {
    if (options.signal?.aborted !== true) throw error;
    throw new ToolkitError({
      kind: 'interrupted',
      code: 'interrupted',
      message: `prisma ${args.join(' ')} was interrupted`,
      cause: error,
    });
  }
}

/** Masks the passwords of all URLs in a text: `postgresql://user:***@host`. */
export function hidePasswords(output: string): string {
  return output.replaceAll(/(\b[a-z][a-z+]*:\/\/[^\s/:@]*:)[^\s/@]*@/gi, '$1***@');
}

/** The file that `npx prisma` runs. */
export function prismaProgram(): string {
  const require = createRequire(import.meta.url);
  return require.resolve('prisma/build/index.js');
}

function cliEnvironment(options: PrismaOptions): NodeJS.ProcessEnv {
  return {
    ...process.env,
    NO_COLOR: '1',
    ...(options.databaseUrl === undefined ? {} : { DATABASE_URL: options.databaseUrl }),
  };
}
