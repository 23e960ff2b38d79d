import type Database from 'better-sqlite3';
import type pg from 'pg';

import type { TablePlan } from '../mapping/plan.ts';
import type { ManifestForeignKey } from '../artifact/manifest.ts';
import type { PlannedTable } from '../mapping/source-shape.ts';
import type { FindingCollector } from '../model/findings.ts';
import type { TargetCatalog, TargetForeignKey, TargetUniqueKey } from '../model/target-catalog.ts';
import {
  getsDefault,
  pairOf,
  resolveColumn,
  type KeyColumn,
  type ResolvedColumn,
} from './key-columns.ts';
import { ParentKeySet, columnIndexes, columnRule, openKeyDatabase } from './key-set.ts';
import { cacheBytesOf } from './keys/key-store.ts';
import type { LostRows } from './lost-rows.ts';
import { MetKeys } from './met-keys.ts';
import { counterpartOf, isProvenReference, isProvenUnique } from './proven-keys.ts';
import {
  describerOf,
  duplicateHead,
  leftToLoad,
  orphanHead,
  placeOfConstraint,
} from './target-findings.ts';
import { TargetKeyWatch, type TableKeys, type WatchedKey } from './target-key-watch.ts';
import { TargetReference, type SourceReference } from './target-references.ts';

export interface TargetKeysOptions {
  readonly plans: readonly TablePlan<PlannedTable>[];
  readonly catalog: TargetCatalog;
  readonly client: pg.Client | null;
  readonly findings: FindingCollector;
  /** What the mapping leaves out. */
  readonly lostRows: LostRows;
  /** Rows stay in the target tables: a parent may be among them, which is left to the load. */
  readonly keepsRows: boolean;
  /** What keys may take of the memory. */
  readonly keyMemoryBytes?: number | undefined;
}

type Plan = TablePlan<PlannedTable>;

/**
 * Holds the unique keys and foreign keys of the target against the rows that it would get, values as
 * the target compares them. What the keys of the source prove already is not looked at again. Keys go
 * to a temporary database, so any number of rows fits.
 */
export class TargetKeys {
  readonly #options: TargetKeysOptions;
  readonly #tables = new Map<Plan, TableKeys>();
  readonly #references: TargetReference[] = [];
  /** By parent table and columns of the source. */
  readonly #sourceKeys = new Map<string, ParentKeySet>();
  #db: Database.Database | undefined;
  #ids = 0;

  constructor(options: TargetKeysOptions) {
    this.#options = options;
    for (const plan of options.plans) {
      for (const key of plan.target.uniqueKeys) this.#addUnique(plan, key);
    }
    if (options.keepsRows) return;
    for (const plan of options.plans) {
      for (const key of plan.target.foreignKeys) this.#addReference(plan, key);
    }
  }

