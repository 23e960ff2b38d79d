import type { TestDatabase } from '../../support/database.ts';

/** What a database holds: the rows of each table as sorted texts, and where each sequence stands. */
export interface DatabaseContents {
  readonly rows: Readonly<Record<string, readonly string[]>>;
  readonly sequences: readonly unknown[];
}

/**
 * Reads everything that the tables hold, each value in PostgreSQL's own text form. JSON is read as JavaScript
 * has it, for an application that parsed and wrote it has left out zeros and digits beyond a double.
 */
export async function readContents(
  database: TestDatabase,
  tables: readonly string[],
): Promise<DatabaseContents> {
  const rows: Record<string, readonly string[]> = {};
  for (const table of tables) rows[table] = await readTable(database, table);
  const sequences = await database.query(
    'SELECT sequencename, last_value FROM pg_sequences ORDER BY 1',
  );
  return { rows, sequences };
}

async function readTable(database: TestDatabase, table: string): Promise<string[]> {
  const columns = await database.query<{ name: string; type: string }>(
    `SELECT column_name AS name, data_type AS type FROM information_schema.columns
      WHERE table_schema = 'public' AND table_name = $1 ORDER BY ordinal_position`,
    [table],
  );
  const selected = columns.map(({ name, type }) =>
    type === 'jsonb'
      ? `"${name}", jsonb_typeof("${name}") AS "type of ${name}"`
      : `"${name}"::text AS "${name}"`,
  );
  const rows = await database.query(`SELECT ${selected.join(', ')} FROM "${table}"`);
  return rows.map((row) => JSON.stringify(row)).toSorted();
}
