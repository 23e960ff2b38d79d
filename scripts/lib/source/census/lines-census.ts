import { isUtf8 } from 'node:buffer';

import type Database from 'better-sqlite3';

import { releaseMemory } from '../../model/release-memory.ts';
import { quoteIdentifier } from '../../model/sql.ts';
import type { SourceEncoding, SourceTable } from '../../model/source-catalog.ts';
import { MAX_LINE_COLUMNS } from '../line-sql.ts';
import { accessibleRowid } from '../rows.ts';
import type { SnapshotReaders } from '../snapshot-readers.ts';
import { rowsAtATime } from '../table-size.ts';
import { ColumnCounter, type AskKind } from './column-counter.ts';
import { kindCode } from './kinds.ts';
import type { TalliedColumns } from './stretch-query.ts';
import {
  selectStretch,
  stretchParameters,
  type Stretch,
  type StretchParameters,
} from './stretches.ts';
import { textKindSql } from './text-kind-sql.ts';
import { valueLineReader, type ValueLineReader, type ValueLines } from './value-lines.ts';

/** Where fewer rows than this are read at a time, some are so large that SQL counts the table sooner. */
const FEWEST_ROWS = 64;
/** A column of which more texts took a closer look is counted sooner by SQL. */
const MOST_ASKED = 0.2;

/**
 * Counts columns by the bytes of their values, many times as fast as by SQL. It leaves to SQL what it
 * is not sure of: BLOBs, malformed text, computed columns, large rows, columns full of JSON.
 */
export class LinesCensus {
  readonly #db: Database.Database;
  readonly #table: SourceTable;
  readonly #readers: SnapshotReaders | undefined;
  readonly #ask: AskKind;
  #columns: readonly string[];
  #rowsAtATime = 0;
  #read: ValueLineReader | undefined;

  /** @param readers read the rows while those before them are counted */
  constructor(
    db: Database.Database,
    table: SourceTable,
    encoding: SourceEncoding,
    readers?: SnapshotReaders,
  ) {
    this.#db = db;
    this.#table = table;
    this.#readers = readers;
    this.#ask = kindAsker(db);
    this.#columns = [];
    if (encoding !== 'UTF-8' || table.withoutRowid || accessibleRowid(table) === undefined) return;
    const stored = table.columns.filter(({ generated }) => generated === null);
    if (stored.length > MAX_LINE_COLUMNS) return;
    this.#rowsAtATime = rowsAtATime(db, table);
    if (this.#rowsAtATime >= FEWEST_ROWS) this.#columns = stored.map(({ name }) => name);
  }

  /** Counts what it can of a stretch; null when that is nothing. */
  async count(stretch: Stretch): Promise<TalliedColumns | null> {
    while (this.#columns.length > 0) {
      const tally = await this.#tryToCount(stretch);
      if (tally !== null) return tally;
      this.#leave(this.#columnsWithBlobs(stretch));
    }
    return null;
  }

  /** These columns are no longer counted here; without any, none is. */
  #leave(columns: ReadonlySet<string>): void {
    this.#columns = columns.size === 0 ? [] : this.#columns.filter((name) => !columns.has(name));
    this.#read = undefined;
  }

  async #tryToCount(stretch: Stretch): Promise<TalliedColumns | null> {
    this.#read ??= valueLineReader(this.#db, this.#table, this.#columns, this.#readers);
    const counters = this.#columns.map((name) => new ColumnCounter(name, this.#ask));
    let rows = 0;
    let lastRowid: bigint | null = null;
    for await (const { wanted, answer } of this.#read(stretch, this.#rowsAtATime)) {
      const lines = await answer;
      if (!isSound(lines, wanted, counters)) return null;
      releaseMemory(lines.bytes);
      rows += lines.rowCount;
      ({ lastRowid } = lines);
    }
    const columns = new Map(counters.map((counter) => [counter.name, counter.tally()]));
    const slow = counters.filter(({ asked }) => asked > MOST_ASKED * rows);
    if (slow.length > 0) this.#leave(new Set(slow.map(({ name }) => name)));
    return { rows, lastRowid, columns };
  }

  #columnsWithBlobs(stretch: Stretch): ReadonlySet<string> {
    const isBlob = this.#columns.map(
      (name, index) => `typeof(${quoteIdentifier(name)}) = 'blob' AS b${index}`,
    );
    const results = this.#columns.map((_, index) => `max(b${index})`);
    const found = this.#db
      .prepare<StretchParameters, (bigint | null)[]>(
        `SELECT ${results.join(', ')} FROM (${selectStretch(this.#table, isBlob)})`,
      )
      .raw(true)
      .get(...stretchParameters(stretch));
    return new Set(this.#columns.filter((_, index) => found?.[index] === 1n));
  }
}

/** Counts the lines. @returns whether they have every row, and every byte of it; in a damaged table rows may be in no order */
function isSound(
  { bytes, rowCount, lastRowid }: ValueLines,
  wanted: number,
  counters: readonly ColumnCounter[],
): boolean {
  if (lastRowid !== null && rowCount !== wanted) return false;
  return isUtf8(bytes) && countLines(bytes, counters) === rowCount;
}

/** Counts lines of JSON arrays that have a value for each counter. @returns how many they are */
function countLines(bytes: Buffer, counters: readonly ColumnCounter[]): number {
  let lines = 0;
  let position = 0;
  while (position < bytes.length) {
    for (const counter of counters) {
      // Past the bracket or the comma before it.
      position = counter.count(bytes, position + 1);
    }
    position += LINE_END_LENGTH;
    lines += 1;
  }
  return lines;
}

/** `]` and a newline. */
const LINE_END_LENGTH = 2;

/** Has SQL tell the kind of a text that has no U+0000. */
function kindAsker(db: Database.Database): AskKind {
  const parts = { text: 't', bytes: 'b', characters: 'n', first: 'f' };
  // LIMIT keeps SQLite from measuring it again and again.
  const statement = db
    .prepare<[string], number>(
      `SELECT ${textKindSql(parts, 'UTF-8')} FROM (
         SELECT t, octet_length(t) AS b, length(t) AS n, unicode(t) AS f FROM (SELECT ? AS t) LIMIT 1
       )`,
    )
    .pluck()
    .safeIntegers(false);
  return (text) => statement.get(text) ?? kindCode('text');
}
