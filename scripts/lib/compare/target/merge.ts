import { createHash } from 'node:crypto';

import { MAX_EXAMPLES } from '../../model/findings.ts';
import { shortDigest } from '../../model/short-digest.ts';
import type { RowDifference, ShownValue } from '../../model/target-comparison.ts';
import type { ExpectedRow } from './expected-rows.ts';
import {
  cellsOf,
  describeRow,
  keyOfCells,
  shownCell,
  type Cells,
  type RowFormat,
} from './row-format.ts';
import type { TargetLines } from './target-lines.ts';

export interface MergeOptions {
  readonly format: RowFormat;
  readonly target: TargetLines;
  /** Differences show the values themselves. */
  readonly showValues: boolean;
  /** Rows that only the target has mean nothing: the archive's are a sample. */
  readonly ignoresExtra: boolean;
}

export interface MergeResult {
  readonly rowsOfArchive: number;
  readonly rowsEqual: number;
  readonly rowsMissing: number;
  readonly rowsExtra: number;
  readonly rowsDifferent: number;
  /** The first {@link MAX_EXAMPLES} of each kind. */
  readonly differences: RowDifference[];
  /** SHA-256 of the archive's rows. */
  readonly digest: string;
}

type Count = 'equal' | RowDifference['kind'];

const HASHED_AT_ONCE = 64 * 1024;

/** Holds the rows of both sides against each other as they come, both in the order of their keys. */
export class RowMerge {
  readonly #options: MergeOptions;
  readonly #hash = createHash('sha256');
  readonly #counts: Record<Count, number> = { equal: 0, missing: 0, extra: 0, different: 0 };
  readonly #differences: RowDifference[] = [];
  #rows = 0;
  #unhashed = '';

  constructor(options: MergeOptions) {
    this.#options = options;
  }

  /** The next rows of the archive. */
  async add(rows: readonly ExpectedRow[]): Promise<void> {
    const { target } = this.#options;
    for (const row of rows) {
      this.#unhashed += row.line;
      if (this.#unhashed.length > HASHED_AT_ONCE) this.#flushHash();
      // Nearly always: the same bytes, of which nothing has to be read.
      const hasLine = target.hasLine || (await target.fill());
      if (hasLine && target.takeIf(row.line)) this.#counts.equal += 1;
      else await this.#settle(row);
    }
    this.#rows += rows.length;
  }

  /** What is left of the target is in it alone. */
  async finish(): Promise<MergeResult> {
    const { target } = this.#options;
    while (await target.fill()) this.#takeExtra();
    this.#flushHash();
    return {
      rowsOfArchive: this.#rows,
      rowsEqual: this.#counts.equal,
      rowsMissing: this.#counts.missing,
      rowsExtra: this.#counts.extra,
      rowsDifferent: this.#counts.different,
      differences: this.#differences,
      digest: this.#hash.digest('hex'),
    };
  }

  /** Finds the place of a row that is not the target's next one. */
  async #settle(row: ExpectedRow): Promise<void> {
    const { format, target } = this.#options;
    const cells = cellsOf(row.line);
    const key = keyOfCells(format, cells);
    while (await target.fill()) {
      if (target.takeIf(row.line)) {
        this.#counts.equal += 1;
        return;
      }
      const other = cellsOf(target.peek());
      const order = Buffer.compare(keyOfCells(format, other), key);
      if (order > 0) break;
      if (order === 0) {
        target.skip();
        this.#takeDifferent(row, other);
        return;
      }
      this.#takeExtra();
    }
    this.#count('missing', () => this.#place(row.line, row.lineNumber));
  }

  #takeDifferent({ line, lineNumber }: ExpectedRow, other: Cells): void {
    this.#count('different', () => ({
      ...this.#place(line, lineNumber),
      columns: this.#differentColumns(cellsOf(line), other),
    }));
  }

  #differentColumns(cells: Cells, other: Cells): RowDifference['columns'] {
    return this.#options.format.columns.flatMap((column, index) => {
      const [archive, target] = [cells[index] ?? null, other[index] ?? null];
      if (archive === target) return [];
      const show = (cell: string | null): ShownValue =>
        cell === null ? null : this.#show(cell, (text) => shownCell(column, text));
      return [{ column: column.target.name, archive: show(archive), target: show(target) }];
    });
  }

  #takeExtra(): void {
    const { target, ignoresExtra } = this.#options;
    const line = target.peek();
    target.skip();
    if (ignoresExtra) return;
    this.#count('extra', () => this.#place(line, null));
  }

  #count(kind: RowDifference['kind'], describe: () => Omit<RowDifference, 'kind'>): void {
    this.#counts[kind] += 1;
    if (this.#counts[kind] <= MAX_EXAMPLES) this.#differences.push({ kind, ...describe() });
  }

  #place(line: string, lineNumber: number | null): Omit<RowDifference, 'kind'> {
    const { format } = this.#options;
    const row = format.isKeyed ? null : this.#show(line.slice(0, -1), (text) => text);
    return { rowKey: describeRow(format, cellsOf(line)), line: lineNumber, row, columns: [] };
  }

  #show(text: string, describe: (text: string) => string): NonNullable<ShownValue> {
    const sha256 = shortDigest(createHash('sha256').update(text).digest('hex'));
    const shown = { sha256, length: Buffer.byteLength(text) };
    return this.#options.showValues ? { ...shown, value: describe(text) } : shown;
  }

  #flushHash(): void {
    this.#hash.update(this.#unhashed);
    this.#unhashed = '';
  }
}
