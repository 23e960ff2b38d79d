import type Database from 'better-sqlite3';

import { isOutward } from '../mapping/outward-references.ts';
import type { TablePlan } from '../mapping/plan.ts';
import {
  NOTHING_LOST,
  answerReference,
  type LostReference,
  type LostReferences,
} from '../mapping/references.ts';
import type { PlannedTable } from '../mapping/source-shape.ts';
import type { Row } from '../model/values.ts';
import {
  ParentKeySet,
  asTemporarySpaceError,
  columnIndexes,
  columnRule,
  openKeyDatabase,
  pick,
} from './key-set.ts';
import { cacheBytesOf } from './keys/key-store.ts';
import { LostAhead, type RowReader, type WatchedKey, type WatchedReference } from './lost-ahead.ts';

type Plan = TablePlan<PlannedTable>;

/** Remembers a row after it has been judged. */
type RowRecorder = (row: Row, isLeftOut: boolean) => void;

/** For a table whose rows nothing has to know of. */
export const REMEMBERS_NOTHING: RowRecorder = () => undefined;

/**
 * Knows which references of a row lead to a row that is not loaded: the mapping leaves the parent
 * out, or the source has none and a policy says what to do then. Rows that such a policy leaves out
 * take the rows with them that refer to them. References to a table that the mapping skips are not
 * among them: its rows may be in the target already, and the target's foreign keys decide.
 */
export class LostRows {
  readonly #plans: readonly Plan[];
  readonly #references: readonly WatchedReference[];
  readonly #keys = new Map<string, WatchedKey>();
  /** Tables of which everything is known before their rows are judged. */
  #settled: ReadonlySet<Plan> = new Set();
  readonly #cacheBytes: number;
  #db: Database.Database | undefined;
  #sets = 0;

  /**
   * @param plans in the order in which their rows will be judged
   * @param keyMemoryBytes what keys may take of the memory
   */
  constructor(plans: readonly Plan[], keyMemoryBytes?: number) {
    this.#plans = plans;
    this.#cacheBytes = cacheBytesOf(keyMemoryBytes);
    this.#references = plans.flatMap((plan) => this.#watch(plan));
  }

  /**
   * Reads ahead the tables that rows refer to before they have come by: tables that refer to
   * themselves or to each other. To be awaited before the first row is judged.
   */
  async prepare(readRows: RowReader): Promise<void> {
    const ahead = new LostAhead(this.#plans, this.#references, [...this.#keys.values()]);
    if (ahead.tables.size === 0) return;
    try {
      await ahead.read(readRows, this.#database());
    } catch (error) {
      throw asTemporarySpaceError(error);
    }
    this.#settled = ahead.tables;
  }

  /** Makes the function that remembers the rows of this table, each after it has been judged. */
  recorderOf(plan: Plan): RowRecorder {
    if (this.#settled.has(plan)) return REMEMBERS_NOTHING;
    const keys = [...this.#keys.values()]
      .filter(({ parent }) => parent === plan)
      .map((key) => ({ ...key, indexes: columnIndexes(plan.source, key.columns) }));
    if (keys.length === 0) return REMEMBERS_NOTHING;
    return (row, isLeftOut) => {
      for (const { indexes, lost, present } of keys) {
        if (present === null && !isLeftOut) continue;
        const values = pick(row, indexes);
        present?.add(values);
        if (isLeftOut) lost.add(values);
      }
    };
  }

  /** Makes the function that finds the references of a row of this table that lead nowhere. */
  referencesOf(plan: Plan): LostReferences {
    const finders = this.#references.filter(({ child }) => child === plan).map(lossFinder);
    return finders.length === 0
      ? NOTHING_LOST
      : (row) => finders.flatMap((find) => find(row) ?? []);
  }

  close(): void {
    this.#db?.close();
  }

  #watch(child: Plan): WatchedReference[] {
    return child.source.foreignKeys.flatMap((key): WatchedReference[] => {
      const answer = answerReference(child, key.columns);
      if (answer === null || key.parent === 'no-such-key') return [];
      if (isOutward(child, key.columns)) return [];
      const { columns, parentTable } = key;
      const watched = {
        child,
        indexes: columnIndexes(child.source, columns),
        common: { columns, parentTable, answer },
      };
      const isAnswered = answer.kind !== 'none';
      if (key.parent === 'no-such-table') return isAnswered ? [{ ...watched, key: null }] : [];
      const parent = this.#plans.find(({ source }) => source.name === parentTable);
      if (parent === undefined || (!isAnswered && !parent.mayLoseRows)) return [];
      return [{ ...watched, key: this.#keyOf(parent, key.parentColumns, isAnswered) }];
    });
  }

  #keyOf(parent: Plan, columns: readonly string[], needsPresent: boolean): WatchedKey {
    const id = JSON.stringify([parent.source.name, columns]);
    const key = this.#keys.get(id) ?? {
      parent,
      columns,
      lost: this.#newSet(parent, columns),
      present: null,
    };
    if (needsPresent) key.present ??= this.#newSet(parent, columns);
    this.#keys.set(id, key);
    return key;
  }

  #newSet({ source }: Plan, columns: readonly string[]): ParentKeySet {
    this.#sets += 1;
    const rules = columns.map((name) => columnRule(source, name));
    return new ParentKeySet(this.#database(), this.#sets, rules);
  }

  #database(): Database.Database {
    this.#db ??= openKeyDatabase(this.#cacheBytes);
    return this.#db;
  }
}

function lossFinder({
  indexes,
  key,
  common,
}: WatchedReference): (row: Row) => LostReference | null {
  const isAnswered = common.answer.kind !== 'none';
  return (row) => {
    const values = pick(row, indexes);
    if (values.includes(null)) return null;
    if (key?.lost.has(values) === true) return { ...common, values, reason: 'left-out' };
    const isAbsent = isAnswered && key?.present?.has(values) !== true;
    return isAbsent ? { ...common, values, reason: 'absent' } : null;
  };
}
