import { existsSync } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import BetterSqlite3, { type Database } from 'better-sqlite3';
import { ToolkitError } from '../model/errors.ts';
import { quoteIdentifier } from '../model/sql.ts';
import { applyMigrations } from './migrations.ts';
import { AUTOINCREMENT_MARKS, type SampleTable, sampleTables, shareRows } from './tables.ts';

/** Where the sample is built unless told otherwise, relative to the project's folder. */
export const DEFAULT_SAMPLE_FILE = 'exports/sample/vanguard.db';

const PAGE_SIZE_BYTES = 4096;
const CACHE_KIB = 64 * 1024;
const ROWS_BETWEEN_TURNS = 2000;

export interface BuildSampleOptions {
  /** Where the database is written; missing folders are made. */
  readonly file: string;
  /** Rows for the large tables together (`pfa_records`, `ai_usage_logs`, `sync_logs`); 0 if left out. */
  readonly rows?: number;
  /** Whether a file that is already there is replaced. */
  readonly overwrite?: boolean;
  readonly signal?: AbortSignal;
}

export interface SampleReport {
  readonly file: string;
  readonly tables: readonly { readonly name: string; readonly rows: number }[];
  readonly sizeBytes: number;
}

/**
 * Builds the Vanguard sample: a SQLite database as a Prisma application leaves it, the same bytes
 * each time (for one version of SQLite). The file appears under its name only when it is complete.
 * @throws ToolkitError `sample-exists` when the file is there and `overwrite` is not set
 * @throws the signal's reason when it is aborted; nothing is left behind
 */
export async function buildSample(options: BuildSampleOptions): Promise<SampleReport> {
  const { file, signal } = options;
  if (options.overwrite !== true && existsSync(file)) {
    throw new ToolkitError({
      kind: 'usage',
      code: 'sample-exists',
      message: 'the file to build the sample in is there already',
      where: { file },
      hint: 'name another file with --out, or give --force',
    });
  }
  await mkdir(path.dirname(file), { recursive: true });
  const unfinished = `${file}.unfinished-${process.pid}`;
  try {
    const tables = await fill(unfinished, sampleTables(shareRows(options.rows ?? 0)), signal);
    const { size } = await stat(unfinished);
    await rename(unfinished, file);
    return { file, tables, sizeBytes: size };
  } finally {
    await rm(unfinished, { force: true });
  }
}

async function fill(
  file: string,
  tables: readonly SampleTable[],
  signal: AbortSignal | undefined,
): Promise<SampleReport['tables']> {
  await rm(file, { force: true });
  const database = new BetterSqlite3(file);
  try {
    database.pragma(`page_size = ${PAGE_SIZE_BYTES}`);
    database.pragma('journal_mode = OFF');
    database.pragma('synchronous = OFF');
    database.pragma(`cache_size = -${CACHE_KIB}`);
    applyMigrations(database);
    database.exec('BEGIN');
    // Organizations refer to parents that come after them.
    database.pragma('defer_foreign_keys = ON');
    const counts: { name: string; rows: number }[] = [];
    for (const table of tables) {
      signal?.throwIfAborted();
      counts.push({ name: table.name, rows: await insertRows(database, table, signal) });
    }
    setAutoincrementMarks(database);
    database.exec('COMMIT');
    return counts;
  } finally {
    database.close();
  }
}

/** Gives the event loop a turn now and then, so that an interruption is noticed. */
async function insertRows(
  database: Database,
  { name, rows }: SampleTable,
  signal: AbortSignal | undefined,
): Promise<number> {
  let inserted = 0;
  let insert: ReturnType<typeof prepareInsert> | undefined;
  for (const row of rows) {
    insert ??= prepareInsert(database, name, Object.keys(row));
    insert.run(row);
    inserted += 1;
    if (inserted % ROWS_BETWEEN_TURNS === 0) {
      await nextTurn();
      signal?.throwIfAborted();
    }
  }
  return inserted;
}

function prepareInsert(database: Database, table: string, columns: readonly string[]) {
  const names = columns.map((column) => quoteIdentifier(column)).join(', ');
  const values = columns.map((column) => `@${column}`).join(', ');
  return database.prepare(`INSERT INTO ${quoteIdentifier(table)} (${names}) VALUES (${values})`);
}

/** SQLite lets an application write these marks: https://www.sqlite.org/autoinc.html */
function setAutoincrementMarks(database: Database): void {
  const update = database.prepare(
    'UPDATE sqlite_sequence SET seq = max(seq, @mark) WHERE name = @table',
  );
  const insert = database.prepare('INSERT INTO sqlite_sequence (name, seq) VALUES (@table, @mark)');
  for (const [table, highestId] of Object.entries(AUTOINCREMENT_MARKS)) {
    const mark = BigInt(highestId); // the column has no type, so a number would be stored as REAL
    if (update.run({ table, mark }).changes === 0) insert.run({ table, mark });
  }
}
