import { TOKEN, type ScannedRows } from '../../artifact/scanned-rows.ts';
import { integerOf, readToken } from '../../artifact/token.ts';
import type { SqliteValue } from '../../model/values.ts';
import { ParentKeySet, type KeyColumnRule } from '../key-set.ts';
import { IntegerBits } from './integer-bits.ts';
import { KeyBytes } from './key-bytes.ts';
import type { KeyStore } from './key-store.ts';
import { KeyTable } from './key-table.ts';

/**
 * The keys of one parent, compared as SQLite does. They are in one of three places: close integers in
 * IntegerBits; keys that are their bytes in a KeyTable; from the first one on that is neither, or that
 * the memory does not hold, all of them in a ParentKeySet, where SQLite compares them.
 */
export class ParentKeys {
  readonly #rules: readonly KeyColumnRule[];
  readonly #store: KeyStore;
  readonly #form: KeyBytes | null;
  #bits: IntegerBits | null = null;
  #table: KeyTable | null = null;
  #compared: ParentKeySet | null = null;

  constructor(rules: readonly KeyColumnRule[], store: KeyStore) {
    this.#rules = rules;
    this.#store = store;
    this.#form = KeyBytes.of(rules);
    const isInteger = rules.length === 1 && rules[0]?.affinity !== 'text';
    if (this.#form === null) this.#newCompared();
    else if (isInteger) this.#bits = new IntegerBits(store.budget);
    else this.#table = new KeyTable(store.budget);
  }

  /** Where all keys are compared by SQLite, what compares them. */
  get compared(): ParentKeySet | null {
    return this.#compared;
  }

  /** Adds the key of a row; one with a NULL in it cannot be referred to and is left out. */
  addRow(scanned: ScannedRows, row: number, indexes: readonly number[]): void {
    if (hasNull(scanned, row, indexes)) return;
    if (this.#bits !== null) {
      if (this.#bits.add(integerOf(scanned, placeOf(scanned, row, indexes[0])))) return;
      this.#bitsToTable(this.#bits);
    }
    if (this.#table !== null) {
      const form = this.#form;
      const isAdded =
        form?.readRow(scanned, row, indexes) === true &&
        this.#table.add(form.bytes, form.start, form.end);
      if (isAdded) return;
      this.#tableToCompared(this.#table);
    }
    this.#compared?.add(valuesOf(scanned, row, indexes));
  }

  /** Whether a row's key is among them; it must have no NULL. */
  hasRow(scanned: ScannedRows, row: number, indexes: readonly number[]): boolean {
    if (this.#bits !== null) {
      const integer = integerOf(scanned, placeOf(scanned, row, indexes[0]));
      if (!Number.isNaN(integer)) return this.#bits.has(integer);
      this.#bitsToTable(this.#bits);
    }
    if (this.#table !== null) {
      const form = this.#form;
      if (form?.readRow(scanned, row, indexes) === true) {
        return this.#table.has(form.bytes, form.start, form.end);
      }
      this.#tableToCompared(this.#table);
    }
    return this.#compared?.has(valuesOf(scanned, row, indexes)) === true;
  }

  /** {@link hasRow} for values; only of rows whose key was looked for before. */
  has(values: readonly SqliteValue[]): boolean {
    const [first] = values;
    if (this.#bits !== null) return typeof first === 'bigint' && this.#bits.has(Number(first));
    const form = this.#form;
    if (this.#table === null || form === null) return this.#compared?.has(values) === true;
    return form.readValues(values) && this.#table.has(form.bytes, form.start, form.end);
  }

  /** From numbers to keys of bytes; to SQLite at once when they do not fit. */
  #bitsToTable(bits: IntegerBits): void {
    const table = new KeyTable(this.#store.budget);
    this.#bits = null;
    this.#table = table;
    const form = this.#form;
    for (const integer of bits.values()) {
      form?.readValues([BigInt(integer)]);
      if (form !== null && table.add(form.bytes, form.start, form.end)) continue;
      this.#tableToCompared(table);
      break;
    }
    if (this.#compared !== null) {
      for (const integer of bits.values()) this.#compared.add([BigInt(integer)]);
    }
    bits.release();
  }

  #tableToCompared(table: KeyTable): void {
    const compared = this.#newCompared();
    this.#table = null;
    for (const key of table.values()) compared.add(this.#form?.valuesOf(key) ?? []);
    table.release();
  }

  #newCompared(): ParentKeySet {
    const { database } = this.#store;
    this.#compared = new ParentKeySet(database, this.#store.nextId(), this.#rules);
    return this.#compared;
  }
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
  scanned: ScannedRows,
  row: number,
  indexes: readonly number[],
): SqliteValue[] {
  return indexes.map((index) => readToken(scanned, placeOf(scanned, row, index)));
}

function placeOf({ columnCount }: ScannedRows, row: number, index: number | undefined): number {
  return row * columnCount + (index ?? 0);
}
