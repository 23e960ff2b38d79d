import type Database from 'better-sqlite3';

import type { SourceEncoding, SourceTable } from '../../model/source-catalog.ts';
import { kindsInStretch } from './kinds-in-stretch.ts';
import type { ValueKind } from './kinds.ts';
import {
  prepareQuery,
  type ColumnTally,
  type StretchTally,
  type TalliedColumns,
} from './stretch-query.ts';
import type { Stretch } from './stretches.ts';

/**
 * Counts columns by SQL, whatever they hold. Each thing asked of a value costs time, so a column is
 * asked only for the kinds that it has shown, at first for none. Every value is of one kind: where the
 * counts do not add up to the rows there are values of others, and the stretch is counted again with these.
 */
export class SqlCensus {
  readonly #db: Database.Database;
  readonly #table: SourceTable;
  readonly #encoding: SourceEncoding;
  /** The kinds that each column has shown. */
  readonly #kinds: ReadonlyMap<string, Set<ValueKind>>;
  #asked: readonly string[] = [];
  #query: (stretch: Stretch) => StretchTally = () => ({ rows: 0, lastRowid: null, columns: [] });

  constructor(db: Database.Database, table: SourceTable, encoding: SourceEncoding) {
    this.#db = db;
    this.#table = table;
    this.#encoding = encoding;
    this.#kinds = new Map(table.columns.map(({ name }) => [name, new Set()]));
  }

  count(stretch: Stretch, names: readonly string[]): TalliedColumns {
    const isPrepared =
      names.length === this.#asked.length &&
      names.every((name, index) => name === this.#asked[index]);
    if (!isPrepared) this.#prepare(names);
    const { rows, lastRowid, columns } = this.#tally(stretch);
    const tallies = this.#asked.flatMap((name, index) => {
      const tally = columns[index];
      return tally === undefined ? [] : [[name, tally] as const];
    });
    return { rows, lastRowid, columns: new Map(tallies) };
  }

  #prepare(names: readonly string[]): void {
    this.#asked = names;
    const asked = names.map((name) => ({ name, kinds: this.#kinds.get(name) ?? new Set() }));
    this.#query = prepareQuery(this.#db, this.#table, asked, this.#encoding);
  }

  #tally(stretch: Stretch): StretchTally {
    const tally = this.#query(stretch);
    const unclear = this.#asked.filter((_, index) => {
      const own = tally.columns[index];
      return own === undefined || totalOf(own) !== tally.rows;
    });
    if (unclear.length === 0) return tally;
    const shown = kindsInStretch(this.#db, this.#table, unclear, stretch, this.#encoding);
    for (const [index, name] of unclear.entries()) {
      for (const kind of shown[index] ?? []) this.#kinds.get(name)?.add(kind);
    }
    this.#prepare(this.#asked);
    return this.#query(stretch);
  }
}

function totalOf({ counts }: ColumnTally): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}
