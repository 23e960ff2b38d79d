import type { ScannedRows } from '../../artifact/scanned-rows.ts';
import type { SqliteValue } from '../../model/values.ts';
import type { KeyBytes } from './key-bytes.ts';
import type { KeyHolder } from './key-holder.ts';
import { KeyTable } from './key-table.ts';
import type { MemoryBudget } from './memory-budget.ts';

/** A set of keys that are equal when their bytes are. */
export class ByteKeys implements KeyHolder {
  readonly #form: KeyBytes;
  readonly #table: KeyTable;

  constructor(form: KeyBytes, budget: MemoryBudget) {
    this.#form = form;
    this.#table = new KeyTable(budget);
  }

  addRow(rows: ScannedRows, row: number, indexes: readonly number[]): boolean {
    const form = this.#form;
    return form.readRow(rows, row, indexes) && this.#table.add(form.bytes, form.start, form.end);
  }

  hasRow(rows: ScannedRows, row: number, indexes: readonly number[]): boolean | undefined {
    const form = this.#form;
    if (!form.readRow(rows, row, indexes)) return undefined;
    return this.#table.has(form.bytes, form.start, form.end);
  }

  add(values: readonly SqliteValue[]): boolean {
    const form = this.#form;
    return form.readValues(values) && this.#table.add(form.bytes, form.start, form.end);
  }

  has(values: readonly SqliteValue[]): boolean {
    const form = this.#form;
    return form.readValues(values) && this.#table.has(form.bytes, form.start, form.end);
  }

  *values(): Generator<readonly SqliteValue[]> {
    for (const key of this.#table.values()) yield this.#form.valuesOf(key);
  }

  release(): void {
    this.#table.release();
  }
}
