import { isUtf8 } from 'node:buffer';

import BetterSqlite3, { type Database, type Statement } from 'better-sqlite3';

import { quoteIdentifier } from '../model/sql.ts';
import { releaseMemory } from '../model/release-memory.ts';
import type { Affinity, SourceTable } from '../model/source-catalog.ts';
import type { SqliteValue } from '../model/values.ts';
import { realsCorrector } from './exact-reals.ts';
import { MAX_LINE_COLUMNS, defineLineFunctions, lineSql, lineWithBlobsSql } from './line-sql.ts';
import { NotReadExactly, accessibleRowid, countRows } from './rows.ts';
import { rowsAtATime, type TableSize } from './table-size.ts';

/** Some lines of a table as they stand in its data file, each ended by a newline. */
export interface SourceLines {
  readonly bytes: Buffer;
  readonly rowCount: number;
}

/** A table of which SQLite itself can make the lines, and how it is read. */
export interface LinePlan {
  readonly table: SourceTable;
  /** The columns by which rows are in artifact order and each has a place of its own. */
  readonly key: readonly string[];
  /** How many rows at a time. */
  readonly rows: number;
  /** How many rows there are, where that is known. */
  readonly rowCount?: number | undefined;
}

/** @returns undefined for a table that only `readRows` can read */
export function planLines(
  db: Database,
  table: SourceTable,
  size: Partial<TableSize> = {},
): LinePlan | undefined {
  const key = seekableKey(db, table);
  if (key === undefined || table.columns.length > MAX_LINE_COLUMNS) return undefined;
  if (!isReadByIndex(db, pageSource(table, key, true), key)) return undefined;
  const rows = size.rowsAtATime ?? rowsAtATime(db, table);
  return { table, key, rows, rowCount: size.rowCount };
}

/**
 * The lines of a table in artifact order, made by SQLite itself, many rows at a time, in memory that
 * does not grow with the table.
 *
 * @param start where to begin; at the table's beginning when absent
 * @throws NotReadExactly when a row holds TEXT that is not well-formed, or rows are not where they should be
 */
export function* readLines(
  db: Database,
  plan: LinePlan,
  start?: LineStart,
): Generator<SourceLines, void> {
  defineLineFunctions(db);
  const read = pageReader(db, plan);
  const finish = lineFinisher(db, plan.table);
  const tally = new RowTally(db, plan, start?.rowsBefore);
  let after = start?.after;
  for (;;) {
    const { rowCount, bytes, lastKey } = read(after);
    if (bytes === null) break;
    tally.add(rowCount);
    yield { bytes: finish(bytes), rowCount };
    if (lastKey === undefined) break;
    after = lastKey;
  }
  tally.requireAll();
}

/** A place in a table: after this key, which so many rows come up to. */
export interface LineStart {
  readonly after: LineKey | undefined;
  readonly rowsBefore: number;
}

/** The values of a key's columns. */
export type LineKey = readonly SqliteValue[];

/**
 * Holds the rows that are read against those that there are. A damaged index may lead back to rows that
 * were read, without end.
 */
export class RowTally {
  readonly #name: string;
  readonly #rowCount: number;
  #readCount: number;

  constructor(
    db: Database,
    { table, rowCount = Number(countRows(db, table)) }: LinePlan,
    rowsBefore = 0,
  ) {
    this.#name = table.name;
    this.#rowCount = rowCount;
    this.#readCount = rowsBefore;
  }

  get readCount(): number {
    return this.#readCount;
  }

