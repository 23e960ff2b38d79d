import { createHash } from 'node:crypto';

import type { ScannedRows } from '../../artifact/scanned-rows.ts';
import { canonicalFields } from '../../mapping/line-fields.ts';
import { LineWriter, type WrittenLine } from '../../mapping/line-writer.ts';
import type { TablePlan } from '../../mapping/plan.ts';
import type { ConvertedRow } from '../../mapping/row.ts';
import type { PlannedTable } from '../../mapping/source-shape.ts';
import type { Row } from '../../model/values.ts';
import { ByteWriter } from '../../value/bytes/byte-writer.ts';
import { KeyOrderWatch } from './key-order-watch.ts';
import { rowFormat } from './row-format.ts';

const HASHED_AT_ONCE = 64 * 1024;

/**
 * Computes a table's digest (FORMAT.md, "Table digest") of rows as they pass, before they are loaded or meanwhile.
 * It needs them in the order of the target's key.
 */
export class TableDigest {
  readonly #lines: LineWriter;
  readonly #order: KeyOrderWatch;
  readonly #hash = createHash('sha256');
  readonly #out = new ByteWriter();
  #rowCount = 0;

  constructor(plan: TablePlan<PlannedTable>) {
    this.#lines = new LineWriter(canonicalFields(plan));
    this.#order = new KeyOrderWatch(rowFormat(plan));
  }

  /** Takes a row that is loaded, as it was converted. */
  look(row: Row, values: ConvertedRow): void {
    const start = this.#out.position;
    this.#lines.writeRow(row, values, this.#out);
    this.#lineWritten(start);
  }

  /**
   * Takes a row by its tokens; false when only the row as a whole says what becomes of it, which was
   * not taken then. True says that each of its values fits the target and is changed by no mapping.
   */
  lookScanned(rows: ScannedRows, row: number): boolean {
    const start = this.#out.position;
    if (!this.#lines.writeScanned(rows, row, this.#out)) return false;
    this.#lineWritten(start);
    return true;
  }

  /** Takes a line that stands written elsewhere, and which is to come with {@link takeLines}. */
  lookLine(line: WrittenLine): void {
    this.#rowCount += 1;
    this.#order.look(line);
  }

  /** Takes the bytes of such lines, one after the other. */
  takeLines(bytes: Buffer): void {
    if (this.#order.isInOrder) this.#hash.update(bytes);
  }

  /** The rows have a key and came in its order. */
  get isInOrder(): boolean {
    return this.#order.isInOrder;
  }

  /** How many rows were taken. */
  get rowCount(): number {
    return this.#rowCount;
  }

  /** To be asked once, after the last row; null when the rows have no key or came in another order. */
  result(): string | null {
    if (!this.#order.isInOrder) return null;
    this.#flush();
    return this.#hash.digest('hex');
  }

  #lineWritten(start: number): void {
    const out = this.#out;
    const { fieldEnds } = this.#lines;
    this.lookLine({ bytes: out.bytes, start, end: out.position, fieldEnds });
    if (out.position > HASHED_AT_ONCE) this.#flush();
  }

  #flush(): void {
    this.takeLines(this.#out.written());
    this.#out.clear();
  }
}

/** The digests that the tables of a target will have. */
export class TableDigests {
  readonly #digests = new Map<string, TableDigest>();

  /** Gets what takes the rows of a table. */
  watch(plan: TablePlan<PlannedTable>): TableDigest {
    const digest = new TableDigest(plan);
    this.#digests.set(plan.source.name, digest);
    return digest;
  }

  /** By source table. To be asked once, after the last row; null as {@link TableDigest.result} says. */
  results(): Map<string, string | null> {
    return new Map([...this.#digests].map(([table, digest]) => [table, digest.result()]));
  }
}
