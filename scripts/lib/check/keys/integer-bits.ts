import type { ScannedRows } from '../../artifact/scanned-rows.ts';
import { integerOf } from '../../artifact/token.ts';
import type { SqliteValue } from '../../model/values.ts';
import type { KeyHolder } from './key-holder.ts';
import type { MemoryBudget } from './memory-budget.ts';

/** So much may always be used, however few keys there are. */
const FREE_BYTES = 4 * 1024;
/** More than that, and another form is smaller. */
const MAX_BYTES_PER_KEY = 4;
const MAX_BITS = 2 ** 31;

/**
 * A set of integers that lie close together, such as ids given out one after the other: a bit for each
 * number from the first one on.
 */
export class IntegerBits implements KeyHolder {
  readonly #budget: MemoryBudget;
  #words = new Uint32Array(0);
  /** A multiple of 32; unknown until the first number. */
  #base: number | undefined;
  #count = 0;

  constructor(budget: MemoryBudget) {
    this.#budget = budget;
  }

  addRow(rows: ScannedRows, row: number, indexes: readonly number[]): boolean {
    return this.#add(integerOf(rows, row * rows.columnCount + (indexes[0] ?? 0)));
  }

  hasRow(rows: ScannedRows, row: number, indexes: readonly number[]): boolean | undefined {
    const integer = integerOf(rows, row * rows.columnCount + (indexes[0] ?? 0));
    return Number.isNaN(integer) ? undefined : this.#has(integer);
  }

  add([value]: readonly SqliteValue[]): boolean {
    return typeof value === 'bigint' && this.#add(Number(value));
  }

  has([value]: readonly SqliteValue[]): boolean {
    return typeof value === 'bigint' && this.#has(Number(value));
  }

  /** Ascending. */
  *values(): Generator<readonly SqliteValue[]> {
    for (const [index, word] of this.#words.entries()) {
      for (let bit = 0; bit < 32; bit++) {
        if ((word & (1 << bit)) !== 0) yield [BigInt((this.#base ?? 0) + 32 * index + bit)];
      }
    }
  }

  release(): void {
    this.#budget.giveBack(this.#words.byteLength);
    this.#words = new Uint32Array(0);
    this.#base = undefined;
  }

  #add(integer: number): boolean {
    this.#base ??= Math.floor(integer / 32) * 32;
    const bit = integer - this.#base;
    if (!(bit >= 0 && bit < MAX_BITS) || !this.#reach(bit >>> 5)) return false;
    const word = this.#words[bit >>> 5] ?? 0;
    const mask = 1 << (bit & 31);
    if ((word & mask) === 0) this.#count += 1;
    this.#words[bit >>> 5] = word | mask;
    return true;
  }

  #has(integer: number): boolean {
    const bit = integer - (this.#base ?? NaN);
    if (!(bit >= 0 && bit < MAX_BITS)) return false;
    return ((this.#words[bit >>> 5] ?? 0) & (1 << (bit & 31))) !== 0;
  }

  #reach(index: number): boolean {
    const before = this.#words;
    if (index < before.length) return true;
    const length = Math.max(256, 2 ** (32 - Math.clz32(index)));
    const sizeBytes = length * 4;
    if (sizeBytes > Math.max(FREE_BYTES, MAX_BYTES_PER_KEY * this.#count)) return false;
    if (!this.#budget.take(sizeBytes)) return false;
    this.#words = new Uint32Array(length);
    this.#words.set(before);
    this.#budget.giveBack(before.byteLength);
    return true;
  }
}
