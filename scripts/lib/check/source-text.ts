import type Database from 'better-sqlite3';

import { lineEncoder } from '../artifact/line.ts';
import type { SourceEncoding, SourceTable } from '../model/source-catalog.ts';
import { readRows, type TextReading } from '../source/rows.ts';

/** Some lines of a table, each ended by a newline. */
interface SourceText {
  readonly text: string;
  readonly rowCount: number;
}

/** How much is read between two turns of the event loop, in which Ctrl-C is heard. */
const READ_AT_CHARACTERS = 256 * 1024;

/**
 * The text that an export would write of a table, some lines at a time, in memory that does not grow
 * with the table.
 *
 * @throws ReplacementCharacterMet when read as `strings` and a row holds U+FFFD: start again by `bytes`
 */
export async function* sourceText(
  db: Database.Database,
  table: SourceTable,
  reading: TextReading,
  encoding: SourceEncoding,
  signal: AbortSignal,
): AsyncGenerator<SourceText, void> {
  const encode = lineEncoder(table.columns.map((column) => column.name));
  let text = '';
  let rowCount = 0;
  for (const row of readRows(db, table, reading, encoding)) {
    text += `${encode(row)}\n`;
    rowCount += 1;
    if (text.length < READ_AT_CHARACTERS) continue;
    yield { text, rowCount };
    text = '';
    rowCount = 0;
    await new Promise(setImmediate);
    signal.throwIfAborted();
  }
  if (rowCount > 0) yield { text, rowCount };
}
