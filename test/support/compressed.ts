import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import {
  COMPRESSIONS,
  whyUnsupported,
  type Compression,
} from '../../scripts/lib/artifact/compression.ts';

/** What this Node can write and read. */
export const HERE: readonly Compression[] = COMPRESSIONS.filter(
  (compression) => whyUnsupported(compression) === null,
);

/** Puts other bytes into a file of an artifact, under another name where one is given. */
export function replaceBytes(
  artifact: string,
  file: string,
  change: (bytes: Buffer) => Buffer,
  newFile = file,
): void {
  const path = join(artifact, file);
  writeFileSync(path, change(readFileSync(path)));
  renameSync(path, join(artifact, newFile));
}

/** As `gunzip` does. */
export function decompressFile(artifact: string, file: string): void {
  replaceBytes(artifact, file, (bytes) => gunzipSync(bytes), file.replace(/\.gz$/, ''));
}

/** As `gzip -9` does with a plain file. */
export function compressFile(artifact: string, file: string): void {
  replaceBytes(artifact, file, (bytes) => gzipSync(bytes, { level: 9 }), `${file}.gz`);
}

/** As `gunzip` and `gzip -9` do: other bytes of the same rows. */
export function recompressFile(artifact: string, file: string): void {
  replaceBytes(artifact, file, (bytes) => gzipSync(gunzipSync(bytes), { level: 9 }));
}
