import { createHash } from 'node:crypto';

import { lineEncoder } from '../../artifact/line.ts';
import type { RowExample } from '../../model/archive-comparison.ts';
import { MAX_EXAMPLES } from '../../model/findings.ts';
import { rowKeyDescriber } from '../../model/row-key.ts';
import type { Row } from '../../model/values.ts';
import { shorten } from './compared-value.ts';
import type { DifferenceTally } from './difference-tally.ts';
import { WaitingRows, type WaitingRow } from './waiting-rows.ts';

/** How rows without a key are compared, and shown. */
export interface UnpairedRowsOptions {
  readonly columnNames: readonly string[];
  /** Empty, or of keys that hold a NULL and so may repeat. */
  readonly primaryKey: readonly string[];
  readonly parse: (line: Buffer) => Row;
  readonly showValues: boolean;
  readonly tally: DifferenceTally;
}

/** How much of the lines that came last is kept in memory, where most find their like. */
const MAX_RECENT_BYTES = 4 * 1024 * 1024;

interface RecentLine {
  readonly line: number | null;
  balance: number;
}

/**
 * Rows that no key pairs, as multisets: a row that came on one side waits until the same one comes on
 * the other. Memory is bounded, because what waits for long lies in a temporary file.
 */
export class UnpairedRows {
  readonly #options: UnpairedRowsOptions;
  readonly #encode: (row: Row) => string;
  readonly #describeKey: (row: Row) => string | undefined;
  /** By the bytes of the line, as a string of as many characters. */
  readonly #recent = new Map<string, RecentLine>();
  #recentBytes = 0;
  #waiting: WaitingRows | undefined;

  constructor(options: UnpairedRowsOptions) {
    this.#options = options;
    this.#encode = lineEncoder(options.columnNames);
    this.#describeKey = rowKeyDescriber(options.columnNames, options.primaryKey);
  }

  /** @param number of the line in the data file; null when lines do not come in the file's order */
  add(side: 'before' | 'after', line: Buffer, number: number | null): void {
    const weight = side === 'before' ? -1 : 1;
    const bytes = line.toString('latin1');
    const recent = this.#recent.get(bytes);
    if (recent === undefined) {
      this.#recent.set(bytes, { line: number, balance: weight });
      this.#recentBytes += bytes.length;
      if (this.#recentBytes > MAX_RECENT_BYTES) this.#setDown();
      return;
    }
    if (recent.balance > 0 !== weight > 0) this.#options.tally.equal();
    recent.balance += weight;
    if (recent.balance !== 0) return;
    this.#recent.delete(bytes);
    this.#recentBytes -= bytes.length;
  }

  /** Gives what still waits to the tally. */
  settle(): void {
    this.#setDown();
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    const { tally } = this.#options;
    for (const [side, kind] of [
      ['before', 'removed'],
      ['after', 'added'],
    ] as const) {
      const examples = waiting.firstOf(side, MAX_EXAMPLES).map(toExample);
      tally.addCounted(kind, waiting.count(side), examples);
    }
  }

  close(): void {
    this.#waiting?.close();
  }

  /** Lets the lines in memory wait in the file, where those of one value meet however they are written. */
  #setDown(): void {
    if (this.#recent.size === 0) return;
    this.#waiting ??= new WaitingRows();
    for (const [bytes, { line, balance }] of this.#recent) {
      const row = this.#options.parse(Buffer.from(bytes, 'latin1'));
      const text = this.#encode(row);
      const equal = this.#waiting.add(createHash('sha256').update(text).digest(), {
        balance,
        line,
        rowKey: this.#describeKey(row) ?? null,
        shown: this.#options.showValues ? shorten(text) : null,
      });
      this.#options.tally.equal(equal);
    }
    this.#recent.clear();
    this.#recentBytes = 0;
  }
}

function toExample({ balance, line, rowKey, shown }: WaitingRow): RowExample {
  return {
    ...(rowKey === null ? {} : { rowKey }),
    ...(line === null ? {} : { line }),
    times: Math.abs(balance),
    ...(shown === null ? {} : { row: shown }),
  };
}
