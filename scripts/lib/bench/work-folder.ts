import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { isSystemError } from '../model/system-error.ts';

const WORK_FOLDER = /^work-(\d+)$/;

/** The folder in which this process works, below the cache. */
export function workFolder(cache: string): string {
  return join(cache, `work-${process.pid}`);
}

/** Removes what was left by a benchmark that was killed: an artifact may be large. */
export async function removeAbandonedWork(cache: string): Promise<void> {
  for (const entry of await readdir(cache).catch((): string[] => [])) {
    const pid = WORK_FOLDER.exec(entry)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    await rm(join(cache, entry), { recursive: true, force: true });
  }
}

/** Signal 0 only asks. https://nodejs.org/api/process.html#processkillpid-signal */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isSystemError(error) && error.code === 'EPERM';
  }
}
