import { TOKEN, type ScannedRows } from '../../artifact/scanned-rows.ts';
import { readToken } from '../../artifact/token.ts';
import type { SqliteValue } from '../../model/values.ts';
import { ParentKeySet, type KeyColumnRule } from '../key-set.ts';
import { AscendingIntegers } from './ascending-integers.ts';
import { ByteKeys } from './byte-keys.ts';
import { IntegerBits } from './integer-bits.ts';
import { KeyBytes } from './key-bytes.ts';
import type { KeyHolder } from './key-holder.ts';
import type { KeyStore } from './key-store.ts';

/**
 * The keys of one parent, compared as SQLite does. They are in the first holder that takes all of them;
 * from the first key on that none can decide about, or that the memory does not hold, all are in a
 * ParentKeySet, where SQLite compares them.
 */
export class ParentKeys {
  readonly #rules: readonly KeyColumnRule[];
  readonly #store: KeyStore;
  /** What makes the holders that come after this one. */
  readonly #others: (() => KeyHolder)[];
  #holder: KeyHolder | null = null;
  #compared: ParentKeySet | null = null;

  constructor(rules: readonly KeyColumnRule[], store: KeyStore) {
    this.#rules = rules;
    this.#store = store;
    this.#others = holdersFor(rules, store);
    this.#moveOn();
  }

  /** Where all keys are compared by SQLite, what compares them. */
  get compared(): ParentKeySet | null {
    return this.#compared;
  }

  /** Adds the key of a row; one with a NULL in it cannot be referred to and is left out. */
  addRow(rows: ScannedRows, row: number, indexes: readonly number[]): void {
    if (hasNull(rows, row, indexes)) return;
    while (this.#holder !== null) {
      if (this.#holder.addRow(rows, row, indexes)) return;
      this.#moveOn();
    }
    this.#compared?.add(valuesOf(rows, row, indexes));
  }

  /** Whether a row's key is among them; it must have no NULL. */
  hasRow(rows: ScannedRows, row: number, indexes: readonly number[]): boolean {
    while (this.#holder !== null) {
      const isThere = this.#holder.hasRow(rows, row, indexes);
      if (isThere !== undefined) return isThere;
      this.#moveOn();
    }
    return this.#compared?.has(valuesOf(rows, row, indexes)) === true;
  }

  /** {@link hasRow} for the values of a row of which that was asked before. */
  has(values: readonly SqliteValue[]): boolean {
    return (this.#holder ?? this.#compared)?.has(values) === true;
  }

  /** To the next holder that takes all keys, or to SQLite. */
  #moveOn(): void {
    const before = this.#holder;
    this.#holder = this.#nextHolder(before);
    if (this.#holder === null) {
      this.#compared = new ParentKeySet(this.#store.database, this.#store.nextId(), this.#rules);
      for (const values of before?.values() ?? []) this.#compared.add(values);
    }
    before?.release();
  }

  #nextHolder(before: KeyHolder | null): KeyHolder | null {
    for (let make = this.#others.shift(); make !== undefined; make = this.#others.shift()) {
      const next = make();
      if (addAll(before, next)) return next;
      next.release();
    }
    return null;
  }
}

/** From the one that takes the fewest keys and the least memory to the one that takes the most. */
function holdersFor(rules: readonly KeyColumnRule[], { budget }: KeyStore): (() => KeyHolder)[] {
  const form = KeyBytes.of(rules);
  if (form === null) return [];
  const inBytes = (): KeyHolder => new ByteKeys(form, budget);
  if (rules.some(({ affinity }) => affinity === 'text')) return [inBytes];
  const ascending = (): KeyHolder => new AscendingIntegers(rules.length, budget);
  return [...(rules.length === 1 ? [() => new IntegerBits(budget)] : []), ascending, inBytes];
}

function addAll(from: KeyHolder | null, to: KeyHolder): boolean {
  for (const values of from?.values() ?? []) if (!to.add(values)) return false;
  return true;
}

/** Whether a value of a row's key is NULL: such a key refers to nothing, and nothing to it. */
export function hasNull(
  { kinds, columnCount }: ScannedRows,
  row: number,
  indexes: readonly number[],
): boolean {
  const first = row * columnCount;
  for (let at = 0; at < indexes.length; at++) {
    if (kinds[first + (indexes[at] ?? 0)] === TOKEN.null) return true;
  }
  return false;
}

/** The values of a row's key. */
export function valuesOf(
  rows: ScannedRows,
  row: number,
  indexes: readonly number[],
): SqliteValue[] {
  const first = row * rows.columnCount;
  return indexes.map((index) => readToken(rows, first + index));
}
