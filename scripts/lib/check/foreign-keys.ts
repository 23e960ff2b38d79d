import type { Manifest, ManifestForeignKey, ManifestTable } from '../artifact/manifest.ts';
import type { ScannedRows } from '../artifact/scanned-rows.ts';
import { readRow } from '../artifact/token.ts';
import type { FindingCollector, FindingHead } from '../model/findings.ts';
import { describeKey, rowKeyDescriber } from '../model/row-key.ts';
import type { Row } from '../model/values.ts';
import type { RowPlace } from './judge.ts';
import { WaitingChildren, columnIndexes, columnRule, type WaitingChild } from './key-set.ts';
import { KeyStore } from './keys/key-store.ts';
import { ParentKeys, hasNull, valuesOf } from './keys/parent-keys.ts';

interface Projection {
  readonly keys: ParentKeys;
  readonly indexes: readonly number[];
}

interface Reference extends Projection {
  readonly head: FindingHead;
  readonly key: ManifestForeignKey;
  /** Null until a row has to wait. */
  waiting: WaitingChildren | null;
}

/** Looks at the rows of one table as they pass. */
export interface RowWatcher {
  readonly look: (row: Row, place: RowPlace) => void;
  /**
   * Where it is there, it is called instead of `look`, with many rows at once; they are valid until it
   * returns.
   */
  readonly lookAll?: (rows: ScannedRows) => void;
  /** Called before these, with many rows at once; they are valid until it returns. */
  readonly pass?: (rows: ScannedRows) => void;
  /** Awaited now and then, and after the last row: what cannot be judged row by row. */
  readonly settle?: () => Promise<void>;
  /**
   * Whether it matters that a foreign key of a row has a parent; without it, it does. Asked about the
   * row just looked at, or about each of those that `lookAll` got last.
   *
   * @param row its place among those
   */
  readonly needsParent?: (key: ManifestForeignKey, row: number) => boolean;
  /** What is known of the rows says all that there is to say: of a verified artifact, none need be read. */
  readonly isSettled?: boolean;
}

/** Looks at a row of one table as it passes, and asks the other watcher whether it needs its parents. */
export type KeyWatcher = (rows: ScannedRows, row: number) => void;

/** For a table of which no row will be loaded. */
export const NOT_LOADED: RowWatcher = { look: () => undefined, needsParent: () => false };

/**
 * Proves every foreign key of an artifact in one pass over its rows, in any order: each row's keys
 * are remembered, a row whose parent has not come by waits, and what still waits at the end is an
 * orphan. NULLs count as SQL's MATCH SIMPLE has them: a key with a NULL refers to nothing.
 */
export class ForeignKeyCheck {
  readonly #manifest: Manifest;
  readonly #findings: FindingCollector;
  readonly #store: KeyStore;
  readonly #parents = new Map<string, Projection[]>();
  readonly #keySets = new Map<string, ParentKeys>();
  readonly #references = new Map<string, Reference[]>();
  readonly #dangling = new Map<string, ManifestForeignKey[]>();

  /** @param memoryBytes what the keys may take of the memory; beyond it they go to a temporary file */
  constructor(manifest: Manifest, findings: FindingCollector, memoryBytes?: number) {
    this.#manifest = manifest;
    this.#findings = findings;
    this.#store = new KeyStore(memoryBytes);
    for (const table of manifest.tables) {
      for (const key of table.foreignKeys) this.#prepare(table, key);
    }
  }

