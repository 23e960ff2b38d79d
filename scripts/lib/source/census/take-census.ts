import type Database from 'better-sqlite3';

import type { ColumnCensus } from '../../model/census.ts';
import { quoteIdentifier } from '../../model/sql.ts';
import type { SourceEncoding, SourceTable } from '../../model/source-catalog.ts';
import { columnCensus } from './column-census.ts';
import { defineCensusFunctions } from './functions.ts';
import { kindsInStretch } from './kinds-in-stretch.ts';
import type { ValueKind } from './kinds.ts';
import { mergeMeasured, type MeasureName, type MeasuredValue } from './measures.ts';
import {
  prepareQuery,
  type ColumnTally,
  type StretchQuery,
  type StretchTally,
} from './stretch-query.ts';
import { walkStretches, type Stretch } from './stretches.ts';

/** A column, what it holds, and how many of its values are of each kind. */
export interface CountedColumn {
  readonly name: string;
  readonly census: ColumnCensus;
  readonly kinds: ReadonlyMap<ValueKind, number>;
}

export interface TableCensus {
  readonly rowCount: number;
  /** In the order of the table's columns, generated ones too. */
  readonly columns: readonly CountedColumn[];
}

export interface CensusContext {
  readonly encoding: SourceEncoding;
  readonly signal: AbortSignal;
  /** Is told how many more rows have been counted. */
  readonly advance: (rows: number) => void;
}

/** About how many rows there are, by whatever index is the quickest to walk: for showing progress. */
export function roughRowCount(db: Database.Database, table: SourceTable): number {
  const sql = `SELECT count(*) FROM main.${quoteIdentifier(table.name)}`;
  return Number(db.prepare<[], bigint>(sql).pluck().get() ?? 0n);
}

/**
 * Counts and measures every value of a table in one walk, in SQLite's own code; memory does not
 * grow with the rows.
 *
 * @throws what the signal was aborted with
 */
export async function takeCensus(
  db: Database.Database,
  table: SourceTable,
  context: CensusContext,
): Promise<TableCensus> {
  defineCensusFunctions(db);
  const census = new RunningCensus(db, table, context.encoding);
  await walkStretches(table, context.signal, (stretch) => {
    const seen = census.count(stretch);
    context.advance(seen.rows);
    return seen;
  });
  return census.result();
}

interface RunningColumn {
  readonly name: string;
  /** The kinds that the column has shown. */
  readonly kinds: Set<ValueKind>;
  readonly counts: Map<ValueKind, number>;
  readonly measured: Map<MeasureName, MeasuredValue>;
}

/**
 * Each thing asked of a value costs time, so a column is asked only for the kinds that it has shown,
 * at first for none. Every value is of one kind: where the counts do not add up to the rows there are
 * values of others, and the stretch is counted again with these.
 */
class RunningCensus {
  readonly #db: Database.Database;
  readonly #table: SourceTable;
  readonly #encoding: SourceEncoding;
  readonly #columns: readonly RunningColumn[];
  #query: StretchQuery;
  #rowCount = 0;

  constructor(db: Database.Database, table: SourceTable, encoding: SourceEncoding) {
    this.#db = db;
    this.#table = table;
    this.#encoding = encoding;
    this.#columns = table.columns.map(({ name }) => ({
      name,
      kinds: new Set(),
      counts: new Map(),
      measured: new Map(),
    }));
    this.#query = prepareQuery(db, table, this.#columns, encoding);
  }

  count(stretch: Stretch): StretchTally {
    const tally = this.#tally(stretch);
    this.#rowCount += tally.rows;
    for (const [index, column] of this.#columns.entries()) {
      const own = tally.columns[index];
      if (own !== undefined) merge(column, own);
    }
    return tally;
  }

  result(): TableCensus {
    const columns = this.#columns.map(({ name, counts, measured }) => ({
      name,
      census: columnCensus({ counts, measured }),
      kinds: counts,
    }));
    return { rowCount: this.#rowCount, columns };
  }

  #tally(stretch: Stretch): StretchTally {
    const tally = this.#query(stretch);
    const unclear = this.#columns.filter((_, index) => {
      const own = tally.columns[index];
      return own === undefined || totalOf(own) !== tally.rows;
    });
    if (unclear.length === 0) return tally;
    const names = unclear.map(({ name }) => name);
    const shown = kindsInStretch(this.#db, this.#table, names, stretch, this.#encoding);
    for (const [index, { kinds }] of unclear.entries()) {
      for (const kind of shown[index] ?? []) kinds.add(kind);
    }
    this.#query = prepareQuery(this.#db, this.#table, this.#columns, this.#encoding);
    return this.#query(stretch);
  }
}

function totalOf({ counts }: ColumnTally): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}

function merge(into: RunningColumn, tally: ColumnTally): void {
  for (const [kind, count] of tally.counts) {
    into.counts.set(kind, (into.counts.get(kind) ?? 0) + count);
  }
  for (const [name, value] of tally.measured) {
    const known = into.measured.get(name);
    into.measured.set(name, known === undefined ? value : mergeMeasured(name, known, value));
  }
}
