import { spawn } from 'node:child_process';
import { performance } from 'node:perf_hooks';

import { programArguments } from '../launch/program.ts';
import { quoteWord } from '../model/shell.ts';
import { hidePasswords, prismaProgram } from '../prisma/cli.ts';

/** One command of the rehearsal: how a person types it, and what is started for it. */
export interface Step {
  readonly shown: string;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export interface StepResult {
  readonly command: string;
  readonly exitCode: number;
  readonly elapsedMs: number;
}

/** A script of the toolkit, e.g. `npx tsx scripts/export.ts --source shop.db`. */
export function scriptStep(
  name: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Step {
  return {
    shown: shownEnv(env) + ['npx', 'tsx', `scripts/${name}.ts`, ...args].map(quoteWord).join(' '),
    argv: [...programArguments(new URL(`../../${name}.ts`, import.meta.url)), ...args],
    env,
  };
}

/** The variables of a step in front of its command line, passwords masked. */
function shownEnv(env: Readonly<Record<string, string>>): string {
  return Object.entries(env)
    .map(([name, value]) => [name, name === 'PGPASSWORD' ? '***' : hidePasswords(value)] as const)
    .map(([name, value]) => `${name}=${quoteWord(value)} `)
    .join('');
}

/** A command of the Prisma CLI, e.g. `npx prisma migrate deploy`. */
export function prismaStep(args: readonly string[], env: Readonly<Record<string, string>>): Step {
  return {
    shown: shownEnv(env) + ['npx', 'prisma', ...args].map(quoteWord).join(' '),
    argv: [prismaProgram(), ...args],
    env,
  };
}

/** Runs a step with its output going straight to the person, and waits for its end. */
export async function runStep(step: Step): Promise<StepResult> {
  const startedAt = performance.now();
  const exitCode = await new Promise<number>((resolve, reject) => {
    const child = spawn(process.execPath, step.argv, {
      // The child's report is for people here; stdout stays free for the rehearsal's own.
      stdio: ['inherit', process.stderr, process.stderr],
      env: { ...process.env, ...step.env },
    });
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 130));
  });
  return { command: step.shown, exitCode, elapsedMs: Math.round(performance.now() - startedAt) };
}
