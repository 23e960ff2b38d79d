import { createHash } from 'node:crypto';
import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { ToolkitError } from '../model/errors.ts';
import { ARTIFACT_FORMAT, FORMAT_VERSION, manifestSchema, type Manifest } from './manifest.ts';
import { MANIFEST_FILE } from './paths.ts';

/** An artifact whose manifest could be read. Nothing else about it has been checked yet. */
export interface Artifact {
  /** The folder, as the user gave it. */
  readonly path: string;
  /** SHA-256 of the manifest's bytes. */
  readonly id: string;
  readonly manifest: Manifest;
}

/** The path of a file of the artifact. */
export function artifactPath(artifact: Artifact, file: string): string {
  return join(artifact.path, file);
}

/**
 * Reads the manifest, its format version first.
 *
 * @throws ToolkitError of kind `artifact` when there is no artifact, it is of a newer format, or its
 * manifest is not what FORMAT.md says.
 */
export async function openArtifact(path: string): Promise<Artifact> {
  const stats = await lstat(path).catch(() => undefined);
  if (stats === undefined) throw notAnArtifact('does not exist', path, 'check the path');
  const bytes = await readManifest(path);
  const json = parseJson(bytes, path);
  const found = versionOf(json);
  if (found.format !== ARTIFACT_FORMAT) {
    throw notAnArtifact('its manifest.json belongs to something else', path, NAME_A_FOLDER);
  }
  if (found.version !== FORMAT_VERSION) {
    throw new ToolkitError({
      kind: 'artifact',
      code: 'artifact-format-version',
      message: `the artifact has format version ${String(found.version)}; this toolkit reads ${FORMAT_VERSION}`,
      where: { file: MANIFEST_FILE },
      hint: 'use the version of the toolkit that wrote it, or a newer one',
    });
  }
  const parsed = manifestSchema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw malformed(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not as FORMAT.md says'}`);
  }
  const fault = contradictionIn(parsed.data);
  if (fault !== undefined) throw malformed(fault);
  return { path, id: createHash('sha256').update(bytes).digest('hex'), manifest: parsed.data };
}

const NAME_A_FOLDER = 'name the folder that export wrote, the one with manifest.json in it';

async function readManifest(path: string): Promise<Buffer> {
  const file = join(path, MANIFEST_FILE);
  const stats = await lstat(file).catch(() => undefined);
  if (stats === undefined)
    throw notAnArtifact('there is no manifest.json in it', path, NAME_A_FOLDER);
  if (!stats.isFile()) throw malformed('it is not a regular file');
  try {
    return await readFile(file);
  } catch (error) {
    throw new ToolkitError({
      kind: 'artifact',
      code: 'artifact-unreadable',
      message: `the manifest cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      where: { file: MANIFEST_FILE },
      hint: 'check the permissions and the disk',
      cause: error,
    });
  }
}

function parseJson(bytes: Buffer, path: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw notAnArtifact(`its manifest.json is not JSON (${reason})`, path, RESTORE);
  }
}

function versionOf(json: unknown): { format: unknown; version: unknown } {
  if (typeof json !== 'object' || json === null) return { format: undefined, version: undefined };
  return {
    format: 'format' in json ? json.format : undefined,
    version: 'formatVersion' in json ? json.formatVersion : undefined,
  };
}

/** What no field by itself shows: names that the manifest uses and does not define, or defines twice. */
function contradictionIn(manifest: Manifest): string | undefined {
  const files = new Set(manifest.tables.map((table) => table.file));
  const names = new Set(manifest.tables.map((table) => table.name));
  if (files.size < manifest.tables.length) return 'two tables have the same file';
  if (names.size < manifest.tables.length) return 'two tables have the same name';
  for (const [index, table] of manifest.tables.entries()) {
    const columns = new Set(table.columns.map((column) => column.name));
    if (columns.size < table.columns.length) return `table ${table.name} has a column twice`;
    if (table.order !== index + 1) return `table ${table.name} is not at its place in the order`;
    const used = [
      ...table.primaryKey,
      ...(table.rowidAlias === null ? [] : [table.rowidAlias]),
      ...table.uniqueKeys.flatMap((key) => key.columns.map((column) => column.name)),
      ...table.foreignKeys.flatMap((key) => key.columns),
    ];
    const unknown = used.find((column) => !columns.has(column));
    if (unknown !== undefined)
      return `table ${table.name} has a key over ${unknown}, which is no column of it`;
    const odd = table.foreignKeys.find((key) => !isWhole(key, manifest));
    if (odd !== undefined)
      return `table ${table.name} has a foreign key to ${odd.parentTable} that cannot be`;
  }
  return undefined;
}

function isWhole(
  key: Manifest['tables'][number]['foreignKeys'][number],
  manifest: Manifest,
): boolean {
  if (key.parent !== 'exists') return true;
  const parent = manifest.tables.find((table) => table.name === key.parentTable);
  const known =
    parent === undefined ||
    key.parentColumns.every((name) => parent.columns.some((column) => column.name === name));
  return known && key.columns.length === key.parentColumns.length;
}

const RESTORE = 'take the artifact from another copy, or export again';

function notAnArtifact(reason: string, path: string, hint: string): ToolkitError {
  return new ToolkitError({
    kind: 'artifact',
    code: 'not-an-artifact',
    message: `this is not an artifact: ${reason}`,
    where: { file: path },
    hint,
  });
}

function malformed(reason: string): ToolkitError {
  return new ToolkitError({
    kind: 'artifact',
    code: 'manifest-malformed',
    message: `the manifest is not as FORMAT.md says: ${reason}`,
    where: { file: MANIFEST_FILE },
    hint: RESTORE,
  });
}
