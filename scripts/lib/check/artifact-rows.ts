import { closeBatches, readLineBatches } from '../artifact/data-file.ts';
import { LineFault, LineParser } from '../artifact/line.ts';
import type { ManifestTable } from '../artifact/manifest.ts';
import { artifactPath, type Artifact } from '../artifact/reader.ts';
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
): AsyncGenerator<readonly Row[], void> {
  const parser = new LineParser(table.columns.map((column) => column.name));
  const subject = { phase: 'look-ahead', table: table.name } as const;
  const activity = context.progress.start(`${table.name}: ${purpose}`, table.rowCount, subject);
  const batches = readLineBatches(artifactPath(artifact, table.file), context.signal, table.file);
  try {
    for (;;) {
      const step = await nextBatch(batches);
      if (step.done === true) return;
      yield step.value.lines.flatMap((line) => parsed(parser, line));
      activity.advance(step.value.lines.length, step.value.sizeBytes);
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
    return table === undefined
      ? []
      : artifactRows(artifact, table, 'rows that are left out', context);
  };
}

type Batches = ReturnType<typeof readLineBatches>;

async function nextBatch(batches: Batches): Promise<Awaited<ReturnType<Batches['next']>>> {
  try {
    return await batches.next();
  } catch (error) {
    if (!(error instanceof ToolkitError)) throw error;
    return {
      done: true,
      value: { sizeBytes: 0, sha256: '', lineCount: 0, endsWithNewline: true },
    };
  }
}

function parsed(parser: LineParser, line: Buffer): readonly Row[] {
  try {
    return [parser.parse(line)];
  } catch (error) {
    if (error instanceof LineFault) return [];
    throw error;
  }
}
