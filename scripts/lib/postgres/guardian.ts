/**
 * The process that outlives its parent. Its standard input is a pipe that the parent holds open and never writes
 * to; the operating system closes it when the parent ends, in whichever way. Then the server is stopped.
 *
 * Arguments: the server's directory, and `remove` or `keep` for what becomes of it.
 */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { removeServerDirectory } from './directory.ts';
import { stopServer } from './stop.ts';

const STOP_ATTEMPTS = 60;
const STOP_INTERVAL_MS = 1_000;

const [dataDirectory, disposal] = process.argv.slice(2);
if (dataDirectory === undefined) throw new Error('guardian.ts takes the directory of a server.');

const parentEnded = once(process.stdin, 'close');
process.stdin.resume();
await parentEnded;
await stopPatiently(dataDirectory);
if (disposal === 'remove') await removeServerDirectory(dataDirectory);

/** The parent may have ended in the middle of `initdb`, whose single-user server cannot be stopped but ends by itself. */
async function stopPatiently(directory: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await stopServer(directory);
      return;
    } catch (error) {
      if (attempt === STOP_ATTEMPTS) throw error;
      await sleep(STOP_INTERVAL_MS);
    }
  }
}