  /**
   * What is to be called with each row of this table.
   *
   * @param needsParent asked for each foreign key of a row that has no parent yet
   */
  watch(
    table: ManifestTable,
    needsParent: NonNullable<RowWatcher['needsParent']> = () => true,
  ): KeyWatcher {
    const parents = this.#parents.get(table.name) ?? [];
    const references = this.#references.get(table.name) ?? [];
    const dangling = (this.#dangling.get(table.name) ?? []).map((key) => ({
      key,
      head: orphanHead(table, key),
      indexes: columnIndexes(table, key.columns),
    }));
    const names = table.columns.map((column) => column.name);
    const describeRow = rowKeyDescriber(names, table.primaryKey);
    const childOf = (rows: ScannedRows, row: number, indexes: readonly number[]): WaitingChild => ({
      line: rows.firstLine + row,
      rowKey: describeRow(readRow(rows, row)),
      values: valuesOf(rows, row, indexes),
    });
    return (rows, row) => {
      for (const { keys, indexes } of parents) keys.addRow(rows, row, indexes);
      for (const reference of references) {
        const { keys, indexes } = reference;
        if (hasNull(rows, row, indexes) || keys.hasRow(rows, row, indexes)) continue;
        if (needsParent(reference.key, row)) this.#wait(reference, childOf(rows, row, indexes));
      }
      for (const { key, head, indexes } of dangling) {
        if (hasNull(rows, row, indexes) || !needsParent(key, row)) continue;
        this.#orphan(head, key.columns, childOf(rows, row, indexes));
      }
    };
  }

  /** Reports the orphans; to be called once, when every table has been watched to its end. */
  finish(): void {
    for (const { keys, waiting, head, key } of [...this.#references.values()].flat()) {
      if (waiting === null) continue;
      const { compared } = keys;
      for (const child of waiting.inLineOrder(compared ?? undefined)) {
        if (compared !== null || !keys.has(child.values)) this.#orphan(head, key.columns, child);
      }
    }
  }

  close(): void {
    this.#store.close();
  }

  #wait(reference: Reference, child: WaitingChild): void {
    const { database } = this.#store;
    reference.waiting ??= new WaitingChildren(
      database,
      this.#store.nextId(),
      reference.indexes.length,
    );
    reference.waiting.add(child);
  }

  #prepare(table: ManifestTable, key: ManifestForeignKey): void {
    if (key.parent === 'no-such-table') {
      append(this.#dangling, table.name, key);
      return;
    }
    const parent = this.#manifest.tables.find((candidate) => candidate.name === key.parentTable);
    if (key.parent === 'no-such-key' || parent === undefined) {
      this.#findings.add(notCheckedHead(table, key));
      return;
    }
    const keys = this.#keySet(parent, key.parentColumns);
    append(this.#references, table.name, {
      head: orphanHead(table, key),
      key,
      keys,
      indexes: columnIndexes(table, key.columns),
      waiting: null,
    });
  }

  #keySet(parent: ManifestTable, columns: readonly string[]): ParentKeys {
    const id = JSON.stringify([parent.name, columns]);
    const known = this.#keySets.get(id);
    if (known !== undefined) return known;
    const rules = columns.map((name) => columnRule(parent, name));
    const keys = new ParentKeys(rules, this.#store);
    this.#keySets.set(id, keys);
    append(this.#parents, parent.name, { keys, indexes: columnIndexes(parent, columns) });
    return keys;
  }

  #orphan(
    head: FindingHead,
    columns: readonly string[],
    { line, rowKey, values }: WaitingChild,
  ): void {
    this.#findings.add(head, {
      line,
      detail: `${describeKey(columns, values)} has no parent`,
      ...(rowKey === undefined ? {} : { rowKey }),
    });
  }
}

function describeForeignKey(key: ManifestForeignKey): string {
  return `(${key.columns.join(', ')}) → ${key.parentTable} (${key.parentColumns.join(', ')})`;
}

function orphanHead(table: ManifestTable, key: ManifestForeignKey): FindingHead {
  return {
    code: 'orphan',
    severity: 'blocking',
    kind: 'data',
    message: 'rows refer to a parent row that does not exist',
    where: {
      table: table.name,
      column: key.columns.join(', '),
      constraint: describeForeignKey(key),
      file: table.file,
    },
    hint: 'add the missing parents or mend the rows in the source, then export again; or give the column a policy in the mapping (null, skip_row)',
  };
}

function notCheckedHead(table: ManifestTable, key: ManifestForeignKey): FindingHead {
  const reason =
    key.parent === 'no-such-key'
      ? 'the parent is not carried or has no unique key over those columns'
      : 'the parent table is not in the artifact';
  return {
    code: 'foreign-key-not-checked',
    severity: 'warning',
    kind: 'structure',
    message: `a foreign key cannot be checked: ${reason}`,
    where: { table: table.name, constraint: describeForeignKey(key) },
    hint: 'the target will check its own foreign key when the table is loaded',
  };
}

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
