import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

const NEWLINE = 0x0a;
const CHUNK_BYTES = 256 * 1024;

/** Lines that came with one read, without their newlines; valid only until the next batch. */
export interface LineBatch {
  /** The number of the first line, from 1. */
  readonly firstLine: number;
  readonly lines: readonly Buffer[];
  readonly sizeBytes: number;
}

/** What a data file turned out to be, once it was read to its end. */
export interface DataFileFacts {
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly lineCount: number;
  /** Whether the last line ended with a newline, as every line must. */
  readonly endsWithNewline: boolean;
}

/**
 * Reads a file by lines and hashes it on the way. Memory is one chunk and the longest line. The
 * facts are the generator's return value. Symbolic links are not followed.
 */
export async function* readLineBatches(
  path: string,
  signal?: AbortSignal,
): AsyncGenerator<LineBatch, DataFileFacts> {
  // Windows has no O_NOFOLLOW; there the check by lstat beforehand has to do.
  const noFollow = constants.O_NOFOLLOW ?? 0;
  const handle = await open(path, constants.O_RDONLY | noFollow);
  const hash = createHash('sha256');
  let sizeBytes = 0;
  let lineCount = 0;
  let pieces: Buffer[] = [];
  try {
    for (;;) {
      signal?.throwIfAborted();
      const buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES);
      const { bytesRead } = await handle.read(buffer, 0, CHUNK_BYTES);
      if (bytesRead === 0) break;
      const chunk = buffer.subarray(0, bytesRead);
      hash.update(chunk);
      sizeBytes += bytesRead;
      const lines = splitLines(chunk, pieces);
      pieces = lines.rest;
      if (lines.complete.length === 0) continue;
      yield { firstLine: lineCount + 1, lines: lines.complete, sizeBytes: bytesRead };
      lineCount += lines.complete.length;
    }
    const endsWithNewline = pieces.length === 0;
    if (!endsWithNewline) {
      yield { firstLine: lineCount + 1, lines: [Buffer.concat(pieces)], sizeBytes: 0 };
      lineCount += 1;
    }
    return { sizeBytes, sha256: hash.digest('hex'), lineCount, endsWithNewline };
  } finally {
    await handle.close();
  }
}

/** Closes the file of batches that are not read to their end. */
export async function closeBatches(
  batches: AsyncGenerator<LineBatch, DataFileFacts>,
): Promise<void> {
  await batches.return({ sizeBytes: 0, sha256: '', lineCount: 0, endsWithNewline: true });
}

function splitLines(
  chunk: Buffer,
  before: readonly Buffer[],
): { complete: Buffer[]; rest: Buffer[] } {
  const complete: Buffer[] = [];
  let pieces = [...before];
  let start = 0;
  for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
    const tail = chunk.subarray(start, end);
    complete.push(pieces.length === 0 ? tail : Buffer.concat([...pieces, tail]));
    pieces = [];
    start = end + 1;
  }
  if (start < chunk.length) pieces.push(chunk.subarray(start));
  return { complete, rest: pieces };
}
