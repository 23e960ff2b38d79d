import type { Database } from 'better-sqlite3';

import { lineEncoder } from '../artifact/line.ts';
import type { SourceEncoding, SourceTable } from '../model/source-catalog.ts';
import { readLines, type SourceLines } from '../source/lines.ts';
import { readRows, type TextReading } from '../source/rows.ts';

/** How much is read between two turns of the event loop, in which Ctrl-C is heard. */
const READ_AT_CHARACTERS = 256 * 1024;

/**
 * The lines that an export would write of a table, some at a time, in memory that does not grow with
 * the table. Read as `strings`, SQLite makes them itself, where it can.
 *
 * @throws NotReadExactly when read as `strings` and a row holds TEXT that may not be well-formed: start again by `bytes`
 */
export async function* sourceLines(
  db: Database,
  table: SourceTable,
  reading: TextReading,
  encoding: SourceEncoding,
  signal: AbortSignal,
): AsyncGenerator<SourceLines, void> {
  const bySql = reading === 'strings' ? readLines(db, table) : undefined;
  for (const lines of bySql ?? encodedRows(db, table, reading, encoding)) {
    yield lines;
    await new Promise(setImmediate);
    signal.throwIfAborted();
  }
}

/** Row by row: what each line has to be, and the way for every table. */
function* encodedRows(
  db: Database,
  table: SourceTable,
  reading: TextReading,
  encoding: SourceEncoding,
): Generator<SourceLines, void> {
  const encode = lineEncoder(table.columns.map((column) => column.name));
  let text = '';
  let rowCount = 0;
  for (const row of readRows(db, table, reading, encoding)) {
    text += `${encode(row)}\n`;
    rowCount += 1;
    if (text.length < READ_AT_CHARACTERS) continue;
    yield { bytes: Buffer.from(text), rowCount };
    text = '';
    rowCount = 0;
  }
  if (rowCount > 0) yield { bytes: Buffer.from(text), rowCount };
}
