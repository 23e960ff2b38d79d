import { open } from 'node:fs/promises';

const CHUNK_BYTES = 256 * 1024;
const NEWLINE = 0x0a;

/** Lines of a file that grows. */
export interface NewLines {
  readonly lines: readonly { readonly text: string; readonly end: number }[];
  /** Where the next ones begin, in bytes. */
  readonly offset: number;
}

/**
 * The next whole lines of a file, about 256 KiB of them at most; a line that is not whole yet waits.
 *
 * @param offset where they begin, in bytes
 * @returns none when the file is not there, or has no more
 */
export async function readNewLines(file: string, offset: number): Promise<NewLines> {
  const bytes = await readFrom(file, offset);
  const lines: { text: string; end: number }[] = [];
  let begin = 0;
  for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, begin)) {
    lines.push({ text: bytes.toString('utf8', begin, at), end: offset + at + 1 });
    begin = at + 1;
  }
  return { lines, offset: offset + begin };
}

/** As much as holds a line at least, where there is one. */
async function readFrom(file: string, offset: number): Promise<Buffer> {
  const handle = await open(file).catch(() => null);
  if (handle === null) return Buffer.alloc(0);
  try {
    for (let size = CHUNK_BYTES; ; size *= 2) {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(size), 0, size, offset);
      const bytes = buffer.subarray(0, bytesRead);
      if (bytesRead < size || bytes.includes(NEWLINE)) return bytes;
    }
  } finally {
    await handle.close();
  }
}

/** The last part of a text file, from the beginning of a line on; '' when it is not there. */
export async function readEnd(file: string, maxBytes: number): Promise<string> {
  const handle = await open(file).catch(() => null);
  if (handle === null) return '';
  try {
    const { size } = await handle.stat();
    const from = Math.max(0, size - maxBytes);
    const { buffer, bytesRead } = await handle.read(
      Buffer.alloc(size - from),
      0,
      size - from,
      from,
    );
    const text = buffer.toString('utf8', 0, bytesRead);
    return from === 0 ? text : text.slice(text.indexOf('\n') + 1);
  } finally {
    await handle.close();
  }
}
