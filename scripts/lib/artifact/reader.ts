import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';

import { silentProgress, type CommandContext } from '../model/progress.ts';
import { compressionOf, requireReadable } from './compression.ts';
import type { RowsFile } from './data-file.ts';
import { entryAt } from './entry.ts';
import { locateDataFiles } from './locate.ts';
import { dataTables, type Manifest, type ManifestTable } from './manifest.ts';
import {
  NAME_AN_ARTIFACT,
  malformedManifest,
  notAnArtifact,
  parseManifest,
} from './parse-manifest.ts';
import { MANIFEST_FILE } from './paths.ts';
import { readWhole } from './read-file.ts';
import { createTemporaryFolder } from './single-file/temporary-folder.ts';
import { unpackSingleFile } from './single-file/unpack.ts';
import { unreadable } from './unreadable.ts';

/** An artifact whose manifest could be read. Nothing else about it has been checked yet. */
export interface Artifact {
  /** The folder or the single file, as the user gave it: for messages and reports. */
  readonly path: string;
  /** The folder that holds its files; of a single file, a temporary one. */
  readonly folder: string;
  /** SHA-256 of the manifest's bytes. */
  readonly id: string;
  readonly manifest: Manifest;
  /** Where each data file of the manifest lies: under its name, or compressed otherwise since. */
  readonly dataFiles: ReadonlyMap<string, string>;
  /** Removes what was unpacked for reading; to be called in every case, once nothing reads any more. */
  readonly close: () => Promise<void>;
}

/** The path of a file of the artifact. */
export function artifactPath(artifact: Artifact, file: string): string {
  return join(artifact.folder, file);
}

/** Where the rows of a table lie. */
export function rowsFile(artifact: Artifact, table: ManifestTable): RowsFile {
  const file = artifact.dataFiles.get(table.file) ?? table.file;
  const path = artifactPath(artifact, file);
  return { path, file, compression: compressionOf(file), sizeBytes: table.sizeBytes };
}

const quietly: CommandContext = {
  signal: new AbortController().signal,
  progress: silentProgress,
};

/**
 * Reads the manifest, its format version first. A single file is unpacked into a temporary folder
 * for that, which {@link Artifact.close} removes.
 *
 * @throws ToolkitError of kind `artifact` when there is no artifact, it is of a newer format, or its
 * manifest is not what FORMAT.md says, or this Node cannot decompress its files
 */
export async function openArtifact(
  path: string,
  context: CommandContext = quietly,
): Promise<Artifact> {
  const artifact = await openEither(path, context);
  context.onArtifact?.({ path, id: artifact.id });
  return artifact;
}

async function openEither(path: string, context: CommandContext): Promise<Artifact> {
  const stats = await lookAt(path, path);
  if (stats === undefined) throw notAnArtifact('does not exist', path, 'check the path');
  if (stats.isFile()) return openSingleFile(path, context);
  const target = await stat(path).catch(() => undefined);
  if (target?.isDirectory() === true) return openFolder(path);
  const reason = stats.isSymbolicLink()
    ? 'it is a symbolic link that does not lead to a folder'
    : 'it is neither a folder nor a regular file';
  throw notAnArtifact(reason, path, NAME_AN_ARTIFACT);
}

async function openSingleFile(path: string, context: CommandContext): Promise<Artifact> {
  context.progress.note(`unpacking ${path} into a temporary folder, to read it`);
  const temporary = await createTemporaryFolder();
  try {
    await unpackSingleFile(path, temporary.path, context);
    return { ...(await openFolder(temporary.path)), path, close: temporary.remove };
  } catch (error) {
    await temporary.remove();
    throw error;
  }
}

async function openFolder(folder: string): Promise<Artifact> {
  const bytes = await readManifest(folder);
  const manifest = parseManifest(bytes, folder, MANIFEST_FILE);
  const dataFiles = await locateDataFiles(folder, dataTables(manifest));
  for (const file of dataFiles.values()) {
    const compression = compressionOf(file);
    if (compression !== null) requireReadable(compression, file);
  }
  return {
    path: folder,
    folder,
    id: createHash('sha256').update(bytes).digest('hex'),
    manifest,
    dataFiles,
    close: async () => undefined,
  };
}

async function readManifest(folder: string): Promise<Buffer> {
  const file = join(folder, MANIFEST_FILE);
  const stats = await lookAt(file, MANIFEST_FILE);
  if (stats === undefined)
    throw notAnArtifact('there is no manifest.json in it', folder, NAME_AN_ARTIFACT);
  if (!stats.isFile()) throw malformedManifest('it is not a regular file', MANIFEST_FILE);
  return readWhole(file, MANIFEST_FILE);
}

/** @throws ToolkitError of kind `artifact` when what stands there cannot be known */
async function lookAt(path: string, file: string): Promise<Stats | undefined> {
  try {
    return await entryAt(path);
  } catch (error) {
    throw unreadable(error, file);
  }
}
