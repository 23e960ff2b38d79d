import { ToolkitError } from '../model/errors.ts';
import { compressionOf, plainName } from './compression.ts';
import {
  ARTIFACT_FORMAT,
  FORMAT_VERSION,
  dataTables,
  manifestSchema,
  type Manifest,
  type ManifestTable,
} from './manifest.ts';

export const NAME_AN_ARTIFACT =
  'name what export wrote: the folder with manifest.json in it, or the single file';
export const FROM_ANOTHER_COPY = 'take the artifact from another copy, or export again';

/**
 * Reads the bytes of a manifest, its format version first.
 *
 * @param artifact the artifact's path, as the user gave it
 * @param file where the manifest stands: a file of the artifact, or the single file
 * @throws ToolkitError of kind `artifact` when it is of something else, of a version that is not
 * known, or not what FORMAT.md says
 */
export function parseManifest(bytes: Buffer, artifact: string, file: string): Manifest {
  const json = parseJson(bytes, artifact);
  const found = versionOf(json);
  if (found.format !== ARTIFACT_FORMAT) {
    throw notAnArtifact('its manifest belongs to something else', artifact, NAME_AN_ARTIFACT);
  }
  if (found.version !== FORMAT_VERSION) throw unknownVersion(found.version, FORMAT_VERSION, file);
  const parsed = manifestSchema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const reason = `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not as FORMAT.md says'}`;
    throw malformedManifest(reason, file);
  }
  const fault = contradictionIn(parsed.data);
  if (fault !== undefined) throw malformedManifest(fault, file);
  return parsed.data;
}

function parseJson(bytes: Buffer, artifact: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw notAnArtifact(`its manifest.json is not JSON (${reason})`, artifact, FROM_ANOTHER_COPY);
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
  const all = dataTables(manifest);
  if (new Set(all.map((table) => plainName(table.file))).size < all.length)
    return 'two tables have the same file';
  if (new Set(all.map((table) => table.name)).size < all.length)
    return 'two tables have the same name';
  const misplaced = manifest.tables.find((table, index) => table.order !== index + 1);
  if (misplaced !== undefined) return `table ${misplaced.name} is not at its place in the order`;
  for (const table of all) {
    const fault = contradictionInTable(table, manifest);
    if (fault !== undefined) return `table ${table.name} has ${fault}`;
  }
  return undefined;
}

function contradictionInTable(table: ManifestTable, manifest: Manifest): string | undefined {
  if ((table.stored?.compression ?? null) !== compressionOf(table.file)) {
    return `a file whose name does not go with its compression`;
  }
  const columns = new Set(table.columns.map((column) => column.name));
  if (columns.size < table.columns.length) return 'a column twice';
  const used = [
    ...table.primaryKey,
    ...(table.rowidAlias === null ? [] : [table.rowidAlias]),
    ...table.uniqueKeys.flatMap((key) => key.columns.map((column) => column.name)),
    ...table.foreignKeys.flatMap((key) => key.columns),
  ];
  const unknown = used.find((column) => !columns.has(column));
  if (unknown !== undefined) return `a key over ${unknown}, which is no column of it`;
  const odd = table.foreignKeys.find((key) => !isWhole(key, manifest));
  return odd === undefined ? undefined : `a foreign key to ${odd.parentTable} that cannot be`;
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

/** The error of a path where there is no artifact. */
export function notAnArtifact(reason: string, path: string, hint: string): ToolkitError {
  return new ToolkitError({
    kind: 'artifact',
    code: 'not-an-artifact',
    message: `this is not an artifact: ${reason}`,
    where: { file: path },
    hint,
  });
}

/** The error of a form that only another toolkit knows. */
export function unknownVersion(found: unknown, known: number, file: string): ToolkitError {
  return new ToolkitError({
    kind: 'artifact',
    code: 'artifact-format-version',
    message: `the artifact has format version ${String(found)}; this toolkit reads ${known}`,
    where: { file },
    hint: 'use the version of the toolkit that wrote it, or a newer one',
  });
}

/** The error of a manifest that is not as FORMAT.md says. */
export function malformedManifest(reason: string, file: string): ToolkitError {
  return new ToolkitError({
    kind: 'artifact',
    code: 'manifest-malformed',
    message: `the manifest is not as FORMAT.md says: ${reason}`,
    where: { file },
    hint: FROM_ANOTHER_COPY,
  });
}
