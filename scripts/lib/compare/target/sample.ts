import { createHash } from 'node:crypto';

import type { ConvertedRow } from '../../mapping/row.ts';
import { createRandom, type Random } from '../../model/random.ts';
import type { Row } from '../../model/values.ts';
import type { ExpectedRow } from './expected-rows.ts';
import { cellsOf, expectedLine, keyOfCells, type RowFormat } from './row-format.ts';
import type { KeyTexts } from './statements.ts';

/** A row that was chosen, and the values that its key has in the target. */
export interface SampledRow extends ExpectedRow {
  readonly keyTexts: KeyTexts;
}

/**
 * Chooses rows of a table, each as likely as any other, while all of them pass. The same seed chooses
 * the same rows. Memory is the rows that are chosen.
 */
export class RowSample {
  readonly #format: RowFormat;
  readonly #size: number;
  readonly #random: Random;
  readonly #rows: SampledRow[] = [];
  #seen = 0;

  constructor(format: RowFormat, table: string, { rows, seed }: { rows: number; seed: number }) {
    this.#format = format;
    this.#size = rows;
    // Each table has a sequence of its own, so that tables beside it change nothing.
    const mixed = createHash('sha256').update(`${seed} ${table}`).digest().readInt32BE();
    this.#random = createRandom(mixed);
  }

  /** How many rows passed. */
  get seen(): number {
    return this.#seen;
  }

  look(row: Row, values: ConvertedRow, lineNumber: number): void {
    this.#seen += 1;
    const place =
      this.#rows.length < this.#size ? this.#rows.length : this.#random.integer(0, this.#seen - 1);
    if (place >= this.#size) return;
    const { columns, key } = this.#format;
    this.#rows[place] = {
      line: expectedLine(this.#format, row, values),
      lineNumber,
      keyTexts: key.map((index) => columns[index]?.textOf(row, values) ?? null),
    };
  }

  /** The chosen rows, in the order of their keys. */
  list(): readonly SampledRow[] {
    const keyOf = ({ line }: SampledRow): Buffer => keyOfCells(this.#format, cellsOf(line));
    return this.#rows
      .map((row) => ({ row, key: keyOf(row) }))
      .toSorted((a, b) => Buffer.compare(a.key, b.key))
      .map(({ row }) => row);
  }
}
