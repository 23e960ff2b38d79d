import type Database from 'better-sqlite3';

import type { Manifest, ManifestForeignKey, ManifestTable } from '../artifact/manifest.ts';
import type { FindingCollector, FindingHead } from '../model/findings.ts';
import { describeKey } from '../model/row-key.ts';
import type { Row, SqliteValue } from '../model/values.ts';
import {
  ParentKeySet,
  WaitingChildren,
  columnIndexes,
  columnRule,
  openKeyDatabase,
  pick,
} from './key-set.ts';

interface Projection {
  readonly keys: ParentKeySet;
  readonly indexes: readonly number[];
}

interface Reference extends Projection {
  readonly head: FindingHead;
  readonly key: ManifestForeignKey;
  readonly waiting: WaitingChildren;
}

/** Looks at the rows of one table as they pass. */
export interface RowWatcher {
  readonly look: (row: Row, line: number, rowKey: string | undefined) => void;
  /** Awaited now and then, and after the last row: what cannot be judged row by row. */
  readonly settle?: () => Promise<void>;
  /** Whether it matters that a foreign key of the row just looked at has a parent; without it, it does. */
  readonly needsParent?: (key: ManifestForeignKey) => boolean;
}

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
  readonly #db: Database.Database = openKeyDatabase();
  readonly #parents = new Map<string, Projection[]>();
  readonly #keySets = new Map<string, ParentKeySet>();
  readonly #references = new Map<string, Reference[]>();
  readonly #dangling = new Map<string, ManifestForeignKey[]>();

  constructor(manifest: Manifest, findings: FindingCollector) {
    this.#manifest = manifest;
    this.#findings = findings;
    for (const table of manifest.tables) {
      for (const key of table.foreignKeys) this.#prepare(table, key);
    }
  }

  /**
   * The watcher to call with each row of this table.
   *
   * @param needsParent asked for each foreign key of the row just looked at that has no parent yet
   */
  watch(
    table: ManifestTable,
    needsParent: (key: ManifestForeignKey) => boolean = () => true,
  ): RowWatcher {
    const parents = this.#parents.get(table.name) ?? [];
    const references = this.#references.get(table.name) ?? [];
    const dangling = (this.#dangling.get(table.name) ?? []).map((key) => ({
      key,
      head: orphanHead(table, key),
      indexes: columnIndexes(table, key.columns),
    }));
    const look: RowWatcher['look'] = (row, line, rowKey) => {
      for (const parent of parents) parent.keys.add(pick(row, parent.indexes));
      for (const reference of references) {
        const values = pick(row, reference.indexes);
        if (values.includes(null) || reference.keys.has(values)) continue;
        if (needsParent(reference.key)) reference.waiting.add({ line, rowKey, values });
      }
      for (const { key, head, indexes } of dangling) {
        const values = pick(row, indexes);
        if (values.includes(null) || !needsParent(key)) continue;
        this.#orphan(head, key.columns, values, line, rowKey);
      }
    };
    return { look };
  }

  /** Reports the orphans; to be called once, when every table has been watched to its end. */
  finish(): void {
    for (const reference of [...this.#references.values()].flat()) {
      for (const { line, rowKey, values } of reference.waiting.orphans()) {
        this.#orphan(reference.head, reference.key.columns, values, line, rowKey);
      }
    }
  }

  close(): void {
    this.#db.close();
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
    const id = [...this.#references.values()].flat().length;
    append(this.#references, table.name, {
      head: orphanHead(table, key),
      key,
      keys,
      indexes: columnIndexes(table, key.columns),
      waiting: new WaitingChildren(this.#db, id, keys),
    });
  }

  #keySet(parent: ManifestTable, columns: readonly string[]): ParentKeySet {
    const id = JSON.stringify([parent.name, columns]);
    const known = this.#keySets.get(id);
    if (known !== undefined) return known;
    const rules = columns.map((name) => columnRule(parent, name));
    const keys = new ParentKeySet(this.#db, this.#keySets.size, rules);
    this.#keySets.set(id, keys);
    append(this.#parents, parent.name, { keys, indexes: columnIndexes(parent, columns) });
    return keys;
  }

  #orphan(
    head: FindingHead,
    columns: readonly string[],
    values: readonly SqliteValue[],
    line: number,
    rowKey: string | undefined,
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
