import { basename, join } from 'node:path';

import type { Activity, CommandContext } from '../../model/progress.ts';
import { closeBatches, readLineBatches } from '../data-file.ts';
import type { Destination } from '../destination.ts';
import { HashingFile } from '../durable-files.ts';
import { dataTables, type ManifestTable } from '../manifest.ts';
import { rowsFile, type Artifact } from '../reader.ts';
import { requireSame } from '../unchanged.ts';
import { unwritable } from '../unwritable.ts';
import { SINGLE_FILE_FORMAT, SINGLE_FILE_VERSION } from './document.ts';
import { checksumsOf, manifestOf, requirePlainFiles, requireRow, schemaOf } from './exact-parts.ts';

/**
 * Writes an artifact as one JSON document, in memory that does not grow with it. The rows are the
 * lines of its data files, unchanged, each on a line of its own.
 *
 * @throws ToolkitError of kind `artifact` when the document cannot be written, when a file of the
 * artifact is not what its manifest says, or when the document could not say it to the byte
 */
export async function packSingleFile(
  artifact: Artifact,
  destination: Destination,
  context: CommandContext,
): Promise<void> {
  requirePlainFiles(artifact);
  const name = basename(destination.path);
  const written = join(destination.partialPath, name);
  const totalRows = dataTables(artifact.manifest).reduce((sum, table) => sum + table.rowCount, 0);
  await destination.createFolder();
  const activity = context.progress.start(`packing ${name}`, totalRows, { phase: 'pack' });
  try {
    const output = await HashingFile.create(written);
    try {
      await writeDocument(artifact, output, activity, context.signal);
      await output.close();
    } catch (error) {
      await output.abandon();
      throw error;
    }
  } catch (error) {
    throw unwritable(error, destination.path);
  } finally {
    activity.done();
  }
  await destination.publish(written);
}

async function writeDocument(
  artifact: Artifact,
  output: HashingFile,
  activity: Activity,
  signal: AbortSignal,
): Promise<void> {
  const manifest = await manifestOf(artifact);
  output.append(
    `{
  "format": ${JSON.stringify(SINGLE_FILE_FORMAT)},
  "formatVersion": ${SINGLE_FILE_VERSION},
  "manifest": ${manifest.replaceAll('\n', '\n  ')},
  "schema": ${JSON.stringify(await schemaOf(artifact))},
  "tables": [`,
  );
  for (const [index, table] of dataTables(artifact.manifest).entries()) {
    const comma = index === 0 ? '' : ',';
    output.append(`${comma}\n    {"name": ${JSON.stringify(table.name)}, "rows": [`);
    await writeRows(artifact, table, output, activity, signal);
    output.append(']}');
  }
  const checksums = (await checksumsOf(artifact)).map(
    ([file, sha256]) => `    ${JSON.stringify(file)}: ${JSON.stringify(sha256)}`,
  );
  output.append(`\n  ],\n  "checksums": {\n${checksums.join(',\n')}\n  }\n}\n`);
}

async function writeRows(
  artifact: Artifact,
  table: ManifestTable,
  output: HashingFile,
  activity: Activity,
  signal: AbortSignal,
): Promise<void> {
  const batches = readLineBatches(rowsFile(artifact, table), signal);
  let lineNumber = 0;
  try {
    for (;;) {
      const step = await batches.next();
      if (step.done === true) {
        requireSame(step.value.sha256, table.sha256, table.file);
        if (lineNumber > 0) output.append('\n    ');
        return;
      }
      for (const line of step.value.lines) {
        lineNumber += 1;
        const text = line.toString('utf8');
        requireRow(text, table, lineNumber);
        output.append(lineNumber === 1 ? '\n' : ',\n');
        if (output.append(text)) await output.flush();
      }
      activity.advance(step.value.lines.length, step.value.sizeBytes);
    }
  } finally {
    await closeBatches(batches);
  }
}
