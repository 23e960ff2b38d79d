import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';

import { ToolkitError } from '../model/errors.ts';
import type { CommandContext } from '../model/progress.ts';
import { ByteDigest } from './byte-digest.ts';
import { readRowChunks } from './data-file.ts';
import type { Destination } from './destination.ts';
import { syncFolder } from './durable-files.ts';
import { dataTables } from './manifest.ts';
import { CHECKSUMS_FILE, DATA_FOLDER, MANIFEST_FILE, SCHEMA_FILE } from './paths.ts';
import { readChunks } from './read-file.ts';
import { artifactPath, rowsFile, type Artifact } from './reader.ts';
import { requireSame } from './unchanged.ts';
import { unwritable } from './unwritable.ts';

type Chunks = AsyncIterable<Buffer>;

/**
 * Writes an artifact as a folder: every file that the manifest names, to the byte, and nothing else.
 *
 * @throws ToolkitError of kind `artifact` when it cannot be written, or a file is not what the
 * manifest says
 */
export async function copyToFolder(
  artifact: Artifact,
  destination: Destination,
  context: CommandContext,
): Promise<void> {
  const { manifest, id } = artifact;
  const folder = destination.partialPath;
  const tables = dataTables(manifest);
  const totalRows = tables.reduce((sum, table) => sum + table.rowCount, 0);
  const activity = context.progress.start('copying', totalRows, { phase: 'copy' });
  const read = (file: string): Chunks =>
    readChunks(artifactPath(artifact, file), context.signal, file);
  const copy = async (file: string, chunks: Chunks = read(file)): Promise<string> =>
    copyFile(chunks, join(folder, file));
  try {
    await destination.createFolder();
    await mkdir(join(folder, DATA_FOLDER));
    for (const table of tables) {
      const rows = rowsFile(artifact, table);
      if (table.stored === undefined) {
        const sha256 = await copy(table.file, readRowChunks(rows, context.signal));
        requireSame(sha256, table.sha256, table.file);
      } else {
        const sha256 = await copy(table.file, read(rows.file));
        const isAsWritten = rows.file === table.file && sha256 === table.stored.sha256;
        if (!isAsWritten) throw compressedOtherwise(rows.file);
      }
      activity.advance(table.rowCount, table.sizeBytes);
    }
    requireSame(await copy(SCHEMA_FILE), manifest.schema.sha256, SCHEMA_FILE);
    requireSame(await copy(MANIFEST_FILE), id, MANIFEST_FILE);
    await copy(CHECKSUMS_FILE);
    await syncFolder(join(folder, DATA_FOLDER));
    await syncFolder(folder);
  } catch (error) {
    throw unwritable(error, destination.path);
  } finally {
    activity.done();
  }
  await destination.publish();
}

/** Its bytes cannot be made again from the rows: another version of a library compresses otherwise. */
function compressedOtherwise(file: string): ToolkitError {
  return new ToolkitError({
    kind: 'artifact',
    code: 'compressed-otherwise',
    message: 'the file was compressed anew since the export, so its former bytes cannot be written',
    where: { file },
    hint: 'copy the folder as it is (cp -r): every script reads it, and verify proves its rows',
  });
}

/** @returns the SHA-256 of what was copied, which is on disk then */
async function copyFile(chunks: Chunks, to: string): Promise<string> {
  const digest = new ByteDigest();
  const output = await open(to, 'wx');
  try {
    for await (const chunk of chunks) {
      digest.add(chunk);
      await output.writeFile(chunk);
    }
    await output.sync();
    return digest.finish().sha256;
  } finally {
    await output.close();
  }
}
