import { createHash } from 'node:crypto';

import type { TablePlan } from '../../mapping/plan.ts';
import type { ConvertedRow } from '../../mapping/row.ts';
import type { PlannedTable } from '../../mapping/source-shape.ts';
import type { Row } from '../../model/values.ts';
import { KeyOrderWatch } from './key-order-watch.ts';
import { expectedLine, rowFormat, type RowFormat } from './row-format.ts';

const HASHED_AT_ONCE = 64 * 1024;

/**
 * Computes a table's digest (FORMAT.md, "Table digest") of rows as they pass, before they are loaded.
 * It needs them in the order of the target's key.
 */
class TableDigest {
  readonly #format: RowFormat;
  readonly #order: KeyOrderWatch;
  readonly #hash = createHash('sha256');
  #unhashed = '';

  constructor(plan: TablePlan<PlannedTable>) {
    this.#format = rowFormat(plan);
    this.#order = new KeyOrderWatch(this.#format);
  }

  add(row: Row, values: ConvertedRow): void {
    if (!this.#order.isInOrder) return;
    this.#order.look(row, values);
    this.#unhashed += expectedLine(this.#format, row, values);
    if (this.#unhashed.length > HASHED_AT_ONCE) this.#flush();
  }

  /** To be asked once, after the last row; null when the rows have no key or came in another order. */
  result(): string | null {
    if (!this.#order.isInOrder) return null;
    this.#flush();
    return this.#hash.digest('hex');
  }

  #flush(): void {
    this.#hash.update(this.#unhashed);
    this.#unhashed = '';
  }
}

/** The digests that the tables of a target will have. */
export class TableDigests {
  readonly #digests = new Map<string, TableDigest>();

  /** Gets what takes the rows of a table. */
  watch(plan: TablePlan<PlannedTable>): (row: Row, values: ConvertedRow) => void {
    const digest = new TableDigest(plan);
    this.#digests.set(plan.source.name, digest);
    return (row, values) => digest.add(row, values);
  }

  /** By source table. To be asked once, after the last row; null as {@link TableDigest.result} says. */
  results(): Map<string, string | null> {
    return new Map([...this.#digests].map(([table, digest]) => [table, digest.result()]));
  }
}
