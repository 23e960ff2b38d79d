import { join } from 'node:path';

import { copyToFolder } from '../artifact/copy.ts';
import { Destination } from '../artifact/destination.ts';
import { openArtifact, type Artifact } from '../artifact/reader.ts';
import { packSingleFile } from '../artifact/single-file/pack.ts';
import type { CheckedTable } from '../check/artifact.ts';
import { requireUndamaged } from '../check/undamaged.ts';
import { dependenciesOf } from '../mapping/describe-dependencies.ts';
import { ToolkitError, reword } from '../model/errors.ts';
import type { CommandContext } from '../model/progress.ts';
import type { CommandResult } from '../model/reports/parts.ts';
import type { ExportReport } from '../model/reports/export.ts';
import { exportSource, type ExportOptions } from './export.ts';

type ExportResult = CommandResult<ExportReport>;

/** The form in which an artifact is written, and where. */
export interface ArtifactForm {
  readonly kind: 'folder' | 'single-file';
  readonly path: string;
}

/**
 * Writes an artifact once more, in the form that is asked for: the same manifest, rows and checksums,
 * and so the same id. A damaged artifact is refused. Whether its foreign keys find their parents is
 * not looked at: that is as it is in any form.
 *
 * @throws ToolkitError of kind `artifact`; nothing is left behind then
 */
export async function convertArtifact(
  from: string,
  to: ArtifactForm,
  context: CommandContext,
): Promise<ExportResult> {
  const destination = await Destination.choose(to.path);
  const artifact = await openArtifact(from, context);
  try {
    const checked = await requireUndamaged(artifact, context);
    const write = to.kind === 'folder' ? copyToFolder : packSingleFile;
    await write(artifact, destination, context);
    await destination.discard();
    return describeConversion(artifact, checked, to.path);
  } catch (error) {
    throw await destination.discardAfter(error);
  } finally {
    await artifact.close();
  }
}

/**
 * Exports a database as a single file. The manifest stands first in it and is known last, so the
 * folder form is written before it, beside it under a hidden name.
 *
 * @throws ToolkitError of kind `source` or `artifact`; nothing is left behind then
 */
export async function exportSingleFile(
  options: Omit<ExportOptions, 'out' | 'compress'>,
  path: string,
  context: CommandContext,
): Promise<ExportResult> {
  const destination = await Destination.choose(path);
  try {
    await destination.createFolder();
    const folder = join(destination.partialPath, 'folder');
    const exported = await exportSource({ ...options, out: folder }, context);
    await packSingleFile(await openArtifact(folder), destination, context);
    await destination.discard();
    return { ...exported, artifact: { path, id: exported.artifact.id } };
  } catch (error) {
    throw await destination.discardAfter(ofSingleFile(error, destination));
  }
}

/** The folder stands inside what will be the single file: its hidden name says nothing to anybody. */
function ofSingleFile(error: unknown, { path, partialPath }: Destination): unknown {
  const isInside = error instanceof ToolkitError && error.where.file?.startsWith(partialPath);
  return isInside === true ? reword(error, { where: { ...error.where, file: path } }) : error;
}

function describeConversion(
  { path: source, id, manifest }: Artifact,
  checked: readonly CheckedTable[],
  path: string,
): ExportResult {
  return {
    source,
    artifact: { path, id },
    totalRows: manifest.tables.reduce((sum, table) => sum + table.rowCount, 0),
    totalBytes: manifest.tables.reduce((sum, table) => sum + table.sizeBytes, 0),
    tables: manifest.tables.map(({ name, file, rowCount, sizeBytes, sha256, stored }) => ({
      name,
      file,
      rowCount,
      sizeBytes,
      sha256,
      ...(stored === undefined ? {} : { stored }),
      elapsedMs: checked.find((table) => table.name === name)?.elapsedMs ?? 0,
    })),
    dependencies: dependenciesOf(manifest.tables),
    notCarried: manifest.notCarried,
    findings: [],
  };
}
