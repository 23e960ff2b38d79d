import type Database from 'better-sqlite3';

import { ToolkitError } from '../model/errors.ts';
import { quoteIdentifier } from '../model/sql.ts';
import type { SourceEncoding, SourceTable } from '../model/source-catalog.ts';
import { MalformedText, asBuffer, type Row, type SqliteValue } from '../model/values.ts';
import { decodeText } from './text.ts';

/** A row came with U+FFFD: it may stand for bytes that are not text, so the table must be read by bytes. */
export class NotReadExactly extends Error {}

/**
 * How TEXT is read. `strings` lets SQLite's driver decode it, which replaces malformed bytes;
 * `bytes` takes the bytes themselves and is exact for every value, at about twice the time.
 */
export type TextReading = 'strings' | 'bytes';

/** The reading to begin with: only UTF-8 databases can be read as strings without loss. */
export function initialTextReading(encoding: SourceEncoding): TextReading {
  return encoding === 'UTF-8' ? 'strings' : 'bytes';
}

/**
 * Reads a table by strings where that is exact, and anew by bytes once a row asks for it.
 *
 * @param read must undo what it did with the rows so far when it throws
 */
export async function readExactly<Result>(
  encoding: SourceEncoding,
  read: (reading: TextReading) => Promise<Result>,
): Promise<Result> {
  try {
    return await read(initialTextReading(encoding));
  } catch (error) {
    if (!(error instanceof NotReadExactly)) throw error;
    return read('bytes');
  }
}

/**
 * The table's rows in artifact order, all columns (generated ones too), in constant memory.
 *
 * @throws NotReadExactly when read as `strings` and a row holds U+FFFD: start again by `bytes`.
 */
export function* readRows(
  db: Database.Database,
  table: SourceTable,
  reading: TextReading,
  encoding: SourceEncoding,
  limit?: number,
): Generator<Row> {
  const names = table.columns.map(({ name }) => quoteIdentifier(name));
  const select = (results: readonly string[]): IterableIterator<SqliteValue[]> =>
    db
      .prepare<[], SqliteValue[]>(
        `SELECT ${results.join(', ')} FROM ${fromInOrder(table)} LIMIT ${limit ?? -1}`,
      )
      .raw(true)
      .iterate();
  if (reading === 'bytes') {
    for (const [letters, values] of withLetters(names, select)) {
      yield withTextDecoded(letters, values, encoding);
    }
    return;
  }
  for (const row of select(names)) {
    for (const value of row) {
      if (typeof value === 'string' && value.includes('\uFFFD')) {
        throw new NotReadExactly(table.name);
      }
    }
    yield row;
  }
}

/** The rows there are, counted by walking the table itself and no index of it. */
export function countRows(db: Database.Database, table: SourceTable): bigint {
  return db.prepare<[], bigint>(countRowsSql(table)).pluck().get() ?? 0n;
}

/** SQL of {@link countRows}. */
export function countRowsSql(table: SourceTable): string {
  return `SELECT count(*) FROM main.${quoteIdentifier(table.name)} NOT INDEXED`;
}

/**
 * @param readCount how many rows came by the table's primary key
 * @param countedRows what {@link countRows} said
 * @throws ToolkitError of kind `source` when they are not the same number
 */
export function requireRowCount(
  file: string,
  table: SourceTable,
  readCount: number,
  countedRows: number,
): void {
  if (readCount === countedRows) return;
  throw new ToolkitError({
    kind: 'source',
    code: 'source-count',
    message: `the table holds ${countedRows} rows, but reading it by its primary key gave ${readCount}`,
    where: { file, table: table.name },
    hint: 'an index of the source is damaged: run analyze, then `REINDEX` on a copy of the file',
  });
}

function fromInOrder(table: SourceTable): string {
  const order = artifactOrder(table);
  const orderBy = order.length === 0 ? '' : ` ORDER BY ${order.join(', ')}`;
  return `main.${quoteIdentifier(table.name)}${orderBy}`;
}

/** Source: https://www.sqlite.org/limits.html#max_column */
const MAX_RESULT_COLUMNS = 2000;

/** Rows with their TEXT as bytes, each after the storage classes of its values. */
function* withLetters(
  names: readonly string[],
  select: (results: readonly string[]) => IterableIterator<SqliteValue[]>,
): Generator<[letters: SqliteValue, values: readonly SqliteValue[]]> {
  const letters = storageClassLetters(names);
  const values = names.map(
    (name) => `iif(typeof(${name}) = 'text', CAST(${name} AS BLOB), ${name})`,
  );
  if (names.length < MAX_RESULT_COLUMNS) {
    for (const [first = null, ...rest] of select([letters, ...values])) yield [first, rest];
    return;
  }
  // The widest table leaves no room for one more column: two queries walk it side by side.
  const beside = select([letters]);
  try {
    for (const row of select(values)) yield [beside.next().value?.[0] ?? null, row];
  } finally {
    beside.return?.();
  }
}

const MAX_FUNCTION_ARGUMENTS = 500;

/** One column that says the storage class of all others by its first letter. */
function storageClassLetters(names: readonly string[]): string {
  const letters = names.map((name) => `substr(typeof(${name}), 1, 1)`);
  const groups: string[] = [];
  for (let start = 0; start < letters.length; start += MAX_FUNCTION_ARGUMENTS) {
    groups.push(`concat(${letters.slice(start, start + MAX_FUNCTION_ARGUMENTS).join(', ')})`);
  }
  return `concat(${groups.join(', ')})`;
}

/**
 * The artifact's row order: by primary key in SQLite's BINARY collation, whatever the column's own;
 * rows that share a key through NULLs, and tables without one, by rowid.
 */
function artifactOrder(table: SourceTable): string[] {
  if (table.rowidAlias !== null) return [quoteIdentifier(table.rowidAlias)];
  const key = table.primaryKey.map((name) => `${quoteIdentifier(name)} COLLATE BINARY`);
  const rowid = table.withoutRowid ? undefined : accessibleRowid(table);
  return rowid === undefined ? key : [...key, rowid];
}

/** A name for the rowid that no column of the table takes. Source: https://www.sqlite.org/lang_createtable.html#rowid */
export function accessibleRowid(table: SourceTable): string | undefined {
  const taken = new Set(table.columns.map((column) => column.name.toLowerCase()));
  return ['rowid', '_rowid_', 'oid'].find((name) => !taken.has(name));
}

function withTextDecoded(
  letters: SqliteValue,
  values: readonly SqliteValue[],
  encoding: SourceEncoding,
): Row {
  return values.map((value, index) => {
    const isText = typeof letters === 'string' && letters[index] === 't';
    return isText && value instanceof Uint8Array ? textValue(value, encoding) : value;
  });
}

function textValue(bytes: Uint8Array, encoding: SourceEncoding): SqliteValue {
  return decodeText(asBuffer(bytes), encoding) ?? new MalformedText(bytes);
}