  /** @throws NotReadExactly when more rows were read than the table has */
  add(rowCount: number): void {
    this.#readCount += rowCount;
    if (this.#readCount > this.#rowCount) throw new NotReadExactly(this.#name);
  }

  /** @throws NotReadExactly when fewer rows were read than the table has */
  requireAll(): void {
    if (this.#readCount !== this.#rowCount) throw new NotReadExactly(this.#name);
  }
}

/**
 * Makes the function that makes lines exact which SQLite has made.
 *
 * @throws NotReadExactly from that function, when they cannot be made exact
 */
export function lineFinisher(db: Database, table: SourceTable): (lines: Buffer) => Buffer {
  const correctReals = realsCorrector(
    table.columns.map(({ name }) => name),
    zeroCheck(db, table),
  );
  return (lines) => {
    if (!isUtf8(lines)) throw new NotReadExactly(table.name);
    const exact = correctReals(lines);
    if (exact !== lines) releaseMemory(lines);
    return exact;
  };
}

/**
 * SQLite writes -0.0 without its sign.
 *
 * @returns what looks for one in a column, once: with the first, in all others that are declared as numbers
 */
function zeroCheck(db: Database, table: SourceTable): (column: number) => void {
  const checked = new Set<number>();
  const numeric = [...table.columns.keys()].filter((index) =>
    MAY_HOLD_REALS.has(table.columns[index]?.affinity ?? 'blob'),
  );
  return (index) => {
    if (checked.has(index)) return;
    const asked = checked.size === 0 ? [...new Set([index, ...numeric])] : [index];
    for (const column of asked) checked.add(column);
    // The plus takes the column's affinity away, by which a REAL in a TEXT column would not be equal to 0.
    // The arc tangent tells them apart. https://www.sqlite.org/lang_mathfunc.html#atan2
    const isNegativeZero = asked
      .map((column) => quoteIdentifier(table.columns[column]?.name ?? ''))
      .map((name) => `(+${name} = 0 AND typeof(${name}) = 'real' AND atan2(${name}, -1) < 0)`);
    const found = db
      .prepare(
        `SELECT 1 FROM main.${quoteIdentifier(table.name)} WHERE ${isNegativeZero.join(' OR ')} LIMIT 1`,
      )
      .get();
    if (found !== undefined) throw new NotReadExactly(table.name);
  };
}

const MAY_HOLD_REALS: ReadonlySet<string> = new Set(['real', 'numeric']);

/** Whether a text may stand for other bytes than it has. */
function isReplaced(value: SqliteValue): boolean {
  return typeof value === 'string' && value.includes('\uFFFD');
}

/**
 * The columns by which rows are in artifact order and each has a place of its own; undefined where
 * there are none.
 */
function seekableKey(db: Database, table: SourceTable): readonly string[] | undefined {
  if (table.rowidAlias !== null) return [table.rowidAlias];
  if (table.primaryKey.length === 0) {
    const rowid = accessibleRowid(table);
    return rowid === undefined ? undefined : [rowid];
  }
  return hasNullInKey(db, table) ? undefined : table.primaryKey;
}

/** Source: https://www.sqlite.org/lang_createtable.html#the_primary_key */
function hasNullInKey(db: Database, table: SourceTable): boolean {
  if (table.withoutRowid) return false;
  const nullable = table.columns
    .filter(({ name, notNull }) => !notNull && table.primaryKey.includes(name))
    .map(({ name }) => `${quoteIdentifier(name)} IS NULL`);
  if (nullable.length === 0) return false;
  const sql = `SELECT 1 FROM main.${quoteIdentifier(table.name)} WHERE ${nullable.join(' OR ')} LIMIT 1`;
  return db.prepare(sql).get() !== undefined;
}

interface Page {
  readonly rowCount: number;
  /** null when there are no rows. */
  readonly bytes: Buffer | null;
  /** undefined when these are the last rows. */
  readonly lastKey: readonly SqliteValue[] | undefined;
}

/** Makes what reads the rows after a key, at first from the table's beginning. */
function pageReader(db: Database, plan: LinePlan): (after: LineKey | undefined) => Page {
  const { table, rows } = plan;
  let toSql = lineSql;
  const prepare = (hasStart: boolean): LinesStatement =>
    prepareLines(db, linesSql(plan, hasStart, toSql));
  const keyAt = keyFinder(db, plan);
  let first = prepare(false);
  let next = prepare(true);
  const read = (after: LineKey | undefined): Page => {
    const lines = after === undefined ? first : next;
    const [rowCount = 0, lineCount = 0, bytes = null] = lines.get(...(after ?? []), rows) ?? [];
    if (lineCount < rowCount) {
      toSql = lineWithBlobsSql;
      first = prepare(false);
      next = prepare(true);
      return read(after);
    }
    return { rowCount, bytes, lastKey: rowCount < rows ? undefined : keyAt(after) };
  };
  return (after) => {
    try {
      return read(after);
    } catch (error) {
      throw isTooLong(error) ? new NotReadExactly(table.name) : error;
    }
  };
}

/**
 * Makes the function that finds the key of the last row of a page; undefined where there are not as many rows.
 *
 * @throws NotReadExactly from that function, for a key by which nothing can be found again: a text that
 * is not well-formed, or a value that SQLite would convert before it compares it
 */
export function keyFinder(
  db: Database,
  plan: LinePlan,
): (after: LineKey | undefined) => LineKey | undefined {
  const { table, key, rows } = plan;
  const names = key.map(quoteIdentifier).join(', ');
  const [first, next] = [false, true].map((hasStart) =>
    db
      .prepare<unknown[], SqliteValue[]>(
        `SELECT ${names} FROM ${pageSource(table, key, hasStart)} LIMIT 1 OFFSET ? + 0`,
      )
      .raw(true),
  );
  const affinities = key.map(
    (name) => table.columns.find((column) => column.name === name)?.affinity ?? 'blob',
  );
  return (after) => {
    const found = (after === undefined ? first : next)?.get(...(after ?? []), rows - 1);
    const isLost = found?.some(
      (value, index) => isReplaced(value) || isConverted(value, affinities[index] ?? 'blob'),
    );
    if (isLost === true) throw new NotReadExactly(table.name);
    return found;
  };
}

/** More than what SQLite takes for a number. */
const LIKE_A_NUMBER = /^\s*[-+]?[\d.]+(?:e[-+]?\d+)?\s*$/i;

/**
 * Whether a comparison with a column may convert the value. What was stored in the column was converted
 * when it was stored, unless the column has another type since: then it would be compared with others.
 *
 * Source: https://www.sqlite.org/datatype3.html#type_conversions_prior_to_comparison
 */
function isConverted(value: SqliteValue, affinity: Affinity): boolean {
  switch (affinity) {
    case 'blob':
      return false;
    case 'text':
      return typeof value === 'number' || typeof value === 'bigint';
    case 'integer':
    case 'real':
    case 'numeric':
      return typeof value === 'string' && LIKE_A_NUMBER.test(value);
    default:
      return affinity satisfies never;
  }
}

/** JSON may have six bytes for one of a text. Source: https://www.sqlite.org/limits.html#max_length */
export function isTooLong(error: unknown): boolean {
  return error instanceof BetterSqlite3.SqliteError && error.code === 'SQLITE_TOOBIG';
}

/** How many rows there were, how many of them have a line, and these lines. */
type LinesStatement = Statement<unknown[], [number, number, Buffer | null]>;

function prepareLines(db: Database, sql: string): LinesStatement {
  return db.prepare<unknown[], [number, number, Buffer | null]>(sql).safeIntegers(false).raw(true);
}

/**
 * SQL of a page: how many rows there were, how many of them have a line, and these lines as a BLOB,
 * null for none. Its parameters are the key, where there is a start, and how many rows.
 */
export function linesSql({ table, key }: LinePlan, hasStart: boolean, toSql = lineSql): string {
  // Being limited, the query inside is not merged into the one around it, and keeps its order.
  return `SELECT count(*), count(line), CAST(group_concat(line, char(10)) || char(10) AS BLOB)
    FROM (SELECT ${toSql(table.columns)} AS line FROM ${pageSource(table, key, hasStart)} LIMIT ? + 0)`;
}

/** The table from a key on, in order. The table is named in each place, so that no result's name hides a column. */
function pageSource(table: SourceTable, key: readonly string[], hasStart: boolean): string {
  const name = quoteIdentifier(table.name);
  const columns = key.map((column) => `${name}.${quoteIdentifier(column)}`);
  const marks = columns.map(() => '?').join(', ');
  const where = hasStart ? ` WHERE (${columns.join(', ')}) > (${marks})` : '';
  const order = columns.map((column) => `${column} COLLATE BINARY`).join(', ');
  return `main.${name}${where} ORDER BY ${order}`;
}

/** Whether SQLite goes right to the row after a key and finds the rows in order from there. */
function isReadByIndex(db: Database, source: string, key: readonly string[]): boolean {
  const plan = db
    .prepare<null[], { detail: string }>(`EXPLAIN QUERY PLAN SELECT 1 FROM ${source} LIMIT 1`)
    .all(...key.map(() => null));
  return plan.length === 1 && plan[0]?.detail.startsWith('SEARCH ') === true;
}
