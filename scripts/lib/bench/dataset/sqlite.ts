import { setImmediate as nextTurn } from 'node:timers/promises';

import Database from 'better-sqlite3';

import type { Activity } from '../../model/progress.ts';
import { createRandom, type Random } from '../../model/random.ts';
import { quoteIdentifier } from '../../model/sql.ts';
import { COLUMN_KINDS, type CaseTable } from '../cases/shape.ts';

const CACHE_KIB = 64 * 1024;
const ROWS_BETWEEN_TURNS = 5000;

/** Who hears of the work, and who may stop it. */
interface Watch {
  readonly activity: Activity;
  readonly signal: AbortSignal;
}

/**
 * Writes the tables with all their rows into a new SQLite database: the same bytes for the same
 * tables and seed.
 *
 * @throws the signal's reason when it is aborted
 */
export async function fillDatabase(
  file: string,
  tables: readonly CaseTable[],
  seed: number,
  watch: Watch,
): Promise<void> {
  const database = new Database(file);
  try {
    database.pragma('journal_mode = OFF');
    database.pragma('synchronous = OFF');
    database.pragma(`cache_size = -${CACHE_KIB}`);
    database.exec('BEGIN');
    for (const [position, table] of tables.entries()) {
      database.exec(createTable(table, tables));
      await insertRows(database, table, createRandom(seed + position), watch);
    }
    database.exec('COMMIT');
  } finally {
    database.close();
  }
}

async function insertRows(
  database: Database.Database,
  { name, columns, rowCount, row }: CaseTable,
  random: Random,
  { activity, signal }: Watch,
): Promise<void> {
  const marks = columns.map(() => '?').join(', ');
  const insert = database.prepare(`INSERT INTO ${quoteIdentifier(name)} VALUES (${marks})`);
  for (let first = 0; first < rowCount; first += ROWS_BETWEEN_TURNS) {
    const end = Math.min(first + ROWS_BETWEEN_TURNS, rowCount);
    for (let index = first; index < end; index++) insert.run(row(index, random));
    activity.advance(end - first);
    await nextTurn();
    signal.throwIfAborted();
  }
}

function createTable(table: CaseTable, tables: readonly CaseTable[]): string {
  const columns = table.columns.map(
    ({ name, kind, isNullable }) =>
      `${quoteIdentifier(name)} ${COLUMN_KINDS[kind].sqlite}${isNullable ? '' : ' NOT NULL'}`,
  );
  const references = table.references.map((reference) => {
    const parent = tables.find(({ name }) => name === reference.parent);
    return `FOREIGN KEY ${list(reference.columns)} REFERENCES ${quoteIdentifier(reference.parent)} ${list(parent?.primaryKey ?? [])}`;
  });
  const parts = [
    ...columns,
    `PRIMARY KEY ${list(table.primaryKey)}`,
    ...table.uniqueKeys.map((key) => `UNIQUE ${list(key)}`),
    ...references,
  ];
  return `CREATE TABLE ${quoteIdentifier(table.name)} (\n  ${parts.join(',\n  ')}\n)`;
}

function list(names: readonly string[]): string {
  return `(${names.map(quoteIdentifier).join(', ')})`;
}
