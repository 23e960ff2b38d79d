import type { ScannedRows } from '../../artifact/scanned-rows.ts';
import { integerOf } from '../../artifact/token.ts';
import type { SqliteValue } from '../../model/values.ts';
import type { KeyHolder } from './key-holder.ts';
import type { MemoryBudget } from './memory-budget.ts';

/** So many keys are read one after the other to find one of them. */
const PAGE_KEYS = 16;
/** So far from its guessed place a key is first looked for. */
const NEAR_PAGES = 32;
const BLOCK_BYTES = 64 * 1024;
const FIRST_PAGES = 64;
/** What a double holds in groups of seven bits. */
const MAX_NUMBER_BYTES = 8;

/**
 * A set of keys of INTEGERs that come in ascending order, as those of a primary key do: a few bytes for
 * each. A page begins with a whole key; each other one is what it has more than the one before in the
 * first column where they differ, and the values of the columns after that.
 */
export class AscendingIntegers implements KeyHolder {
  readonly #columnCount: number;
  readonly #budget: MemoryBudget;
  #blocks: Uint8Array[] = [];
  #block = new Uint8Array(0);
  #blockEnd = 0;
  /** The first key of each page, and where in the blocks the next ones are. */
  #firsts = new Float64Array(0);
  #places = new Float64Array(0);
  #count = 0;
  /** The key that was added last, that was read last, and one of a page. */
  readonly #last: Float64Array;
  readonly #key: Float64Array;
  readonly #current: Float64Array;
  #readBlock: Uint8Array = new Uint8Array(0);
  #readAt = 0;

  constructor(columnCount: number, budget: MemoryBudget) {
    this.#columnCount = columnCount;
    this.#budget = budget;
    this.#last = new Float64Array(columnCount);
    this.#key = new Float64Array(columnCount);
    this.#current = new Float64Array(columnCount);
  }

  addRow(rows: ScannedRows, row: number, indexes: readonly number[]): boolean {
    return this.#readRow(rows, row, indexes) && this.#addKey();
  }

  hasRow(rows: ScannedRows, row: number, indexes: readonly number[]): boolean | undefined {
    return this.#readRow(rows, row, indexes) ? this.#hasKey() : undefined;
  }

  add(values: readonly SqliteValue[]): boolean {
    return this.#readValues(values) && this.#addKey();
  }

  has(values: readonly SqliteValue[]): boolean {
    return this.#readValues(values) && this.#hasKey();
  }

  *values(): Generator<readonly SqliteValue[]> {
    for (let at = 0; at < this.#count; at++) {
      if (at % PAGE_KEYS === 0) this.#openPage(at / PAGE_KEYS);
      else this.#next();
      yield Array.from(this.#current, BigInt);
    }
  }

  release(): void {
    const bytes = this.#blocks.length * BLOCK_BYTES;
    this.#budget.giveBack(bytes + this.#firsts.byteLength + this.#places.byteLength);
    this.#blocks = [];
    this.#block = new Uint8Array(0);
    this.#firsts = new Float64Array(0);
    this.#places = new Float64Array(0);
    this.#count = 0;
  }

  #readRow(rows: ScannedRows, row: number, indexes: readonly number[]): boolean {
    const first = row * rows.columnCount;
    for (let at = 0; at < indexes.length; at++) {
      const integer = integerOf(rows, first + (indexes[at] ?? 0));
      if (Number.isNaN(integer)) return false;
      this.#key[at] = integer;
    }
    return true;
  }

