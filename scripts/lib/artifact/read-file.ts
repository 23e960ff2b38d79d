import { constants } from 'node:fs';
import { open, readFile } from 'node:fs/promises';

import { unreadable } from './unreadable.ts';

const CHUNK_BYTES = 256 * 1024;

/**
 * Reads a file from its beginning to its end, in constant memory. Symbolic links are not followed.
 *
 * @param file what to call it in messages
 * @throws ToolkitError of kind `artifact` when it cannot be read
 */
export async function* readChunks(
  path: string,
  signal: AbortSignal | undefined,
  file: string,
): AsyncGenerator<Buffer, void> {
  const named = (error: unknown): never => {
    throw unreadable(error, file);
  };
  // Windows has no O_NOFOLLOW; there the check by lstat beforehand has to do.
  const noFollow = constants.O_NOFOLLOW ?? 0;
  const handle = await open(path, constants.O_RDONLY | noFollow).catch(named);
  try {
    for (;;) {
      signal?.throwIfAborted();
      const buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES);
      const { bytesRead } = await handle.read(buffer, 0, CHUNK_BYTES).catch(named);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

/**
 * Reads a file that is small enough for the memory.
 *
 * @param file what to call it in messages
 * @throws ToolkitError of kind `artifact` when it cannot be read
 */
export async function readWhole(path: string, file: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw unreadable(error, file);
  }
}
