import { closeBatches, scanDataFile } from '../artifact/data-file.ts';
import { rowsFile, type Artifact } from '../artifact/reader.ts';
import { sizeOf, type ScannedRows } from '../artifact/scanned-rows.ts';
import { readRow } from '../artifact/token.ts';
import { loadedFields, loadsCanonicalLines } from '../mapping/line-fields.ts';
import { LineWriter, needsWholeRows, type WrittenLine } from '../mapping/line-writer.ts';
import type { TablePlan } from '../mapping/plan.ts';
import type { LostReferences } from '../mapping/references.ts';
import type { ConvertedRow } from '../mapping/row.ts';
import type { Activity } from '../model/progress.ts';
import type { Row } from '../model/values.ts';
import { ByteWriter } from '../value/bytes/byte-writer.ts';
import { changedSinceCheck, loadedRow } from './loaded-row.ts';

/** Computes a table's digest (FORMAT.md, "Table digest") of its rows, in the order of the file. */
export interface RowsDigest {
  /** Takes a row by its tokens; false: it was not taken, and is to be looked at as a whole. */
  readonly lookScanned: (rows: ScannedRows, row: number) => boolean;
  /** Takes a row as it was converted. */
  readonly look: (row: Row, values: ConvertedRow) => void;
  /** Takes a row as the line that COPY gets, where those are the lines that the digest is of. */
  readonly lookLine: (line: WrittenLine) => void;
  /** Takes the bytes of all lines that it got since the last ones. */
  readonly takeLines: (bytes: Buffer) => void;
  /** To be asked once, after the last row; null when the rows have no digest. */
  readonly result: () => string | null;
}

export interface CopyLinesOptions {
  readonly artifact: Artifact;
  readonly plan: TablePlan;
  /** What refers to rows that the mapping leaves out, as the check before the load found it. */
  readonly lostReferences: LostReferences;
  /** Gets every row that is loaded; null where the digest is known. */
  readonly digest: RowsDigest | null;
  readonly activity: Activity;
  readonly signal: AbortSignal;
}

/**
 * What COPY gets of a data file, which is hashed and counted on the way.
 *
 * @throws ToolkitError of kind `artifact` when it is not what the manifest says
 */
export async function* copyLines(options: CopyLinesOptions): AsyncGenerator<Buffer, void> {
  const { artifact, plan, activity, signal } = options;
  const { source } = plan;
  const names = source.columns.map((column) => column.name);
  const out = new ByteWriter();
  const lines = new CopyLineWriter(options, out);
  const batches = scanDataFile(rowsFile(artifact, source), names, signal);
  try {
    for (;;) {
      const step = await batches.next();
      if (step.done === true) {
        const { sha256, lineCount } = step.value;
        if (sha256 === source.sha256 && lineCount === source.rowCount) return;
        throw changedSinceCheck(source);
      }
      const rows = step.value;
      if ('fault' in rows) throw changedSinceCheck(source);
      for (let row = 0; row < rows.rowCount; row++) lines.write(rows, row);
      lines.finishBatch();
      activity.advance(rows.rowCount, sizeOf(rows));
      if (out.position > 0) yield out.take();
    }
  } finally {
    await closeBatches(batches);
  }
}

/** Writes what COPY gets of each row; nothing when the mapping leaves it out. */
class CopyLineWriter {
  readonly #out: ByteWriter;
  readonly #convert: (row: Row) => ConvertedRow | null;
  readonly #lines: LineWriter;
  readonly #isRowByRow: boolean;
  readonly #digest: RowsDigest | null;
  /** COPY gets the very lines that the digest is of. */
  readonly #isSameLine: boolean;

  constructor({ plan, lostReferences, digest }: CopyLinesOptions, out: ByteWriter) {
    this.#out = out;
    this.#convert = loadedRow(plan, lostReferences);
    this.#lines = new LineWriter(loadedFields(plan));
    this.#isRowByRow = needsWholeRows(plan, lostReferences);
    this.#digest = digest;
    this.#isSameLine = loadsCanonicalLines(plan);
  }

  write(rows: ScannedRows, row: number): void {
    const start = this.#out.position;
    if (this.#isRowByRow || !this.#lines.writeScanned(rows, row, this.#out)) {
      this.#writeWhole(readRow(rows, row), start);
    } else if (this.#digest !== null) {
      if (this.#isSameLine) this.#lookLine(start);
      else if (!this.#digest.lookScanned(rows, row)) this.#lookWhole(readRow(rows, row));
    }
  }

  /** To be called while what was written still stands in its place. */
  finishBatch(): void {
    if (this.#digest !== null && this.#isSameLine) {
      this.#digest.takeLines(this.#out.bytes.subarray(0, this.#out.position));
    }
  }

  #writeWhole(row: Row, start: number): void {
    const values = this.#convert(row);
    if (values === null) return;
    this.#lines.writeRow(row, values, this.#out);
    if (this.#isSameLine) this.#lookLine(start);
    else this.#digest?.look(row, values);
  }

  #lookWhole(row: Row): void {
    const values = this.#convert(row);
    if (values !== null) this.#digest?.look(row, values);
  }

  #lookLine(start: number): void {
    const { bytes, position: end } = this.#out;
    this.#digest?.lookLine({ bytes, start, end, fieldEnds: this.#lines.fieldEnds });
  }
}
