import { createHash } from 'node:crypto';

import { readChunks } from './read-file.ts';

const NEWLINE = 0x0a;

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
 *
 * @param file what to call it in messages
 * @throws ToolkitError of kind `artifact` when it cannot be read
 */
export async function* readLineBatches(
  path: string,
  signal?: AbortSignal,
  file = path,
): AsyncGenerator<LineBatch, DataFileFacts> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  let lineCount = 0;
  let pieces: Buffer[] = [];
  for await (const chunk of readChunks(path, signal, file)) {
    hash.update(chunk);
    sizeBytes += chunk.length;
    const lines = splitLines(chunk, pieces);
    pieces = lines.rest;
    if (lines.complete.length === 0) continue;
    yield { firstLine: lineCount + 1, lines: lines.complete, sizeBytes: chunk.length };
    lineCount += lines.complete.length;
  }
  const endsWithNewline = pieces.length === 0;
  if (!endsWithNewline) {
    yield { firstLine: lineCount + 1, lines: [Buffer.concat(pieces)], sizeBytes: 0 };
    lineCount += 1;
  }
  return { sizeBytes, sha256: hash.digest('hex'), lineCount, endsWithNewline };
}

/** Closes the file of batches that are not read to their end. */
export async function closeBatches(
  batches: AsyncGenerator<LineBatch, DataFileFacts>,
): Promise<void> {
  await batches.return({ sizeBytes: 0, sha256: '', lineCount: 0, endsWithNewline: true });
}

/** The lines that end in `chunk`, without their newlines, and what is left of it. */
export function splitLines(
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