  #readValues(values: readonly SqliteValue[]): boolean {
    return values.every((value, at) => {
      const integer = typeof value === 'bigint' ? Number(value) : NaN;
      this.#key[at] = integer;
      return Number.isSafeInteger(integer) && Math.abs(integer) < 1e15;
    });
  }

  #addKey(): boolean {
    const order = this.#count === 0 ? -1 : compareKeys(this.#last, this.#key);
    if (order === 0) return true;
    if (order > 0 || !this.#makeRoom()) return false;
    if (this.#count % PAGE_KEYS === 0) this.#beginPage(this.#count / PAGE_KEYS);
    else this.#append();
    this.#last.set(this.#key);
    this.#count += 1;
    return true;
  }

  #beginPage(page: number): void {
    this.#firsts.set(this.#key, page * this.#columnCount);
    this.#places[page] = (this.#blocks.length - 1) * BLOCK_BYTES + this.#blockEnd;
  }

  #append(): void {
    for (let column = 0, differ = false; column < this.#columnCount; column++) {
      const value = this.#key[column] ?? 0;
      const more = value - (this.#last[column] ?? 0);
      this.#write(differ ? unsigned(value) : more);
      differ ||= more !== 0;
    }
  }

  #write(number: number): void {
    let rest = number;
    for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) {
      this.#block[this.#blockEnd++] = (rest % 0x80) | 0x80;
    }
    this.#block[this.#blockEnd++] = rest;
  }

  #hasKey(): boolean {
    if (this.#count === 0) return false;
    const page = this.#pageOf();
    if (page === -1) return false;
    this.#openPage(page);
    const end = Math.min(this.#count, (page + 1) * PAGE_KEYS);
    for (let at = page * PAGE_KEYS + 1; ; at++) {
      const order = compareKeys(this.#current, this.#key);
      if (order >= 0) return order === 0;
      if (at === end) return false;
      this.#next();
    }
  }

  /** The last page that does not begin behind the key; -1 when all do. */
  #pageOf(): number {
    const pages = Math.ceil(this.#count / PAGE_KEYS);
    const guess = this.#guessPage(pages);
    // Most keys lie about where they would if all were evenly spread; the halving is right for any.
    const before = guess - NEAR_PAGES;
    const behind = guess + NEAR_PAGES;
    let low = before >= 0 && !this.#beginsBehindKey(before) ? before + 1 : 0;
    let high = behind < pages && this.#beginsBehindKey(behind) ? behind : pages;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#beginsBehindKey(middle)) high = middle;
      else low = middle + 1;
    }
    return low - 1;
  }

  #guessPage(pages: number): number {
    const first = this.#firsts[0] ?? 0;
    const last = this.#last[0] ?? 0;
    const share = last === first ? 0 : ((this.#key[0] ?? 0) - first) / (last - first);
    return Math.floor(Math.min(1, Math.max(0, share)) * (pages - 1));
  }

  #beginsBehindKey(page: number): boolean {
    const firsts = this.#firsts;
    const key = this.#key;
    for (let column = 0, at = page * key.length; column < key.length; column++, at++) {
      const order = (firsts[at] ?? 0) - (key[column] ?? 0);
      if (order !== 0) return order > 0;
    }
    return false;
  }

  #openPage(page: number): void {
    const first = page * this.#columnCount;
    for (let column = 0; column < this.#columnCount; column++) {
      this.#current[column] = this.#firsts[first + column] ?? 0;
    }
    const place = this.#places[page] ?? 0;
    this.#readBlock = this.#blocks[Math.floor(place / BLOCK_BYTES)] ?? this.#block;
    this.#readAt = place % BLOCK_BYTES;
  }

  /** From one key of a page to the next. */
  #next(): void {
    const block = this.#readBlock;
    let at = this.#readAt;
    const current = this.#current;
    for (let column = 0, differ = false; column < current.length; column++) {
      let byte = block[at++] ?? 0;
      let number = byte & 0x7f;
      for (let scale = 0x80; byte > 0x7f; scale *= 0x80) {
        byte = block[at++] ?? 0;
        number += (byte & 0x7f) * scale;
      }
      const before = current[column] ?? 0;
      current[column] = differ ? signed(number) : before + number;
      differ ||= number !== 0;
    }
    this.#readAt = at;
  }

  /** Room for one more key; a page is in one block. */
  #makeRoom(): boolean {
    if (this.#count % PAGE_KEYS !== 0) return true;
    const page = this.#count / PAGE_KEYS;
    if (page === this.#places.length && !this.#growPages()) return false;
    const pageBytes = PAGE_KEYS * this.#columnCount * MAX_NUMBER_BYTES;
    if (this.#blockEnd + pageBytes <= this.#block.length) return true;
    if (pageBytes > BLOCK_BYTES || !this.#budget.take(BLOCK_BYTES)) return false;
    this.#block = new Uint8Array(BLOCK_BYTES);
    this.#blocks.push(this.#block);
    this.#blockEnd = 0;
    return true;
  }

  #growPages(): boolean {
    const { byteLength } = this.#firsts;
    const pages = Math.max(FIRST_PAGES, 2 * this.#places.length);
    if (!this.#budget.take(8 * pages * (this.#columnCount + 1))) return false;
    const [firsts, places] = [this.#firsts, this.#places];
    this.#firsts = new Float64Array(pages * this.#columnCount);
    this.#firsts.set(firsts);
    this.#places = new Float64Array(pages);
    this.#places.set(places);
    this.#budget.giveBack(byteLength + places.byteLength);
    return true;
  }
}

/** A number as one that is not below zero, small where the number is close to zero. */
function unsigned(number: number): number {
  return number < 0 ? -2 * number - 1 : 2 * number;
}

function signed(number: number): number {
  return number % 2 === 1 ? -(number + 1) / 2 : number / 2;
}

function compareKeys(a: Float64Array, b: Float64Array): number {
  for (let column = 0; column < a.length; column++) {
    const order = (a[column] ?? 0) - (b[column] ?? 0);
    if (order !== 0) return order;
  }
  return 0;
}
