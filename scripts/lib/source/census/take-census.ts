import type Database from 'better-sqlite3';

import type { ColumnCensus } from '../../model/census.ts';
import { quoteIdentifier } from '../../model/sql.ts';
import type { SourceEncoding, SourceTable } from '../../model/source-catalog.ts';
import { columnCensus } from './column-census.ts';
import type { SnapshotReaders } from '../snapshot-readers.ts';
import { defineCensusFunctions } from './functions.ts';
import type { ValueKind } from './kinds.ts';
import { LinesCensus } from './lines-census.ts';
import { mergeMeasured, type MeasureName, type MeasuredValue } from './measures.ts';
import { SqlCensus } from './sql-census.ts';
import type { ColumnTally } from './stretch-query.ts';
import { walkStretches, type Stretch, type StretchSeen } from './stretches.ts';

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
  /** Read the rows while those before them are counted. */
  readonly readers?: SnapshotReaders | undefined;
  /** Is told how many more rows have been counted. */
  readonly advance: (rows: number) => void;
}

/** About how many rows there are, by whatever index is the quickest to walk: for showing progress. */
export function roughRowCount(db: Database.Database, table: SourceTable): number {
  const sql = `SELECT count(*) FROM main.${quoteIdentifier(table.name)}`;
  return Number(db.prepare<[], bigint>(sql).pluck().get() ?? 0n);
}

/**
 * Counts and measures every value of a table in one walk; memory does not grow with the rows.
 *
 * @throws what the signal was aborted with
 */
export async function takeCensus(
  db: Database.Database,
  table: SourceTable,
  context: CensusContext,
): Promise<TableCensus> {
  defineCensusFunctions(db);
  const census = new RunningCensus(db, table, context);
  await walkStretches(table, context.signal, async (stretch) => {
    const seen = await census.count(stretch);
    context.advance(seen.rows);
    return seen;
  });
  return census.result();
}

interface RunningColumn {
  readonly name: string;
  readonly counts: Map<ValueKind, number>;
  readonly measured: Map<MeasureName, MeasuredValue>;
}

/** Counts columns by the bytes of their values where that is possible, and the others by SQL. */
class RunningCensus {
  readonly #byBytes: LinesCensus;
  readonly #bySql: SqlCensus;
  readonly #columns: readonly RunningColumn[];
  #rowCount = 0;

  constructor(
    db: Database.Database,
    table: SourceTable,
    { encoding, readers }: Pick<CensusContext, 'encoding' | 'readers'>,
  ) {
    this.#byBytes = new LinesCensus(db, table, encoding, readers);
    this.#bySql = new SqlCensus(db, table, encoding);
    this.#columns = table.columns.map(({ name }) => ({
      name,
      counts: new Map(),
      measured: new Map(),
    }));
  }

  async count(stretch: Stretch): Promise<StretchSeen> {
    const counted = await this.#byBytes.count(stretch);
    const others = this.#columns
      .map(({ name }) => name)
      .filter((name) => counted?.columns.has(name) !== true);
    const bySql = others.length === 0 ? null : this.#bySql.count(stretch, others);
    for (const column of this.#columns) {
      const tally = counted?.columns.get(column.name) ?? bySql?.columns.get(column.name);
      if (tally !== undefined) merge(column, tally);
    }
    const { rows, lastRowid } = bySql ?? counted ?? { rows: 0, lastRowid: null };
    this.#rowCount += rows;
    return { rows, lastRowid };
  }

  result(): TableCensus {
    const columns = this.#columns.map(({ name, counts, measured }) => ({
      name,
      census: columnCensus({ counts, measured }),
      kinds: counts,
    }));
    return { rowCount: this.#rowCount, columns };
  }
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