  /** What watches the rows of this table; undefined when nothing of it is open. */
  watch(plan: Plan): TargetKeyWatch | undefined {
    const table = this.#tables.get(plan);
    const lost = this.#options.lostRows.referencesOf(plan);
    return table === undefined ? undefined : new TargetKeyWatch(table, lost, this.#options);
  }

  /** Reports what has no parent; to be called once, when every table has been watched to its end. */
  finish(): void {
    for (const reference of this.#references) reference.finish();
  }

  close(): void {
    this.#db?.close();
  }

  #addUnique(plan: Plan, key: TargetUniqueKey): void {
    // What a sequence or another default gives out is not the data's fault.
    if (key.columns.some((name) => getsDefault(plan, name)) || isProvenUnique(plan, key)) return;
    const columns = this.#resolve(plan, key.columns, plan, key);
    if (columns === null) return;
    // A column that is NULL in every row tells no two of them apart.
    const filled = columns.filter((column) => column !== 'always-null');
    if (key.nullsDistinct && filled.length < columns.length) return;
    const watched = this.#watchedKey(plan, filled);
    // Two keys over the same columns would only say the same of each row.
    const { nullsDistinct } = key;
    if (watched.unique !== null && (nullsDistinct || !watched.unique.nullsDistinct)) return;
    watched.unique = {
      nullsDistinct,
      head: duplicateHead(plan, key),
      describe: describerOf(plan, key.columns),
    };
  }

  #addReference(plan: Plan, key: TargetForeignKey): void {
    const { plans, catalog, findings } = this.#options;
    // A parent that nothing fills holds the target's own rows: PostgreSQL is asked about those.
    const parent =
      key.parentSchema === catalog.schema
        ? plans.find(({ target }) => target.name === key.parentTable)
        : undefined;
    if (!key.isEnforced || key.isTemporal || parent === undefined) return;
    if (isProvenReference(key, plan, parent)) return;
    const own = this.#resolve(plan, key.columns, plan, key);
    const others = own === null ? null : this.#resolve(parent, key.parentColumns, plan, key);
    if (own === null || others === null) return;
    if (own.includes('always-null') && key.match === 'simple') return;
    const pairs = own.flatMap((child, index) => pairOf(child, others[index]) ?? []);
    if (pairs.length < own.length) {
      const reason = 'child and parent are of different types';
      findings.add(leftToLoad(placeOfConstraint(plan, key.columns, key.name), reason));
      return;
    }
    // One order for all keys over the same columns of the parent.
    pairs.sort((a, b) => a.other.index - b.other.index);
    const counterpart = counterpartOf(key, plan, parent);
    const parents = this.#watchedKey(
      parent,
      pairs.map(({ other }) => other),
    );
    const reference = new TargetReference({
      db: this.#database(),
      id: this.#nextId(),
      head: orphanHead(plan, key),
      findings,
      match: key.match,
      parents: parents.met,
      inSource: counterpart === undefined ? null : this.#inSource(plan, parent, counterpart),
      describe: describerOf(plan, key.columns),
    });
    this.#references.push(reference);
    this.#tableKeys(plan).references.push({
      columns: pairs.map(({ child }) => child),
      reference,
      counterpart: parent.mayLoseRows ? (counterpart ?? null) : null,
    });
  }

  /** Columns of a key of the plan `owner`; null when only the load can judge it, which is then said. */
  #resolve(
    plan: Plan,
    names: readonly string[],
    owner: Plan,
    key: TargetUniqueKey | TargetForeignKey,
  ): readonly ResolvedColumn[] | null {
    const columns: ResolvedColumn[] = [];
    for (const name of names) {
      const column = resolveColumn(plan, name);
      if (typeof column === 'object' && 'reason' in column) {
        const { reason } = column;
        this.#options.findings.add(
          leftToLoad(placeOfConstraint(owner, key.columns, key.name), reason),
        );
        return null;
      }
      columns.push(column);
    }
    return columns;
  }

  #watchedKey(plan: Plan, columns: readonly KeyColumn[]): WatchedKey {
    const sorted = columns.toSorted((a, b) => a.index - b.index);
    const { keys } = this.#tableKeys(plan);
    const known = keys.find((key) => isSame(key.columns, sorted));
    if (known !== undefined) return known;
    const key: WatchedKey = {
      columns: sorted,
      met: new MetKeys(this.#database(), this.#nextId()),
      unique: null,
    };
    keys.push(key);
    return key;
  }

  #inSource(child: Plan, parent: Plan, key: ManifestForeignKey): SourceReference {
    const id = JSON.stringify([parent.source.name, key.parentColumns]);
    const known = this.#sourceKeys.get(id);
    const keys = known ?? this.#addSourceKeys(parent, key.parentColumns);
    this.#sourceKeys.set(id, keys);
    return { keys, indexes: columnIndexes(child.source, key.columns) };
  }

  #addSourceKeys(parent: Plan, columns: readonly string[]): ParentKeySet {
    const rules = columns.map((name) => columnRule(parent.source, name));
    const keys = new ParentKeySet(this.#database(), this.#nextId(), rules);
    const indexes = columnIndexes(parent.source, columns);
    this.#tableKeys(parent).sourceKeys.push({ keys, indexes });
    return keys;
  }

  #tableKeys(plan: Plan): TableKeys {
    const known = this.#tables.get(plan) ?? { keys: [], references: [], sourceKeys: [] };
    this.#tables.set(plan, known);
    return known;
  }

  #database(): Database.Database {
    this.#db ??= openKeyDatabase(cacheBytesOf(this.#options.keyMemoryBytes));
    return this.#db;
  }

  #nextId(): number {
    this.#ids += 1;
    return this.#ids;
  }
}

function isSame(a: readonly KeyColumn[], b: readonly KeyColumn[]): boolean {
  return a.length === b.length && a.every(({ index }, at) => index === b[at]?.index);
}
