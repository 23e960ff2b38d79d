import { createHash } from 'node:crypto';
import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';

import type { CommandContext } from '../model/progress.ts';
import type { Destination } from './destination.ts';
import { syncFolder } from './durable-files.ts';
import { dataTables } from './manifest.ts';
import { CHECKSUMS_FILE, DATA_FOLDER, MANIFEST_FILE, SCHEMA_FILE } from './paths.ts';
import { readChunks } from './read-file.ts';
import { artifactPath, type Artifact } from './reader.ts';
import { requireSame } from './unchanged.ts';
import { unwritable } from './unwritable.ts';

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
  const copy = async (file: string, expected?: string): Promise<void> => {
    const chunks = readChunks(artifactPath(artifact, file), context.signal, file);
    const sha256 = await copyFile(chunks, join(folder, file));
    if (expected !== undefined) requireSame(sha256, expected, file);
  };
  try {
    await destination.createFolder();
    await mkdir(join(folder, DATA_FOLDER));
    for (const table of tables) {
      await copy(table.file, table.sha256);
      activity.advance(table.rowCount, table.sizeBytes);
    }
    await copy(SCHEMA_FILE, manifest.schema.sha256);
    await copy(MANIFEST_FILE, id);
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

/** @returns the SHA-256 of what was copied, which is on disk then */
async function copyFile(chunks: AsyncIterable<Buffer>, to: string): Promise<string> {
  const hash = createHash('sha256');
  const output = await open(to, 'wx');
  try {
    for await (const chunk of chunks) {
      hash.update(chunk);
      await output.writeFile(chunk);
    }
    await output.sync();
    return hash.digest('hex');
  } finally {
    await output.close();
  }
}
