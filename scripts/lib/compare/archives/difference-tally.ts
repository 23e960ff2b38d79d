import type { ChangedRow, RowExample, TableComparison } from '../../model/archive-comparison.ts';
import { MAX_EXAMPLES } from '../../model/findings.ts';
import { rowKeyDescriber } from '../../model/row-key.ts';
import type { Row } from '../../model/values.ts';
import { encodeValue } from '../../value/codec.ts';
import { describeComparedValue } from './compared-value.ts';

/** How the rows of a table differ. */
export type RowDifferences = Pick<
  TableComparison,
  | 'rowsEqual'
  | 'rowsAdded'
  | 'rowsRemoved'
  | 'rowsChanged'
  | 'columns'
  | 'added'
  | 'removed'
  | 'changed'
>;

/** Counts the differences of one table exactly, and keeps the first {@link MAX_EXAMPLES} of each kind. */
export class DifferenceTally {
  readonly #columnNames: readonly string[];
  readonly #describeKey: (row: Row) => string | undefined;
  readonly #showValues: boolean;
  readonly #counts = { rowsEqual: 0, rowsAdded: 0, rowsRemoved: 0, rowsChanged: 0 };
  readonly #changesByColumn: number[];
  readonly #added: RowExample[] = [];
  readonly #removed: RowExample[] = [];
  readonly #changed: ChangedRow[] = [];

  /** @param columnNames of the columns that both sides have */
  constructor(columnNames: readonly string[], primaryKey: readonly string[], showValues: boolean) {
    this.#columnNames = columnNames;
    this.#describeKey = rowKeyDescriber(columnNames, primaryKey);
    this.#showValues = showValues;
    this.#changesByColumn = columnNames.map(() => 0);
  }

  equal(rows = 1): void {
    this.#counts.rowsEqual += rows;
  }

  /** A row that only the later side has. */
  added(row: Row): void {
    this.#counts.rowsAdded += 1;
    this.#keep(this.#added, row);
  }

  /** A row that only the earlier side has. */
  removed(row: Row): void {
    this.#counts.rowsRemoved += 1;
    this.#keep(this.#removed, row);
  }

  /** Rows that were counted elsewhere, with the first of them. */
  addCounted(side: 'added' | 'removed', total: number, examples: readonly RowExample[]): void {
    this.#counts[side === 'added' ? 'rowsAdded' : 'rowsRemoved'] += total;
    const kept = side === 'added' ? this.#added : this.#removed;
    kept.push(...examples.slice(0, MAX_EXAMPLES - kept.length));
  }

  /** Two rows of one key: equal after all when they are only written in different ways. */
  pair(before: Row, after: Row): void {
    const differing = this.#columnNames.flatMap((_, index) =>
      encodeValue(before[index] ?? null) === encodeValue(after[index] ?? null) ? [] : [index],
    );
    if (differing.length === 0) {
      this.equal();
      return;
    }
    this.#counts.rowsChanged += 1;
    for (const index of differing) this.#changesByColumn[index] = this.#changesIn(index) + 1;
    if (this.#changed.length === MAX_EXAMPLES) return;
    this.#changed.push({
      rowKey: this.#describeKey(before) ?? '',
      columns: differing.map((index) => ({
        name: this.#columnNames[index] ?? '',
        before: describeComparedValue(before[index] ?? null, this.#showValues),
        after: describeComparedValue(after[index] ?? null, this.#showValues),
      })),
    });
  }

  result(): RowDifferences {
    return {
      ...this.#counts,
      columns: this.#columnNames.flatMap((name, index) => {
        const rowsChanged = this.#changesIn(index);
        return rowsChanged === 0 ? [] : [{ name, rowsChanged }];
      }),
      added: this.#added,
      removed: this.#removed,
      changed: this.#changed,
    };
  }

  #changesIn(index: number): number {
    return this.#changesByColumn[index] ?? 0;
  }

  #keep(kept: RowExample[], row: Row): void {
    if (kept.length === MAX_EXAMPLES) return;
    const rowKey = this.#describeKey(row);
    kept.push({ ...(rowKey === undefined ? {} : { rowKey }), times: 1 });
  }
}
