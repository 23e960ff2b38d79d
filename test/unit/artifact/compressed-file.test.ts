import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as zlib from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CompressedFile,
  type WrittenCompressed,
} from '../../../scripts/lib/artifact/compressed-file.ts';
import {
  compressionOf,
  requireReadable,
  whyUnsupported,
  type Compression,
} from '../../../scripts/lib/artifact/compression.ts';
import { readDecompressed } from '../../../scripts/lib/artifact/decompress.ts';
import { HERE } from '../../support/compressed.ts';
import { errorOf } from '../../support/error-of.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();
let files = 0;

function newPath(): string {
  return join(folder, `file-${++files}`);
}

interface Written extends WrittenCompressed {
  readonly path: string;
}

async function write(pieces: readonly Buffer[], compression: Compression): Promise<Written> {
  const path = newPath();
  const file = await CompressedFile.create(path, compression);
  // What is written is gone afterwards.
  for (const piece of pieces) await file.write(Buffer.from(piece));
  return { ...(await file.close()), path };
}

/** Reads these bytes as a compressed file. */
async function read(
  stored: Buffer,
  compression: Compression,
  sizeBytes = Number.MAX_SAFE_INTEGER,
): Promise<Buffer> {
  const path = newPath();
  writeFileSync(path, stored);
  const source = { path, file: 'data/001-t.ndjson.gz', compression, sizeBytes };
  const chunks: Buffer[] = [];
  const seen: Buffer[] = [];
  for await (const chunk of readDecompressed(source, undefined, (bytes) => seen.push(bytes))) {
    chunks.push(chunk);
  }
  expect(Buffer.concat(seen).equals(stored)).toBe(true);
  return Buffer.concat(chunks);
}

const DAMAGED = 'file-damaged data/001-t.ndjson.gz: the file cannot be decompressed: ';

async function faultOf(stored: Buffer, compression: Compression, limit?: number): Promise<string> {
  const { code, where, message } = await errorOf(async () => read(stored, compression, limit));
  return `${code} ${where?.file ?? ''}: ${message}`;
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Larger than what is read at once, of which one half does not get smaller. */
const LARGE = Buffer.concat([
  Buffer.from('{"id":1,"v":"the same again"}\n'.repeat(20_000)),
  Buffer.from(Array.from({ length: 400_000 }, (_, index) => (index * 7919 + (index >> 3)) & 255)),
]);

describe.each(HERE)('a file compressed with %s', (compression) => {
  it('comes back to the byte, in whatever pieces it was written', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 3000 })), async (arrays) => {
        const pieces = arrays.map((bytes) => Buffer.from(bytes));
        const content = Buffer.concat(pieces);
        const { path, stored, ...written } = await write(pieces, compression);
        const bytes = readFileSync(path);
        expect(written).toEqual({ sizeBytes: content.length, sha256: sha256(content) });
        expect(stored).toEqual({ compression, sizeBytes: bytes.length, sha256: sha256(bytes) });
        expect((await read(bytes, compression)).equals(content)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it('may be larger than what is read at once', async () => {
    const { path } = await write([LARGE, LARGE], compression);
    const content = await read(readFileSync(path), compression);
    expect(content.equals(Buffer.concat([LARGE, LARGE]))).toBe(true);
  });

  it('gives no more than it may hold', async () => {
    const { path } = await write([LARGE], compression);
    const stored = readFileSync(path);
    await expect(read(stored, compression, LARGE.length)).resolves.toHaveLength(LARGE.length);
    const fault = await faultOf(stored, compression, LARGE.length - 1);
    expect(fault).toContain(`more than the ${LARGE.length - 1} bytes`);
  });

  it.each([
    ['a blank', ' '],
    ['zeros', '\0'.repeat(600_000)],
    ['other text', 'something else, of more than a few bytes'],
  ])('is refused when %s follows', async (_, more) => {
    const { path } = await write([LARGE], compression);
    const stored = Buffer.concat([readFileSync(path), Buffer.from(more)]);
    expect(await faultOf(stored, compression)).toContain(DAMAGED);
  });

  it.each([
    ['empty', Buffer.alloc(0)],
    ['not compressed', Buffer.from('{"id":1}\n'.repeat(100))],
  ])('is refused when it is %s', async (_, stored) => {
    expect(await faultOf(stored, compression)).toContain(DAMAGED);
  });

  it('does not come back as it was when any byte of its middle is another one', async () => {
    const content = Buffer.from('{"id":1,"v":"some text of a row"}\n'.repeat(40));
    const { path } = await write([content], compression);
    const stored = readFileSync(path);
    for (let place = 10; place < stored.length; place++) {
      const changed = Buffer.from(stored);
      changed[place] = (changed[place] ?? 0) ^ 0x10;
      const isSame = await read(changed, compression).then(
        (back) => back.equals(content),
        () => false,
      );
      expect({ place, isSame }).toEqual({ place, isSame: false });
    }
  });

  it('stops to read when nobody asks any more, and when it is called off', async () => {
    const { path } = await write([LARGE, LARGE, LARGE], compression);
    const source = { path, file: 'f', compression, sizeBytes: 4 * LARGE.length };
    for await (const chunk of readDecompressed(source, undefined, () => undefined)) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    const stopped = AbortSignal.abort(new Error('called off'));
    const chunks = readDecompressed(source, stopped, () => undefined);
    await expect(chunks.next()).rejects.toThrow('called off');
    const missing = { ...source, path: newPath(), file: 'data/gone' };
    const unread = readDecompressed(missing, undefined, () => undefined);
    await expect(unread.next()).rejects.toMatchObject({
      code: 'artifact-unreadable',
      where: { file: 'data/gone' },
    });
  });
});

describe('gzip', () => {
  it('that was cut at any byte is refused', async () => {
    const stored = zlib.gzipSync(Buffer.from('{"id":1,"v":"some text of a row"}\n'.repeat(20)));
    for (let end = 0; end < stored.length; end++) {
      expect(await faultOf(stored.subarray(0, end), 'gzip')).toContain(DAMAGED);
    }
  });

  it('of several members is one file, wherever one ends', async () => {
    for (const size of [10, 256 * 1024 - 5, 256 * 1024, 300_000]) {
      const first = zlib.gzipSync(LARGE.subarray(0, size), { level: 0 });
      const stored = Buffer.concat([first, zlib.gzipSync(LARGE.subarray(size))]);
      expect((await read(stored, 'gzip')).equals(LARGE)).toBe(true);
    }
  });

  it('is what every other reader takes', async () => {
    const { path } = await write([LARGE], 'gzip');
    expect(zlib.gunzipSync(readFileSync(path)).equals(LARGE)).toBe(true);
  });
});

it('zstd works where Node has it, and elsewhere it is said which Node has', () => {
  const file = 'data/001-t.ndjson.zst';
  expect(compressionOf(file)).toBe('zstd');
  const refusals = [whyUnsupported('zstd'), messageOf(() => requireReadable('zstd', file))];
  const isHere = 'createZstdDecompress' in zlib;
  const refused = expect.stringContaining('Node 22.15');
  expect(refusals).toEqual(isHere ? [null, null] : [refused, refused]);
});

function messageOf(work: () => void): string | null {
  try {
    work();
    return null;
  } catch (error) {
    return String(error);
  }
}

it('a file that is given up leaves nobody waiting, and is not written over', async () => {
  const path = newPath();
  const file = await CompressedFile.create(path, 'gzip');
  await file.write(Buffer.from(LARGE));
  await file.abandon();
  await expect(CompressedFile.create(path, 'gzip')).rejects.toThrow('EEXIST');
});
