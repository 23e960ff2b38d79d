import type { Database } from 'better-sqlite3';

import { asBuffer } from '../model/values.ts';
import {
  RowTally,
  isTooLong,
  keyFinder,
  lineFinisher,
  linesSql,
  readLines,
  type LineKey,
  type LinePlan,
  type SourceLines,
} from './lines.ts';
import { NotReadExactly } from './rows.ts';
import type { SnapshotReaders } from './snapshot-readers.ts';

/** Pages that each reader may be ahead: those that it works on, has done, or that come next. */
const PAGES_A_READER = 4;
/** The same where a page is one row, which may be of any size. */
const LARGE_ROWS_A_READER = 2;

/** A page that a reader was asked for. */
interface AskedPage {
  readonly after: LineKey | undefined;
  /** Whether it has as many rows as the plan says: only the last one may have fewer. */
  readonly isFull: boolean;
  readonly answer: Promise<PageAnswer>;
}

interface PageAnswer {
  readonly rowCount: number;
  /** How many of the rows have a line. */
  readonly lineCount: number;
  readonly bytes: Buffer | null;
}

/**
 * What `readLines` gives, made by readers side by side: here only the keys are looked up at which the
 * pages begin. From the first row with a BLOB on, it is `readLines` that reads.
 *
 * @throws NotReadExactly as `readLines`
 */
export async function* readLinesSideBySide(
  db: Database,
  plan: LinePlan,
  readers: SnapshotReaders,
): AsyncGenerator<SourceLines, void> {
  const { table, rows } = plan;
  const finish = lineFinisher(db, table);
  const tally = new RowTally(db, plan);
  for (const { after, isFull, answer } of askAhead(plan, pagesOf(db, plan, readers), readers)) {
    const { rowCount, lineCount, bytes } = await answer;
    if (lineCount < rowCount) {
      yield* readLines(db, plan, { after, rowsBefore: tally.readCount });
      return;
    }
    if (isFull && rowCount !== rows) throw new NotReadExactly(table.name);
    if (bytes === null) continue;
    tally.add(rowCount);
    yield { bytes: finish(bytes), rowCount };
  }
  tally.requireAll();
}

/** Asks for one page after the other, as it is iterated. */
function* pagesOf(db: Database, plan: LinePlan, readers: SnapshotReaders): Generator<AskedPage> {
  const keyAt = keyFinder(db, plan);
  const [first, next] = [linesSql(plan, false), linesSql(plan, true)];
  let after: LineKey | undefined;
  for (;;) {
    const lastKey = keyAt(after);
    const answer = askFor(readers, plan, after === undefined ? first : next, after);
    yield { after, isFull: lastKey !== undefined, answer };
    if (lastKey === undefined) return;
    after = lastKey;
  }
}

async function askFor(
  readers: SnapshotReaders,
  { table, rows }: LinePlan,
  sql: string,
  after: LineKey | undefined,
): Promise<PageAnswer> {
  try {
    const [answer] = await readers.read(sql, [...(after ?? []), BigInt(rows)]);
    const [rowCount = 0n, lineCount = 0n, bytes = null] = answer ?? [];
    return {
      rowCount: Number(rowCount),
      lineCount: Number(lineCount),
      bytes: bytes instanceof Uint8Array ? asBuffer(bytes) : null,
    };
  } catch (error) {
    throw isTooLong(error) ? new NotReadExactly(table.name) : error;
  }
}

/** The same pages, of which the next ones are asked for already; the fault of one that is not needed any more is none. */
function* askAhead(
  { rows }: LinePlan,
  pages: Iterable<AskedPage>,
  { count }: SnapshotReaders,
): Generator<AskedPage> {
  const mostAhead = count * (rows === 1 ? LARGE_ROWS_A_READER : PAGES_A_READER);
  const ahead: AskedPage[] = [];
  for (const page of pages) {
    page.answer.catch(() => undefined);
    ahead.push(page);
    const oldest = ahead.length > mostAhead ? ahead.shift() : undefined;
    if (oldest !== undefined) yield oldest;
  }
  yield* ahead;
}
