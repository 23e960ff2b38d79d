import { closeBatches, readLineBatches } from '../../artifact/data-file.ts';
import { LineFault, LineParser } from '../../artifact/line.ts';
import { rowsFile, type Artifact } from '../../artifact/reader.ts';
import { changedFile, requireSame } from '../../artifact/unchanged.ts';
import type { TablePlan } from '../../mapping/plan.ts';
import type { LostReferences } from '../../mapping/references.ts';
import { SILENT_LISTENER, rowConverter } from '../../mapping/row.ts';
import { ExternalSort } from '../external-sort.ts';
import { cellsOf, expectedLine, keyOfCells, type RowFormat } from './row-format.ts';

/** A row as the target should hold it. */
export interface ExpectedRow {
  /** Its canonical texts in COPY's text format, with the newline. */
  readonly line: string;
  /** Its line in the data file, from 1. */
  readonly lineNumber: number;
}

export interface ExpectedOptions {
  readonly artifact: Artifact;
  readonly plan: TablePlan;
  readonly format: RowFormat;
  /** What refers to rows that the mapping leaves out. */
  readonly lostReferences: LostReferences;
  readonly signal: AbortSignal;
}

/**
 * The rows of a data file as the import would load them, in the order of the file, some at a time.
 *
 * @throws ToolkitError of kind `artifact` when the file is not the one that was checked
 */
export async function* expectedRows(
  options: ExpectedOptions,
): AsyncGenerator<readonly ExpectedRow[], void> {
  const { artifact, plan, format, signal } = options;
  const { source } = plan;
  const convert = rowConverter(plan, SILENT_LISTENER, options.lostReferences);
  const parser = new LineParser(source.columns.map((column) => column.name));
  const batches = readLineBatches(rowsFile(artifact, source), signal);
  try {
    for (;;) {
      const step = await batches.next();
      if (step.done === true) {
        requireSame(step.value.sha256, source.sha256, source.file);
        return;
      }
      const { firstLine, lines } = step.value;
      yield lines.flatMap((bytes, index): ExpectedRow[] => {
        const row = parser.parse(bytes);
        const values = convert(row);
        if (values === null) return [];
        return [{ line: expectedLine(format, row, values), lineNumber: firstLine + index }];
      });
    }
  } catch (error) {
    throw error instanceof LineFault ? changedFile(source.file) : error;
  } finally {
    await closeBatches(batches);
  }
}

const BATCH_ROWS = 1000;

/** The same rows in the order of their keys, sorted in a temporary file. */
export async function* sortedRows(
  options: ExpectedOptions,
): AsyncGenerator<readonly ExpectedRow[], void> {
  const sort = new ExternalSort<string>();
  try {
    for await (const rows of expectedRows(options)) {
      for (const { line, lineNumber } of rows) {
        sort.add(keyOfCells(options.format, cellsOf(line)), `${lineNumber} ${line}`);
      }
    }
    let batch: ExpectedRow[] = [];
    for (const { payload } of sort.rows()) {
      const end = payload.indexOf(' ');
      batch.push({ line: payload.slice(end + 1), lineNumber: Number(payload.slice(0, end)) });
      if (batch.length < BATCH_ROWS) continue;
      options.signal.throwIfAborted();
      yield batch;
      batch = [];
    }
    yield batch;
  } finally {
    sort.close();
  }
}
