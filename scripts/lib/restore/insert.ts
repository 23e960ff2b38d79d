import Database from 'better-sqlite3';

import { closeBatches, readLineBatches } from '../artifact/data-file.ts';
import { LineFault, LineParser } from '../artifact/line.ts';
import type { ManifestColumn, ManifestTable } from '../artifact/manifest.ts';
import { rowsFile, type Artifact } from '../artifact/reader.ts';
import { changedFile, requireSame } from '../artifact/unchanged.ts';
import type { CommandContext } from '../model/progress.ts';
import { rowKeyDescriber } from '../model/row-key.ts';
import { quoteIdentifier } from '../model/sql.ts';
import type { SourceEncoding } from '../model/source-catalog.ts';
import { MalformedText, type Row, type SqliteValue } from '../model/values.ts';
import { encodeText } from '../source/text.ts';

/** SQLite does not take rows of the artifact under the table's definition. */
export class RowRefused extends Error {
  /** The row; undefined when it is not one row that is at fault. */
  readonly place: { readonly line: number; readonly rowKey: string | undefined } | undefined;

  constructor(cause: Error, place?: RowRefused['place']) {
    super(cause.message, { cause });
    this.place = place;
  }
}

export interface InsertJob {
  readonly db: Database.Database;
  readonly artifact: Artifact;
  readonly table: ManifestTable;
  /** The columns to fill; the others are computed. */
  readonly columns: readonly ManifestColumn[];
  readonly context: CommandContext;
}

/**
 * Inserts every line of a table's data file, in the order of the file and in constant memory.
 *
 * @throws RowRefused for the first row that breaks a rule of the table, or when none can go in at all
 * @throws ToolkitError of kind `artifact` when the file is not the one that was checked
 */
export async function insertRows(job: InsertJob): Promise<void> {
  const { db, artifact, table, context } = job;
  const names = table.columns.map((column) => column.name);
  const parser = new LineParser(names);
  const describeRow = rowKeyDescriber(names, table.primaryKey);
  const insert = refusing(() =>
    rowInserter(db, table, job.columns, artifact.manifest.source.encoding),
  );
  const activity = context.progress.start(table.name, table.rowCount, {
    phase: 'restore',
    table: table.name,
  });
  const batches = readLineBatches(rowsFile(artifact, table), context.signal);
  try {
    for (;;) {
      const step = await batches.next();
      if (step.done === true) {
        requireSame(step.value.sha256, table.sha256, table.file);
        return;
      }
      const { firstLine, lines, sizeBytes } = step.value;
      for (const [index, line] of lines.entries()) {
        const row = parser.parse(line);
        refusing(
          () => insert(row),
          () => ({ line: firstLine + index, rowKey: describeRow(row) }),
        );
      }
      activity.advance(lines.length, sizeBytes);
    }
  } catch (error) {
    activity.fail?.();
    throw error instanceof LineFault ? changedFile(table.file) : error;
  } finally {
    activity.done();
    await closeBatches(batches);
  }
}

function refusing<T>(work: () => T, placeOf: () => RowRefused['place'] = () => undefined): T {
  try {
    return work();
  } catch (error) {
    throw isRefusal(error) ? new RowRefused(error, placeOf()) : error;
  }
}

/** Whether the row or the definition is at fault, and not the file or the disk. */
export function isRefusal(error: unknown): error is Error {
  return (
    error instanceof Database.SqliteError &&
    /^SQLITE_(?:CONSTRAINT|MISMATCH|ERROR|CORRUPT)/.test(error.code)
  );
}

/**
 * Makes the function that inserts one row, each value with its storage class. Text goes in as a
 * string where that is exact, else by its bytes: malformed text, and all text of a UTF-16 database,
 * because SQLite replaces U+FFFE and U+FFFF when it makes UTF-16 of UTF-8.
 */
function rowInserter(
  db: Database.Database,
  table: ManifestTable,
  columns: readonly ManifestColumn[],
  encoding: SourceEncoding,
): (row: Row) => void {
  const indexes = columns.map((column) => table.columns.indexOf(column));
  const names = columns.map((column) => quoteIdentifier(column.name)).join(', ');
  // OR ABORT: an ON CONFLICT clause of the table must not drop or change a row.
  const insertInto = `INSERT OR ABORT INTO main.${quoteIdentifier(table.name)} (${names}) VALUES`;
  const prepare = (value: string): Database.Statement<SqliteValue[]> =>
    db.prepare(`${insertInto} (${columns.map(() => value).join(', ')})`);
  const plain = prepare('?');
  const byBytes = prepare('coalesce(CAST(? AS TEXT), ?)');
  return (row) => {
    const values = indexes.map((index) => row[index] ?? null);
    const isPlain = encoding === 'UTF-8' && !values.some((value) => value instanceof MalformedText);
    if (isPlain) plain.run(...values);
    else byBytes.run(...values.flatMap((value) => textAndOther(value, encoding)));
  };
}

function textAndOther(
  value: SqliteValue,
  encoding: SourceEncoding,
): [text: Uint8Array | null, other: SqliteValue] {
  if (typeof value === 'string') return [encodeText(value, encoding), null];
  return value instanceof MalformedText ? [value.bytes, null] : [null, value];
}
