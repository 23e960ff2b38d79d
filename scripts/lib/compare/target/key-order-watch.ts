import type { ConvertedRow } from '../../mapping/row.ts';
import type { Row } from '../../model/values.ts';
import { keyOfRow, type RowFormat } from './row-format.ts';

/** Watches whether the rows of a data file come in the order in which PostgreSQL sorts them. */
export class KeyOrderWatch {
  readonly #format: RowFormat;
  #last: Buffer | null = null;
  #isInOrder: boolean;

  constructor(format: RowFormat) {
    this.#format = format;
    this.#isInOrder = format.isKeyed;
  }

  look(row: Row, values: ConvertedRow): void {
    if (!this.#isInOrder) return;
    const key = keyOfRow(this.#format, row, values);
    if (this.#last !== null && Buffer.compare(this.#last, key) > 0) this.#isInOrder = false;
    this.#last = key;
  }

  /** Rows without a key are never taken to be in order. */
  get isInOrder(): boolean {
    return this.#isInOrder;
  }
}
