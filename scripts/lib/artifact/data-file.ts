import { ByteWriter } from '../value/bytes/byte-writer.ts';
import { ByteDigest, type FileDigest } from './byte-digest.ts';
import type { Compression } from './compression.ts';
import { readDecompressed } from './decompress.ts';
import { LineScanner, type FaultyLine } from './line-scanner.ts';
import { readChunks } from './read-file.ts';
import type { ScannedRows } from './scanned-rows.ts';

const NEWLINE = 0x0a;
/** A value with its key, as in `"":1,`: a small file has no more values than that. */
const LEAST_VALUE_BYTES = 5;

/** Where the rows of a table lie, plain or compressed. */
export interface RowsFile {
  readonly path: string;
  /** What to call it in messages. */
  readonly file: string;
  readonly compression: Compression | null;
  /** What the rows take as the manifest says: no more is decompressed. */
  readonly sizeBytes: number;
}

/** Lines that came with one read, without their newlines; valid only until the next batch. */
export interface LineBatch {
  /** The number of the first line, from 1. */
  readonly firstLine: number;
  readonly lines: readonly Buffer[];
  /** With their newlines. */
  readonly sizeBytes: number;
}

/** What a data file turned out to be, once it was read to its end. */
export interface DataFileFacts extends FileDigest {
  /** Of a compressed file: of the file itself. */
  readonly stored?: FileDigest;
  readonly lineCount: number;
  /** Whether the last line ended with a newline, as every line must. */
  readonly endsWithNewline: boolean;
}

/**
 * Reads a data file by lines and hashes it on the way. Memory is one chunk and the longest line. The
 * facts are the generator's return value. Symbolic links are not followed.
 *
 * @throws ToolkitError of kind `artifact` when it cannot be read or decompressed
 */
export async function* readLineBatches(
  rows: RowsFile,
  signal?: AbortSignal,
): AsyncGenerator<LineBatch, DataFileFacts> {
  let lineCount = 0;
  const blocks = readBlocks(rows, signal);
  try {
    for (;;) {
      const step = await blocks.next();
      if (step.done === true) return { ...step.value, lineCount };
      const lines = splitLines(step.value);
      yield { firstLine: lineCount + 1, lines, sizeBytes: step.value.length };
      lineCount += lines.length;
    }
  } finally {
    await closeBatches(blocks);
  }
}

/**
 * Reads the rows of a data file without making an object of any, and hashes the file on the way.
 * Memory is one chunk and the longest line. What a batch holds is valid until the next one is asked
 * for. The facts are the generator's return value.
 *
 * @param columnNames the table's columns, in the order of the manifest
 * @param isHashed false where somebody else will hash the file: its SHA-256 is empty then
 * @throws ToolkitError of kind `artifact` when it cannot be read or decompressed
 */
export async function* scanDataFile(
  rows: RowsFile,
  columnNames: readonly string[],
  signal?: AbortSignal,
  isHashed = true,
): AsyncGenerator<ScannedRows | FaultyLine, DataFileFacts> {
  const scanner = new LineScanner(columnNames, Math.ceil(rows.sizeBytes / LEAST_VALUE_BYTES));
  let lineCount = 0;
  const blocks = readBlocks(rows, signal, { isReused: true, isHashed });
  try {
    for (;;) {
      const step = await blocks.next();
      if (step.done === true) return { ...step.value, lineCount };
      for (const part of scanner.scan(step.value, lineCount + 1)) {
        lineCount += 'fault' in part ? 1 : part.rowCount;
        yield part;
      }
    }
  } finally {
    await closeBatches(blocks);
  }
}

interface BlockOptions {
  /** Each block is valid only until the next one is asked for. */
  readonly isReused: boolean;
  readonly isHashed: boolean;
}

/**
 * Whole lines, each ended by a newline: the file's last one gets one where it has none.
 */
async function* readBlocks(
  rows: RowsFile,
  signal: AbortSignal | undefined,
  { isReused, isHashed }: BlockOptions = { isReused: false, isHashed: true },
): AsyncGenerator<Buffer, Omit<DataFileFacts, 'lineCount'>> {
  const content = new ByteDigest(isHashed);
  const stored = new ByteDigest(isHashed);
  // What was read of a line that has not ended, and then all of it: a long line comes in many chunks.
  const rest = new ByteWriter();
  for await (const chunk of readRowChunks(rows, signal, isReused, (bytes) => stored.add(bytes))) {
    content.add(chunk);
    const end = chunk.lastIndexOf(NEWLINE) + 1;
    if (end > 0 && rest.position === 0) yield chunk.subarray(0, end);
    else if (end > 0) {
      append(rest, chunk, 0, end);
      yield isReused ? rest.written() : rest.take();
      rest.clear();
    }
    append(rest, chunk, end, chunk.length);
  }
  const endsWithNewline = rest.position === 0;
  if (!endsWithNewline) {
    rest.reserve(1);
    rest.byte(NEWLINE);
    yield rest.written();
  }
  const facts = { ...content.finish(), endsWithNewline };
  return rows.compression === null ? facts : { ...facts, stored: stored.finish() };
}

/**
 * The bytes of a table's rows, decompressed where they are compressed.
 *
 * @param isReused each chunk is valid only until the next one is asked for
 * @param onStored called with the bytes of a compressed file as they are read
 * @throws ToolkitError of kind `artifact` when it cannot be read or decompressed
 */
export function readRowChunks(
  { compression, ...source }: RowsFile,
  signal: AbortSignal | undefined,
  isReused = false,
  onStored: (bytes: Buffer) => void = () => undefined,
): AsyncGenerator<Buffer, void> {
  return compression === null
    ? readChunks(source.path, signal, source.file, { isReused, sizeBytes: source.sizeBytes })
    : readDecompressed({ ...source, compression }, signal, onStored);
}

function append(rest: ByteWriter, chunk: Buffer, start: number, end: number): void {
  rest.reserve(end - start);
  rest.copy(chunk, start, end);
}

/** Closes the file of what is not read to its end. */
export async function closeBatches<Facts>(batches: AsyncGenerator<unknown, Facts>): Promise<void> {
  await batches.return(undefined as Facts);
}

/** The lines of a block, without their newlines. */
export function splitLines(block: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  let start = 0;
  for (let end = block.indexOf(NEWLINE); end !== -1; end = block.indexOf(NEWLINE, start)) {
    lines.push(block.subarray(start, end));
    start = end + 1;
  }
  return lines;
}
