import { createHash } from 'node:crypto';
import BetterSqlite3, { type Database } from 'better-sqlite3';

/**
 * What stands in a SQLite file, read without any of the toolkit's own code: each value as its storage
 * class and its bytes, so that two files are equal to the last bit when these are.
 */
export interface DatabaseContent {
  readonly pragmas: Readonly<Record<string, unknown>>;
  /** `type name on table: sql`, sorted. */
  readonly schema: readonly string[];
  /** The rows of each table, in key order, by the table's name. */
  readonly tables: ReadonlyMap<string, readonly string[]>;
}

const PRAGMAS = [
  'encoding',
  'page_size',
  'user_version',
  'application_id',
  'journal_mode',
] as const;

export function readDatabase(file: string): DatabaseContent {
  const db = new BetterSqlite3(file, { readonly: true });
  try {
    db.defaultSafeIntegers(true);
    const pragmas = Object.fromEntries(
      PRAGMAS.map((name) => [name, db.pragma(name, { simple: true })]),
    );
    const schema = db
      .prepare<[], string>(
        `SELECT type || ' ' || name || ' on ' || tbl_name || ': ' || coalesce(sql, '-') FROM sqlite_schema
         WHERE name NOT GLOB 'sqlite_stat*' ORDER BY 1`,
      )
      .pluck()
      .all();
    const names = db
      .prepare<[], string>(
        `SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' ORDER BY name`,
      )
      .pluck()
      .all();
    const tables = new Map(
      names
        .filter((name) => !/^sqlite_(?:schema|stat\d)$/.test(name))
        .map((name) => [name, readTable(db, name)]),
    );
    return { pragmas, schema, tables };
  } finally {
    db.close();
  }
}

const COLUMNS_AT_ONCE = 900;

function readTable(db: Database, table: string): string[] {
  const columns = db
    .prepare<[string], { name: string; pk: bigint }>(
      'SELECT name, pk FROM pragma_table_xinfo(?) ORDER BY cid',
    )
    .all(table);
  const order = orderOf(db, table, columns);
  let rows: string[] = [];
  for (let start = 0; start < columns.length; start += COLUMNS_AT_ONCE) {
    const names = columns.slice(start, start + COLUMNS_AT_ONCE).map(({ name }) => quote(name));
    const values = names.map(
      (name) => `typeof(${name}), iif(typeof(${name}) = 'real', ${name}, CAST(${name} AS BLOB))`,
    );
    const read = db
      .prepare<[], unknown[]>(`SELECT ${values.join(', ')} FROM ${quote(table)}${order}`)
      .raw(true)
      .all()
      .map(describeRow);
    rows = start === 0 ? read : rows.map((row, index) => `${row}, ${read[index] ?? 'nothing'}`);
  }
  return rows;
}

/** By primary key, and by rowid where that leaves rows equal. */
function orderOf(
  db: Database,
  table: string,
  columns: readonly { name: string; pk: bigint }[],
): string {
  const key = columns
    .filter(({ pk }) => pk > 0n)
    .toSorted((a, b) => Number(a.pk - b.pk))
    .map(({ name }) => `${quote(name)} COLLATE BINARY`);
  const taken = new Set(columns.map(({ name }) => name.toLowerCase()));
  const rowid = ['rowid', '_rowid_', 'oid'].find((name) => !taken.has(name));
  const withoutRowid = db
    .prepare<[string], bigint>('SELECT wr FROM pragma_table_list(?)')
    .pluck()
    .get(table);
  const parts = withoutRowid === 1n || rowid === undefined ? key : [...key, rowid];
  return parts.length === 0 ? '' : ` ORDER BY ${parts.join(', ')}`;
}

function describeRow(row: readonly unknown[]): string {
  const values: string[] = [];
  for (let index = 0; index < row.length; index += 2) {
    values.push(`${String(row[index])} ${describeValue(row[index + 1])}`);
  }
  return values.join(', ');
}

function describeValue(value: unknown): string {
  if (Buffer.isBuffer(value)) {
    const digest = (): string => createHash('sha256').update(value).digest('hex');
    return value.length > 1000 ? `${value.length} bytes ${digest()}` : value.toString('hex');
  }
  if (typeof value !== 'number') return String(value);
  const bits = Buffer.alloc(8);
  bits.writeDoubleBE(value);
  return bits.toString('hex');
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
