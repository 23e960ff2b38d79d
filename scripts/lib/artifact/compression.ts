import * as zlib from 'node:zlib';
import type { Transform } from 'node:stream';

import { ToolkitError } from '../model/errors.ts';

/** How data files may be compressed. */
export const COMPRESSIONS = ['gzip', 'zstd'] as const;
export type Compression = (typeof COMPRESSIONS)[number];

/** What the name of a compressed file ends with. */
export const COMPRESSED_ENDINGS: Readonly<Record<Compression, string>> = {
  gzip: '.gz',
  zstd: '.zst',
};

/** What compresses or decompresses; `bytesWritten` counts what it has taken of its input. */
export type CompressionStream = Transform & { readonly bytesWritten: number };

/** Zstandard came to Node's zlib later. Source: https://nodejs.org/api/zlib.html#zlibcreatezstdcompressoptions */
type Zlib = Pick<typeof zlib, 'createGzip' | 'createGunzip'> & {
  readonly createZstdCompress?: (options: object) => CompressionStream;
  readonly createZstdDecompress?: (options: object) => CompressionStream;
};
const { createGzip, createGunzip, createZstdCompress, createZstdDecompress }: Zlib = zlib;

const NODE_WITH_ZSTD = 'Node 22.15, 23.8 or newer';
const CHUNK_BYTES = 64 * 1024;
/** A reader knows then that the frame is whole. Source: https://facebook.github.io/zstd/zstd_manual.html */
const ZSTD_C_CHECKSUM_FLAG = 201;
/**
 * Another thread compresses while rows are read, and keeps pace with that at this level. Level 6 made
 * files of 14% of the rows where this makes 16%, in more than twice the time. Zstandard's own default
 * is as fast, and made 14%.
 */
const GZIP_LEVEL = 3;

/** How a file is compressed, by its name; null for a plain one. */
export function compressionOf(file: string): Compression | null {
  return COMPRESSIONS.find((name) => file.endsWith(`.ndjson${COMPRESSED_ENDINGS[name]}`)) ?? null;
}

/** The name that the file has when it is not compressed. */
export function plainName(file: string): string {
  const compression = compressionOf(file);
  return compression === null ? file : file.slice(0, -COMPRESSED_ENDINGS[compression].length);
}

/** Why this Node cannot work with it; null when it can. */
export function whyUnsupported(compression: Compression): string | null {
  if (compression === 'gzip' || createZstdCompress !== undefined) return null;
  return `zstd needs ${NODE_WITH_ZSTD}; this is Node ${process.versions.node}`;
}

/** @throws ToolkitError of kind `artifact` when this Node cannot read such a file */
export function requireReadable(compression: Compression, file: string): void {
  const reason = whyUnsupported(compression);
  if (reason === null) return;
  throw new ToolkitError({
    kind: 'artifact',
    code: 'compression-unsupported',
    message: `the file cannot be decompressed: ${reason}`,
    where: { file },
    hint: 'use such a Node; or decompress the data files (zstd -d --rm data/*.zst), which leaves their rows as they are: verify proves it',
  });
}

export function compressor(compression: Compression): CompressionStream {
  if (compression === 'gzip') return createGzip({ level: GZIP_LEVEL, chunkSize: CHUNK_BYTES });
  const params = { [ZSTD_C_CHECKSUM_FLAG]: 1 };
  return supported(createZstdCompress)({ chunkSize: CHUNK_BYTES, params });
}

export function decompressor(compression: Compression): CompressionStream {
  if (compression === 'gzip') return createGunzip({ chunkSize: CHUNK_BYTES });
  return supported(createZstdDecompress)({ chunkSize: CHUNK_BYTES });
}

function supported<Create>(create: Create | undefined): Create {
  if (create === undefined) throw new Error('zstd was not asked for before it was used');
  return create;
}
