import type { Database } from 'better-sqlite3';

import { lineEncoder } from '../artifact/line.ts';
import type { SourceEncoding, SourceTable } from '../model/source-catalog.ts';
import { readLinesSideBySide } from '../source/lines-side-by-side.ts';
import { planLines, readLines, type SourceLines } from '../source/lines.ts';
import { readRows, type TextReading } from '../source/rows.ts';
import type { SnapshotReaders } from '../source/snapshot-readers.ts';
import type { TableSize } from '../source/table-size.ts';

/** How much is read between two turns of the event loop, in which Ctrl-C is heard. */
const READ_AT_CHARACTERS = 256 * 1024;

/** What makes it quicker to read a table's lines. */
interface Known {
  /** Threads that see the same moment as the database, to make lines side by side. */
  readonly readers?: SnapshotReaders | undefined;
  /** How large the table is at this moment. */
  readonly size?: TableSize | undefined;
}

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
  known: Known = {},
): AsyncGenerator<SourceLines, void> {
  for await (const lines of linesOf(db, table, reading, encoding, known)) {
    yield lines;
    await new Promise(setImmediate);
    signal.throwIfAborted();
  }
}

function linesOf(
  db: Database,
  table: SourceTable,
  reading: TextReading,
  encoding: SourceEncoding,
  { readers, size }: Known,
): Iterable<SourceLines> | AsyncIterable<SourceLines> {
  const plan = reading === 'strings' ? planLines(db, table, size) : undefined;
  if (plan === undefined) return encodedRows(db, table, reading, encoding);
  return readers === undefined ? readLines(db, plan) : readLinesSideBySide(db, plan, readers);
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
