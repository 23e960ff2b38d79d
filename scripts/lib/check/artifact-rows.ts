import { closeBatches, scanDataFile } from '../artifact/data-file.ts';
import type { ManifestTable } from '../artifact/manifest.ts';
import { rowsFile, type Artifact } from '../artifact/reader.ts';
import { sizeOf, type ScannedRows } from '../artifact/scanned-rows.ts';
import { readRow } from '../artifact/token.ts';
import { ToolkitError } from '../model/errors.ts';
import type { CommandContext } from '../model/progress.ts';
import type { Row } from '../model/values.ts';
import type { RowReader } from './lost-ahead.ts';

/**
 * Reads the rows of a table of an artifact, some at a time, before its files have been checked. What
 * is wrong with them is not said here: a file that cannot be read has no rows, and lines that are no
 * rows are passed over. The check of the artifact reports both.
 *
 * @param purpose for the progress: what the rows are read for
 */
export async function* artifactRows(
  artifact: Artifact,
  table: ManifestTable,
  purpose: string,
  context: CommandContext,
): AsyncGenerator<ScannedRows, void> {
  const names = table.columns.map((column) => column.name);
  const subject = { phase: 'look-ahead', table: table.name } as const;
  const activity = context.progress.start(`${table.name}: ${purpose}`, table.rowCount, subject);
  const batches = scanDataFile(rowsFile(artifact, table), names, context.signal, false);
  try {
    for (;;) {
      const step = await nextBatch(batches);
      if (step === null) return;
      if ('fault' in step) continue;
      yield step;
      activity.advance(step.rowCount, sizeOf(step));
    }
  } finally {
    await closeBatches(batches);
    activity.done();
  }
}

/** Reads the tables of an artifact of which something has to be known before their rows are judged. */
export function rowsAhead(artifact: Artifact, context: CommandContext): RowReader {
  return (name) => {
    const table = artifact.manifest.tables.find((candidate) => candidate.name === name);
    return table === undefined ? [] : wholeRows(artifact, table, context);
  };
}

async function* wholeRows(
  artifact: Artifact,
  table: ManifestTable,
  context: CommandContext,
): AsyncGenerator<readonly Row[], void> {
  for await (const rows of artifactRows(artifact, table, 'rows that are left out', context)) {
    yield Array.from({ length: rows.rowCount }, (_, row) => readRow(rows, row));
  }
}

type Batches = ReturnType<typeof scanDataFile>;
type Batch = Extract<Awaited<ReturnType<Batches['next']>>, { done?: false }>['value'];

/** Null after the last one, and when the file cannot be read. */
async function nextBatch(batches: Batches): Promise<Batch | null> {
  try {
    const step = await batches.next();
    return step.done === true ? null : step.value;
  } catch (error) {
    if (!(error instanceof ToolkitError)) throw error;
    return null;
  }
}
