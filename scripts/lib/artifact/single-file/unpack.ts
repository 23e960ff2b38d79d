import { basename } from 'node:path';

import { ToolkitError } from '../../model/errors.ts';
import type { Activity, CommandContext } from '../../model/progress.ts';
import { FROM_ANOTHER_COPY, NAME_AN_ARTIFACT, notAnArtifact } from '../parse-manifest.ts';
import { readChunks } from '../read-file.ts';
import { DocumentReader } from './document-reader.ts';
import { DocumentFault } from './document.ts';
import { FolderForm } from './folder-form.ts';

/**
 * Writes the files of a single-file artifact into an empty folder, as they stand in the folder form.
 * Memory is a chunk and the manifest, whatever the size of the file, of a row or of a value. What
 * the files hold is not checked here: they are an artifact like any other then.
 *
 * @throws ToolkitError of kind `artifact` when the file is no such document
 */
export async function unpackSingleFile(
  path: string,
  folder: string,
  context: CommandContext,
): Promise<void> {
  const form = new FolderForm(folder, path);
  const reader = new DocumentReader(form);
  let activity: Activity | undefined;
  try {
    for await (const chunk of readChunks(path, context.signal, path)) {
      const before = form.rowCount;
      reader.take(chunk);
      if (form.totalRows === null) continue;
      activity ??= context.progress.start(`unpacking ${basename(path)}`, form.totalRows, {
        phase: 'unpack',
      });
      activity.advance(form.rowCount - before, chunk.length);
    }
    reader.end();
    form.finish();
  } catch (error) {
    throw asArtifactError(error, path, form, reader.line);
  } finally {
    activity?.done();
    form.abandon();
  }
}

function asArtifactError(error: unknown, path: string, form: FolderForm, line: number): unknown {
  if (!(error instanceof DocumentFault)) return error;
  if (!form.isKnown) return notAnArtifact(error.message, path, NAME_AN_ARTIFACT);
  return new ToolkitError({
    kind: 'artifact',
    code: 'single-file-malformed',
    message: `the file is not as FORMAT.md says: ${error.message}`,
    where: { table: form.table, file: path, line },
    hint: FROM_ANOTHER_COPY,
  });
}
