import { pipeline } from 'node:stream/promises';

import { ToolkitError } from '../model/errors.ts';
import { decompressor, type Compression } from './compression.ts';
import { readChunks } from './read-file.ts';

/** A file whose bytes are to be decompressed. */
export interface CompressedSource {
  readonly path: string;
  /** What to call it in messages. */
  readonly file: string;
  readonly compression: Compression;
  /** How much it may hold, decompressed: nothing beyond is read. */
  readonly sizeBytes: number;
}

/**
 * What a compressed file holds, in memory that does not grow with it. Several gzip members in a row
 * are one file, as gzip has it; Node's zlib reads one zstd frame. A zstd file that was cut is one that
 * holds less: Node does not say it.
 *
 * @param onStored called with the bytes of the file itself as they are read
 * @throws ToolkitError of kind `artifact` when it cannot be read, or {@link isDamagedFile} when it is
 * not whole, holds more than it may, or something follows what is compressed
 */
export async function* readDecompressed(
  { path, file, compression, sizeBytes }: CompressedSource,
  signal: AbortSignal | undefined,
  onStored: (bytes: Buffer) => void,
): AsyncGenerator<Buffer, void> {
  const engine = decompressor(compression);
  let readBytes = 0;
  let unreadable: unknown;
  async function* storedChunks(): AsyncGenerator<Buffer, void> {
    try {
      for await (const chunk of readChunks(path, signal, file)) {
        readBytes += chunk.length;
        onStored(chunk);
        yield chunk;
      }
    } catch (error) {
      unreadable = error;
      throw error;
    }
  }
  const feeding = pipeline(storedChunks(), engine).catch(() => undefined);
  let givenBytes = 0;
  try {
    for await (const chunk of engine as AsyncIterable<Buffer>) {
      givenBytes += chunk.length;
      if (givenBytes > sizeBytes) {
        throw damagedFile(`it holds more than the ${sizeBytes} bytes of the manifest`, file);
      }
      yield chunk;
    }
    if (readBytes === 0) throw damagedFile('it is empty', file);
    if (engine.bytesWritten < readBytes) {
      throw damagedFile('something follows what is compressed', file);
    }
  } catch (error) {
    if (unreadable !== undefined) throw unreadable;
    throw isEngineError(error) ? damagedFile(error.message, file) : error;
  } finally {
    engine.destroy();
    await feeding;
  }
}

/** Node's zlib gives `Z_DATA_ERROR` and the like, and for zstd `ZSTD_error_…`. */
function isEngineError(error: unknown): error is Error {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    /^Z(?:STD)?_/.test(error.code)
  );
}

function damagedFile(reason: string, file: string): ToolkitError {
  return new ToolkitError({
    kind: 'artifact',
    code: 'file-damaged',
    message: `the file cannot be decompressed: ${reason}`,
    where: { file },
    hint: 'the file was damaged or changed: take it from another copy, or export again',
  });
}

/** Whether the content of a compressed file is at fault, and not the disk. */
export function isDamagedFile(error: unknown): error is ToolkitError {
  return error instanceof ToolkitError && error.code === 'file-damaged';
}
