import type { Database } from 'better-sqlite3';

import { quoteIdentifier, quoteLiteral } from '../model/sql.ts';
import type { SourceColumn } from '../model/source-catalog.ts';
import { ByteWriter } from '../value/bytes/byte-writer.ts';
import { encodeBlobInPieces, encodeValue, linePrefixes } from '../value/codec.ts';

/** Two arguments a column, of the 1,000 that a function takes. Source: https://www.sqlite.org/limits.html#max_function_arg */
export const MAX_LINE_COLUMNS = 499;

const BLOB_FUNCTION = 'artifact_blob';
/** Up to this, a BLOB is made a text at once. */
const SHORT_BLOB_BYTES = 16 * 1024;
const defined = new WeakSet<Database>();

/** Gives a connection the function that {@link lineWithBlobsSql} calls. */
export function defineLineFunctions(db: Database): void {
  if (defined.has(db)) return;
  defined.add(db);
  const writer = new ByteWriter();
  db.function(BLOB_FUNCTION, { deterministic: true }, (blob: Uint8Array) => {
    if (blob.length <= SHORT_BLOB_BYTES) return encodeValue(blob);
    writer.clear();
    for (const piece of encodeBlobInPieces(blob)) writer.text(piece);
    // A copy of it becomes part of a text.
    return writer.written();
  });
}

/**
 * SQL of a row's line (FORMAT.md, "Values"), without its newline; NULL for a row with a BLOB. TEXT
 * that is not well-formed goes through byte by byte, and REALs have the digits that SQLite gives
 * them; what else there is, is written as `encodeValue` writes it.
 */
export function lineSql(columns: readonly SourceColumn[]): string {
  // BLOBs come after all else. They are asked for, since json_object takes some for JSON: those that look like JSONB.
  const hasBlob = columns.map(({ name }) => `+${quoteIdentifier(name)} >= x'' COLLATE BINARY`);
  const members = columns.map(
    (column) => `${quoteLiteral(column.name)}, ${withoutSubtype(column)}`,
  );
  return `iif(${hasBlob.join(' OR ')}, NULL, json_object(${members.join(', ')}))`;
}

/** {@link lineSql}, more slowly, of any row. */
export function lineWithBlobsSql(columns: readonly SourceColumn[]): string {
  const prefixes = linePrefixes(columns.map(({ name }) => name));
  const members = columns.map((column, index) => {
    const name = quoteIdentifier(column.name);
    const value = `iif(typeof(${name}) = 'blob', ${BLOB_FUNCTION}(${name}), json_quote(${withoutSubtype(column)}))`;
    return `${quoteLiteral(prefixes[index] ?? '')}, ${value}`;
  });
  return `concat(${members.join(', ')}, '}')`;
}

/** A computed TEXT may be marked as JSON, and would then be written as it is. Source: https://www.sqlite.org/json1.html#the_json_quote_function */
function withoutSubtype({ name, generated }: SourceColumn): string {
  const column = quoteIdentifier(name);
  return generated === null
    ? column
    : `iif(typeof(${column}) = 'text', ${column} || '', ${column})`;
}
