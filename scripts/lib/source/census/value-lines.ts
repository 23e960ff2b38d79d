import type Database from 'better-sqlite3';

import { quoteIdentifier } from '../../model/sql.ts';
import type { SourceTable } from '../../model/source-catalog.ts';
import { asBuffer, type SqliteValue } from '../../model/values.ts';
import { accessibleRowid } from '../rows.ts';
import type { SnapshotReaders } from '../snapshot-readers.ts';
import { LARGEST_ROWID, type Stretch } from './stretches.ts';

/**
 * Values of some rows: of each a JSON array of those of the columns asked for, on a line of its own.
 * Malformed text stands there as it is.
 */
export interface ValueLines {
  readonly bytes: Buffer;
  /** There are fewer lines where rows hold a BLOB. */
  readonly rowCount: number;
  /** null when these are the last rows. */
  readonly lastRowid: bigint | null;
}

/** Some rows that were asked for. */
interface AskedLines {
  /** How many there are, unless these are the last ones. */
  readonly wanted: number;
  readonly answer: Promise<ValueLines>;
}

/** Asks for the rows of a stretch, so many at a time, one after the other as it is iterated. */
export type ValueLineReader = (
  stretch: Stretch,
  rowsAtATime: number,
) => AsyncGenerator<AskedLines, void>;

const NONE = Buffer.alloc(0);
/** How many more are asked for while one is looked at. */
const AHEAD = 2;

/**
 * Makes what reads the values of a table that has a rowid, in SQLite's own code. JSON tells INTEGER,
 * REAL and TEXT apart and has every digit of them; of REALs it has no -0.0, and an infinite one is
 * `9.0e+999`.
 *
 * Source: https://www.sqlite.org/json1.html
 *
 * @param readers read instead of `db`, ahead of the one who looks at the lines
 */
export function valueLineReader(
  db: Database.Database,
  table: SourceTable,
  columns: readonly string[],
  readers?: SnapshotReaders,
): ValueLineReader {
  const rowid = accessibleRowid(table) ?? '';
  const from = `main.${quoteIdentifier(table.name)} NOT INDEXED`;
  const rowidAfter = rowAsker(
    db,
    readers,
    `SELECT ${rowid} FROM ${from} WHERE ${rowid} >= ? ORDER BY ${rowid} LIMIT 1 OFFSET ? + 0`,
  );
  const readLines = rowAsker(
    db,
    readers,
    `SELECT count(*), CAST(group_concat(${valuesSql(columns)}, char(10)) AS BLOB)
     FROM ${from} WHERE ${rowid} BETWEEN ? AND ?`,
  );
  const lastOf = async (fromRowid: bigint, rows: number): Promise<bigint | null> =>
    rowidOf(await rowidAfter(fromRowid, BigInt(rows - 1)));
  const read = async (fromRowid: bigint, lastRowid: bigint | null): Promise<ValueLines> =>
    linesOf(await readLines(fromRowid, lastRowid ?? LARGEST_ROWID), lastRowid);
  const ask = { lastOf, read };
  return readers === undefined
    ? (stretch, rows) => askForLines(ask, stretch, rows)
    : (stretch, rows) => ahead(askForLines(ask, stretch, rows));
}

interface LineQuestions {
  readonly lastOf: (fromRowid: bigint, rows: number) => Promise<bigint | null>;
  readonly read: (fromRowid: bigint, lastRowid: bigint | null) => Promise<ValueLines>;
}

async function* askForLines(
  { lastOf, read }: LineQuestions,
  { fromRowid, maxRows }: Stretch,
  rowsAtATime: number,
): AsyncGenerator<AskedLines, void> {
  let from = fromRowid;
  let rowsLeft = maxRows;
  let wanted = Math.min(rowsAtATime, rowsLeft);
  let last = lastOf(from, wanted);
  for (;;) {
    const lastRowid = await last;
    const [askedFrom, asked] = [from, wanted];
    rowsLeft -= wanted;
    const hasMore = lastRowid !== null && lastRowid !== LARGEST_ROWID && rowsLeft > 0;
    if (hasMore) {
      from = lastRowid + 1n;
      wanted = Math.min(rowsAtATime, rowsLeft);
      // Before the lines: where the next ones end is known then when these have been read.
      last = quietly(lastOf(from, wanted));
    }
    yield { wanted: asked, answer: quietly(read(askedFrom, lastRowid)) };
    if (!hasMore) return;
  }
}

/** The same lines, of which the next ones are asked for already. */
async function* ahead(lines: AsyncGenerator<AskedLines, void>): AsyncGenerator<AskedLines, void> {
  const waiting = Array.from({ length: AHEAD }, async () => quietly(lines.next()));
  for (;;) {
    waiting.push(quietly(lines.next()));
    const next = await waiting.shift();
    if (next === undefined || next.done === true) return;
    yield next.value;
  }
}

/** The fault of what is not needed any more is none. */
function quietly<Result>(promise: Promise<Result>): Promise<Result> {
  promise.catch(() => undefined);
  return promise;
}

type AskRow = (...parameters: [bigint, bigint]) => Promise<readonly SqliteValue[] | undefined>;

/** Asks for the first row of a query. */
function rowAsker(
  db: Database.Database,
  readers: SnapshotReaders | undefined,
  sql: string,
): AskRow {
  if (readers !== undefined) {
    return async (...parameters) => (await readers.read(sql, parameters))[0];
  }
  const statement = db.prepare<[bigint, bigint], SqliteValue[]>(sql).raw(true);
  return async (...parameters) => statement.get(...parameters);
}

function rowidOf([rowid]: readonly SqliteValue[] = []): bigint | null {
  return typeof rowid === 'bigint' ? rowid : null;
}

function linesOf(
  [rowCount = 0n, bytes = null]: readonly SqliteValue[] = [],
  lastRowid: bigint | null,
): ValueLines {
  return {
    bytes: bytes instanceof Uint8Array ? asBuffer(bytes) : NONE,
    rowCount: Number(rowCount),
    lastRowid,
  };
}

/** BLOBs come after all else. They are asked for, since JSON functions take some for JSON: those that look like JSONB. */
function valuesSql(columns: readonly string[]): string {
  const names = columns.map(quoteIdentifier);
  const hasBlob = names.map((name) => `+${name} >= x'' COLLATE BINARY`);
  return `iif(${hasBlob.join(' OR ')}, NULL, json_array(${names.join(', ')}))`;
}
