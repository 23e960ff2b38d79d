import type Database from 'better-sqlite3';

import type { SourceEncoding, SourceTable } from '../../model/source-catalog.ts';
import { classesOf, kindCode, type ValueKind } from './kinds.ts';
import { measureSql, measuresOf, type MeasureName, type MeasuredValue } from './measures.ts';
import { partName, selectParts } from './parts-sql.ts';
import {
  stretchParameters,
  type Stretch,
  type StretchParameters,
  type StretchSeen,
} from './stretches.ts';

/** A column and the kinds of values that are looked for in it. */
export interface AskedColumn {
  readonly name: string;
  readonly kinds: ReadonlySet<ValueKind>;
}

/** What a column holds in some rows. */
export interface ColumnTally {
  /** How many values there are of each kind that was looked for; kinds without any are left out. */
  readonly counts: ReadonlyMap<ValueKind, number>;
  readonly measured: ReadonlyMap<MeasureName, MeasuredValue>;
}

export interface StretchTally extends StretchSeen {
  /** In the order of the columns asked about. */
  readonly columns: readonly ColumnTally[];
}

/** What some columns hold in a stretch, by their names. */
export interface TalliedColumns extends StretchSeen {
  readonly columns: ReadonlyMap<string, ColumnTally>;
}

/** Tallies asked-about columns over a stretch. */
export type StretchQuery = (stretch: Stretch) => StretchTally;

type Cell = MeasuredValue | null;
/** One result column of the query: its SQL and where its value goes. */
interface Output {
  readonly sql: string;
  readonly keep: (cell: MeasuredValue, into: MutableTally) => void;
}

interface MutableTally {
  readonly counts: Map<ValueKind, number>;
  readonly measured: Map<MeasureName, MeasuredValue>;
}

/** Of the 2,000 columns that a result may have, and its up to six parts per column asked about. */
const MAX_OUTPUTS = 1900;
const MAX_COLUMNS = 300;

/**
 * Prepares what tallies these columns, in as few statements as SQLite's limits allow.
 * Source: https://www.sqlite.org/limits.html#max_column
 */
export function prepareQuery(
  db: Database.Database,
  table: SourceTable,
  asked: readonly AskedColumn[],
  encoding: SourceEncoding,
): StretchQuery {
  const statements = groupForLimits(asked).map((group) =>
    prepareStatement(db, table, group, encoding),
  );
  return (stretch) => {
    const tallies = statements.map((tally) => tally(stretch));
    const [{ rows, lastRowid } = { rows: 0, lastRowid: null }] = tallies;
    return { rows, lastRowid, columns: tallies.flatMap((tally) => tally.columns) };
  };
}

function groupForLimits(asked: readonly AskedColumn[]): AskedColumn[][] {
  const groups: AskedColumn[][] = [[]];
  let outputs = 0;
  for (const column of asked) {
    const more = column.kinds.size + measuresOf(column.kinds).size;
    const group = groups.at(-1) ?? [];
    if (group.length > 0 && (outputs + more > MAX_OUTPUTS || group.length === MAX_COLUMNS)) {
      groups.push([column]);
      outputs = more;
    } else {
      group.push(column);
      outputs += more;
    }
  }
  return groups;
}

function prepareStatement(
  db: Database.Database,
  table: SourceTable,
  asked: readonly AskedColumn[],
  encoding: SourceEncoding,
): StretchQuery {
  const outputs = asked.map((column, index) => outputsOf(column, index));
  const columns = asked
    .map(({ name, kinds }, index) => ({
      name,
      index,
      classes: classesOf(kinds),
      measured: new Set([...measuresOf(kinds).values()].map(({ over }) => over)),
    }))
    .filter(({ classes }) => classes.size > 0);
  const results = ['count(*)', 'max(r)', ...outputs.flat().map(({ sql }) => sql)];
  const statement = db
    .prepare<StretchParameters, [bigint, bigint | null, ...Cell[]]>(
      `SELECT ${results.join(', ')} FROM (${selectParts(table, columns, encoding)})`,
    )
    .raw(true);
  return (stretch) => {
    const [rows = 0n, lastRowid = null, ...cells] =
      statement.get(...stretchParameters(stretch)) ?? [];
    let next = 0;
    const columns = outputs.map((own) => {
      const tally: MutableTally = { counts: new Map(), measured: new Map() };
      for (const { keep } of own) {
        const cell = cells[next] ?? null;
        next += 1;
        if (cell !== null) keep(cell, tally);
      }
      return tally;
    });
    return { rows: Number(rows), lastRowid, columns };
  };
}

function outputsOf({ kinds }: AskedColumn, index: number): Output[] {
  const counts = [...kinds].map((kind): Output => ({
    sql: `count(*) FILTER (WHERE ${partName('kind', index)} = ${kindCode(kind)})`,
    keep: (count, into) => {
      if (count > 0) into.counts.set(kind, Number(count));
    },
  }));
  const measures = [...measuresOf(kinds)].map(([name, measure]): Output => ({
    sql: measureSql(measure, kinds, index),
    keep: (value, into) => {
      into.measured.set(name, value);
    },
  }));
  return [...counts, ...measures];
}
