import { access, chmod, chown, mkdir, mkdtemp, readdir, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ToolkitError } from '../model/errors.ts';
import type { Account } from './account.ts';

/**
 * Makes the directory of a server, closed to all but the account that it runs as.
 * @param wanted a path; without it a new temporary directory
 * @returns its absolute path
 * @throws ToolkitError `embedded-postgres-directory` when there is something in it
 */
export async function prepareServerDirectory(
  wanted: string | undefined,
  account: Account | undefined,
): Promise<string> {
  const directory =
    wanted === undefined
      ? await mkdtemp(join(await realpath(tmpdir()), 'embedded-postgres-'))
      : resolve(wanted);
  await mkdir(directory, { recursive: true });
  if ((await readdir(directory)).length > 0) {
    throw new ToolkitError({
      kind: 'target',
      code: 'embedded-postgres-directory',
      message: 'The directory for the embedded PostgreSQL is not empty.',
      where: { file: directory },
      hint: 'Name a directory that is empty or does not exist yet.',
    });
  }
  await chmod(directory, 0o700);
  if (account !== undefined) await chown(directory, account.uid, account.gid);
  return directory;
}

/** Removes a stopped server's directory with everything in it. */
export async function removeServerDirectory(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}

/** Whether there is anything under this path that this process can see. */
export async function pathExists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
