import { isUtf8 } from 'node:buffer';

import BetterSqlite3, { type Database, type Statement } from 'better-sqlite3';

import { quoteIdentifier } from '../model/sql.ts';
import type { SourceTable } from '../model/source-catalog.ts';
import type { SqliteValue } from '../model/values.ts';
import { realsCorrector } from './exact-reals.ts';
import { MAX_LINE_COLUMNS, defineLineFunctions, lineSql, lineWithBlobsSql } from './line-sql.ts';
import { NotReadExactly, accessibleRowid, countRows } from './rows.ts';

/** Some lines of a table as they stand in its data file, each ended by a newline. */
export interface SourceLines {
  readonly bytes: Buffer;
  readonly rowCount: number;
}

/** How many bytes of rows are read at a time: where rows are of usual size, and where one is large. */
const WANTED_BYTES = 256 * 1024;
const MOST_BYTES = 8 * 1024 * 1024;
const MOST_ROWS = 4096;

/**
 * The lines of a table in artifact order, made by SQLite itself, many rows at a time, in memory that
 * does not grow with the table; undefined for a table that only `readRows` can read.
 *
 * @param rows how many at a time
 * @throws NotReadExactly when a row holds TEXT that is not well-formed, or rows are not where they should be
 */
export function readLines(
  db: Database,
  table: SourceTable,
  rows = rowsAtATime(db, table),
): Generator<SourceLines, void> | undefined {
  const key = seekableKey(db, table);
  if (key === undefined || table.columns.length > MAX_LINE_COLUMNS) return undefined;
  defineLineFunctions(db);
  if (!isReadByIndex(db, pageSource(table, key, true), key)) return undefined;
  return readPages(db, table, key, rows);
}

function* readPages(
  db: Database,
  table: SourceTable,
  key: readonly string[],
  rows: number,
): Generator<SourceLines, void> {
  const read = pageReader(db, table, key);
  const correctReals = realsCorrector(
    table.columns.map(({ name }) => name),
    zeroCheck(db, table),
  );
  let after: readonly SqliteValue[] | undefined;
  let total = 0;
  for (;;) {
    const { rowCount, bytes, lastKey } = read(after, rows);
    if (bytes === null) break;
    if (!isUtf8(bytes)) throw new NotReadExactly(table.name);
    total += rowCount;
    yield { bytes: correctReals(bytes), rowCount };
    if (lastKey === undefined) break;
    after = lastKey;
  }
  if (total !== Number(countRows(db, table))) throw new NotReadExactly(table.name);
}

/** SQLite writes -0.0 without its sign. @returns what looks for one in a column, once */
function zeroCheck(db: Database, table: SourceTable): (column: number) => void {
  const checked = new Set<number>();
  return (index) => {
    if (checked.has(index)) return;
    checked.add(index);
    const name = quoteIdentifier(table.columns[index]?.name ?? '');
    // The arc tangent tells them apart. https://www.sqlite.org/lang_mathfunc.html#atan2
    const found = db
      .prepare(
        `SELECT 1 FROM main.${quoteIdentifier(table.name)}
         WHERE typeof(${name}) = 'real' AND ${name} = 0 AND atan2(${name}, -1) < 0 LIMIT 1`,
      )
      .get();
    if (found !== undefined) throw new NotReadExactly(table.name);
  };
}

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
function pageReader(
  db: Database,
  table: SourceTable,
  key: readonly string[],
): (after: readonly SqliteValue[] | undefined, rows: number) => Page {
  let toSql = lineSql;
  const prepare = (hasStart: boolean): Statements =>
    prepareStatements(db, table, key, hasStart, toSql(table.columns));
  let first = prepare(false);
  let next = prepare(true);
  const read = (after: readonly SqliteValue[] | undefined, rows: number): Page => {
    const { lines, keyAt } = after === undefined ? first : next;
    const [rowCount = 0, lineCount = 0, bytes = null] = lines.get(...(after ?? []), rows) ?? [];
    if (lineCount < rowCount) {
      toSql = lineWithBlobsSql;
      first = prepare(false);
      next = prepare(true);
      return read(after, rows);
    }
    if (rowCount < rows) return { rowCount, bytes, lastKey: undefined };
    const lastKey = keyAt.get(...(after ?? []), rows - 1);
    // By a text that is not well-formed nothing can be found again.
    if (lastKey === undefined || lastKey.some(isReplaced)) throw new NotReadExactly(table.name);
    return { rowCount, bytes, lastKey };
  };
  return (after, rows) => {
    try {
      return read(after, rows);
    } catch (error) {
      throw isTooLong(error) ? new NotReadExactly(table.name) : error;
    }
  };
}

/** JSON may have six bytes for one of a text. Source: https://www.sqlite.org/limits.html#max_length */
function isTooLong(error: unknown): boolean {
  return error instanceof BetterSqlite3.SqliteError && error.code === 'SQLITE_TOOBIG';
}

interface Statements {
  /** How many rows there were, how many of them have a line, and these lines. */
  readonly lines: Statement<unknown[], [number, number, Buffer | null]>;
  /** The key of the row that comes so many rows after the first one. */
  readonly keyAt: Statement<unknown[], SqliteValue[]>;
}

function prepareStatements(
  db: Database,
  table: SourceTable,
  key: readonly string[],
  hasStart: boolean,
  line: string,
): Statements {
  const source = pageSource(table, key, hasStart);
  const names = key.map(quoteIdentifier).join(', ');
  // Being limited, the query inside is not merged into the one around it, and keeps its order.
  return {
    lines: db
      .prepare<unknown[], [number, number, Buffer | null]>(
        `SELECT count(*), count(line), CAST(group_concat(line, char(10)) || char(10) AS BLOB)
         FROM (SELECT ${line} AS line FROM ${source} LIMIT ? + 0)`,
      )
      .safeIntegers(false)
      .raw(true),
    keyAt: db
      .prepare<unknown[], SqliteValue[]>(`SELECT ${names} FROM ${source} LIMIT 1 OFFSET ? + 0`)
      .raw(true),
  };
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

/** Source: https://www.sqlite.org/dbstat.html */
function rowsAtATime(db: Database, table: SourceTable): number {
  const size = db
    .prepare<[string], { cells: bigint; bytes: bigint; largest: bigint }>(
      `SELECT ncell AS cells, payload AS bytes, mx_payload AS largest FROM dbstat
       WHERE schema = 'main' AND aggregate = TRUE AND name = ?`,
    )
    .get(table.name);
  if (size === undefined || size.cells === 0n) return MOST_ROWS;
  // JSON has the names too.
  const names = table.columns.reduce((sum, { name }) => sum + name.length + 4, 0);
  const usual = WANTED_BYTES / (Number(size.bytes / size.cells) + names);
  const most = MOST_BYTES / (Number(size.largest) + names);
  return Math.max(1, Math.floor(Math.min(usual, most, MOST_ROWS)));
}
