import { constants } from 'node:fs';
import { open, readFile, type FileHandle } from 'node:fs/promises';

import { unreadable } from './unreadable.ts';

const CHUNK_BYTES = 256 * 1024;
const LEAST_CHUNK_BYTES = 4 * 1024;

interface ReadOptions {
  /** Each chunk is valid only until the next one is asked for. */
  readonly isReused?: boolean;
  /** What the file should have, where that is known: a small one does not take memory of a large one. */
  readonly sizeBytes?: number;
}

/**
 * Reads a file from its beginning to its end, in constant memory: two chunks, of which one is read
 * while the other is worked on. Symbolic links are not followed.
 *
 * @param file what to call it in messages
 * @throws ToolkitError of kind `artifact` when it cannot be read
 */
export async function* readChunks(
  path: string,
  signal: AbortSignal | undefined,
  file: string,
  { isReused = false, sizeBytes = CHUNK_BYTES }: ReadOptions = {},
): AsyncGenerator<Buffer, void> {
  const named = (error: unknown): never => {
    throw unreadable(error, file);
  };
  // Windows has no O_NOFOLLOW; there the check by lstat beforehand has to do.
  const noFollow = constants.O_NOFOLLOW ?? 0;
  const handle = await open(path, constants.O_RDONLY | noFollow).catch(named);
  const chunkBytes = Math.min(CHUNK_BYTES, Math.max(LEAST_CHUNK_BYTES, sizeBytes));
  let reading = readInto(handle, Buffer.allocUnsafeSlow(chunkBytes));
  try {
    let spare: Buffer<ArrayBuffer> | undefined;
    for (;;) {
      signal?.throwIfAborted();
      const { bytesRead, buffer } = await reading.catch(named);
      if (bytesRead === 0) return;
      reading = readInto(handle, spare ?? Buffer.allocUnsafeSlow(chunkBytes));
      yield buffer.subarray(0, bytesRead);
      if (isReused) spare = buffer;
    }
  } finally {
    await reading.catch(() => undefined);
    await handle.close();
  }
}

/** Whoever waits for it gets what fails; until then nobody may be waiting. */
function readInto(
  handle: FileHandle,
  buffer: Buffer<ArrayBuffer>,
): Promise<{ bytesRead: number; buffer: Buffer<ArrayBuffer> }> {
  const reading = handle.read(buffer, 0, buffer.length);
  reading.catch(() => undefined);
  return reading;
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
