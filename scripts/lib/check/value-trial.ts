import type { ScannedRows } from '../artifact/scanned-rows.ts';
import { canonicalFields } from '../mapping/line-fields.ts';
import { LineWriter } from '../mapping/line-writer.ts';
import type { ColumnPlan, TablePlan } from '../mapping/plan.ts';
import type { PlannedTable } from '../mapping/source-shape.ts';
import { ByteWriter } from '../value/bytes/byte-writer.ts';
import type { LoadedRows } from './scanned-judge.ts';

/** Tries the values of some columns, and keeps nothing of the rows. */
export class ValueTrial implements LoadedRows {
  readonly #lines: LineWriter;
  readonly #out = new ByteWriter();

  constructor(plan: TablePlan<PlannedTable>, columns: readonly ColumnPlan[]) {
    const targets = new Set(columns.map(({ target }) => target));
    this.#lines = new LineWriter(canonicalFields(plan).filter(({ target }) => targets.has(target)));
  }

  look(): void {
    // What there is to say of a row as a whole has been said by whoever converted it.
  }

  lookScanned(rows: ScannedRows, row: number): boolean {
    this.#out.position = 0;
    return this.#lines.writeScanned(rows, row, this.#out);
  }
}
