import type Database from 'better-sqlite3';

import type { ConvertedRow } from '../mapping/row.ts';
import type { FindingCollector, FindingHead } from '../model/findings.ts';
import type { Row, SqliteValue } from '../model/values.ts';
import { KeyStatement, bindable, pick, type ParentKeySet } from './key-set.ts';
import { storedKey, type MetKeys } from './met-keys.ts';
import type { RowPlace } from './judge.ts';

/** The foreign key of the source between the same columns: its orphans are reported elsewhere. */
export interface SourceReference {
  /** Every key of the parent table, of rows that are left out too, as the source compares them. */
  readonly keys: ParentKeySet;
  /** The child's columns in a source row. */
  readonly indexes: readonly number[];
}

export interface TargetReferenceOptions {
  readonly db: Database.Database;
  readonly id: number;
  readonly head: FindingHead;
  readonly findings: FindingCollector;
  readonly match: 'simple' | 'full';
  readonly parents: MetKeys;
  readonly inSource: SourceReference | null;
  readonly describe: DescribeKey;
}

/** The columns of a key and their values in a row, for people. */
export type DescribeKey = (row: Row, values: ConvertedRow) => string;

/** A row of the source, and what the target would get of it. */
export interface KeyedRow {
  readonly row: Row;
  readonly values: ConvertedRow;
  readonly place: RowPlace;
}

/**
 * One foreign key of the target, held against converted values: a row whose parent has not come by
 * waits, and what waits at the end is an orphan there.
 */
export class TargetReference {
  readonly #options: TargetReferenceOptions;
  readonly #table: string;
  readonly #insert: KeyStatement;

  constructor(options: TargetReferenceOptions) {
    this.#options = options;
    this.#table = `referring_${options.id}`;
    const columns = options.inSource?.indexes.map((_, index) => `, s${index}`) ?? [];
    options.db.exec(
      `CREATE TABLE ${this.#table} (line INTEGER, row_key TEXT, shown TEXT, key${columns.join('')})`,
    );
    this.#insert = new KeyStatement(
      options.db,
      (places) =>
        `INSERT INTO ${this.#table} VALUES (${['?', '?', '?', '?', ...places].join(', ')})`,
    );
  }

  /** @param forms the forms of the key's values, NULL as null */
  look(forms: readonly (string | null)[], { row, values, place }: KeyedRow): void {
    const { parents, inSource, match, head, findings, describe } = this.#options;
    const nulls = forms.filter((form) => form === null).length;
    if (nulls > 0) {
      if (match === 'full' && nulls < forms.length) {
        const detail = `${describe(row, values)} is NULL in part, which MATCH FULL refuses`;
        findings.add(head, { ...place, detail });
      }
      return;
    }
    const key = storedKey(forms);
    if (parents.has(key)) return;
    const ofSource: SqliteValue[] = inSource === null ? [] : pick(row, inSource.indexes);
    const { line = null, rowKey = null } = place;
    const shown = describe(row, values);
    this.#insert.for(ofSource).run(line, rowKey, shown, key, ...ofSource.map(bindable));
  }

  /** Reports what has no parent, once every row has passed. */
  finish(): void {
    const { db, parents, head, findings } = this.#options;
    const rows = db
      .prepare<[], [bigint | null, string | null, string]>(
        `SELECT line, row_key, shown FROM ${this.#table} AS r
         WHERE NOT EXISTS (SELECT 1 FROM ${parents.table} AS p WHERE p.key = r.key)
           AND ${this.#isUnreported()} ORDER BY r.rowid`,
      )
      .raw(true)
      .iterate();
    for (const [line, rowKey, shown] of rows) {
      findings.add(head, {
        ...(line === null ? {} : { line: Number(line) }),
        ...(rowKey === null ? {} : { rowKey }),
        detail: `${shown} has no parent`,
      });
    }
  }

  /** SQL: the source has the parent or wants none, so that nobody else reports the row. */
  #isUnreported(): string {
    const { inSource } = this.#options;
    if (inSource === null) return 'true';
    const isNull = inSource.indexes.map((_, index) => `r.s${index} IS NULL`);
    // The plus takes the column's own affinity away, so that the parent's alone applies.
    const equal = inSource.indexes.map((_, index) => `p.c${index} = +r.s${index}`);
    const exists = `EXISTS (SELECT 1 FROM ${inSource.keys.table} AS p WHERE ${equal.join(' AND ')})`;
    return `(${[...isNull, exists].join(' OR ')})`;
  }
}
