import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { ToolkitError } from '../model/errors.ts';
import { stopKeptPostgres } from '../postgres/stop.ts';

const FOLDER = join('exports', 'rehearsal');
const SERVER_FILE = join(FOLDER, 'server-directory');
/** Holds DATABASE_URL, password included, for the owner's eyes only. */
export const CONNECTION_FILE = join(FOLDER, 'database.env');

/** Remembers a server that is left running, so that it can be reached and stopped. */
export async function rememberServer(directory: string, databaseUrl: string): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  await writeFile(SERVER_FILE, directory);
  await writeFile(CONNECTION_FILE, `DATABASE_URL=${databaseUrl}\n`, { mode: 0o600 });
}

/** Whether an earlier rehearsal left its server running. */
export async function findKeptServer(): Promise<string | undefined> {
  return readFile(SERVER_FILE, 'utf8').catch(() => undefined);
}

/**
 * Stops the server that an earlier rehearsal left running, and removes its data.
 *
 * @throws ToolkitError of kind `usage` when there is none
 */
export async function stopRememberedServer(): Promise<void> {
  const directory = await findKeptServer();
  if (directory === undefined) {
    throw new ToolkitError({
      kind: 'usage',
      code: 'no-kept-server',
      message:
        'there is no server to stop: no rehearsal was run with --keep, or it is stopped already',
    });
  }
  try {
    await stopKeptPostgres(directory);
  } finally {
    await rm(SERVER_FILE, { force: true });
    await rm(CONNECTION_FILE, { force: true });
  }
}
