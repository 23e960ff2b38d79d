import Database from 'better-sqlite3';

import type { ManifestTable } from '../artifact/manifest.ts';
import { ToolkitError } from '../model/errors.ts';
import type { Affinity } from '../model/source-catalog.ts';
import { MalformedText, asBuffer, type Row, type SqliteValue } from '../model/values.ts';

/** How a column of a parent key compares: SQLite applies both to the child's value. */
export interface KeyColumnRule {
  readonly affinity: Affinity;
  readonly collation: string;
}

/** The rule of a column of a parent's key. */
export function columnRule(parent: Pick<ManifestTable, 'columns'>, name: string): KeyColumnRule {
  const column = parent.columns.find((candidate) => candidate.name === name);
  return { affinity: column?.affinity ?? 'blob', collation: column?.collation ?? 'BINARY' };
}

/** Where these columns stand in a row of the table. */
export function columnIndexes(
  table: Pick<ManifestTable, 'columns'>,
  names: readonly string[],
): number[] {
  return names.map((name) => table.columns.findIndex((column) => column.name === name));
}

/** The values of a row at these places. */
export function pick(row: Row, indexes: readonly number[]): SqliteValue[] {
  return indexes.map((index) => row[index] ?? null);
}

/** A child row whose parent has not been met yet. */
export interface WaitingChild {
  readonly line: number;
  readonly rowKey: string | undefined;
  readonly values: readonly SqliteValue[];
}

const CACHE_BYTES = 64 * 1024 * 1024;
const BUILT_IN_COLLATIONS = new Set(['BINARY', 'NOCASE', 'RTRIM']);

/**
 * Opens a temporary database for keys: SQLite keeps it in memory up to its cache size and spills to
 * an unnamed temporary file beyond, so any number of keys fits. It vanishes when closed.
 */
export function openKeyDatabase(cacheBytes = CACHE_BYTES): Database.Database {
  const db = new Database('');
  db.pragma('journal_mode = OFF');
  db.pragma('synchronous = OFF');
  db.pragma(`cache_size = -${Math.ceil(cacheBytes / 1024)}`);
  db.defaultSafeIntegers(true);
  db.exec('BEGIN');
  return db;
}

/** The keys of large artifacts go to a temporary file: a full disk there is no fault of the artifact's. */
export function asTemporarySpaceError(error: unknown): unknown {
  if (!(error instanceof Database.SqliteError)) return error;
  return new ToolkitError({
    kind: 'artifact',
    code: 'temporary-space',
    message: `the temporary file for keys cannot be written: ${error.message}`,
    hint: 'free some space, or name another folder with SQLITE_TMPDIR',
    cause: error,
  });
}

/** The columns `c0`, `c1` and so on of a table of keys, which compare as the parent's do. */
export function keyDefinitions(columns: readonly KeyColumnRule[]): string[] {
  return columns.map(
    ({ affinity, collation }, index) => `c${index} ${affinity} COLLATE ${builtIn(collation)}`,
  );
}

/**
 * The keys of one parent. Comparison is SQLite's own, by the parent's affinity and collation.
 * Source: https://www.sqlite.org/foreignkeys.html#parentchild
 */
export class ParentKeySet {
  readonly table: string;
  readonly #insert: KeyStatement;
  readonly #lookup: KeyStatement;

  constructor(db: Database.Database, id: number, columns: readonly KeyColumnRule[]) {
    this.table = `parent_${id}`;
    const names = columns.map((_, index) => `c${index}`);
    const key = `PRIMARY KEY (${names.join(', ')})`;
    db.exec(
      `CREATE TABLE ${this.table} (${keyDefinitions(columns).join(', ')}, ${key}) WITHOUT ROWID`,
    );
    this.#insert = new KeyStatement(
      db,
      (places) => `INSERT OR IGNORE INTO ${this.table} VALUES (${places.join(', ')})`,
    );
    this.#lookup = new KeyStatement(db, (places) => {
      const equal = names.map((name, index) => `${name} = ${places[index] ?? '?'}`);
      return `SELECT 1 FROM ${this.table} WHERE ${equal.join(' AND ')}`;
    });
  }

  /** Adds a parent's key; one with a NULL in it cannot be referred to and is left out. */
  add(values: readonly SqliteValue[]): void {
    if (!values.includes(null)) this.#insert.for(values).run(values.map(bindable));
  }

  has(values: readonly SqliteValue[]): boolean {
    return this.#lookup.for(values).get(values.map(bindable)) !== undefined;
  }
}

/** The children of one foreign key whose parent was not there when they came by. */
export class WaitingChildren {
  readonly #db: Database.Database;
  readonly #table: string;
  readonly #names: readonly string[];
  readonly #insert: KeyStatement;

  constructor(db: Database.Database, id: number, columnCount: number) {
    this.#db = db;
    this.#table = `waiting_${id}`;
    this.#names = Array.from({ length: columnCount }, (_, index) => `c${index}`);
    db.exec(`CREATE TABLE ${this.#table} (line INTEGER, row_key TEXT, ${this.#names.join(', ')})`);
    this.#insert = new KeyStatement(
      db,
      (places) => `INSERT INTO ${this.#table} VALUES (?, ?, ${places.join(', ')})`,
    );
  }

  add(child: WaitingChild): void {
    const values = child.values.map(bindable);
    this.#insert.for(child.values).run(child.line, child.rowKey ?? null, ...values);
  }

  /** In line order: all of them, or those that have no parent in `parents`. */
  *inLineOrder(parents?: ParentKeySet): Generator<WaitingChild> {
    const rows = this.#db
      .prepare<[], [bigint, string | null, ...SqliteValue[]]>(
        `SELECT line, row_key, ${this.#names.join(', ')} FROM ${this.#table} AS w
         WHERE ${parents === undefined ? 'true' : this.#isMissing(parents)} ORDER BY line`,
      )
      .raw(true)
      .iterate();
    for (const [line, rowKey, ...values] of rows) {
      yield { line: Number(line), rowKey: rowKey ?? undefined, values };
    }
  }

  #isMissing(parents: ParentKeySet): string {
    // The plus takes the waiting column's own affinity away, so that the parent's alone applies.
    const equal = this.#names.map((name) => `p.${name} = +w.${name}`).join(' AND ');
    return `NOT EXISTS (SELECT 1 FROM ${parents.table} AS p WHERE ${equal})`;
  }
}

/** Whether TEXT is equal by its bytes alone. */
export function comparesAsBinary({ collation }: KeyColumnRule): boolean {
  return builtIn(collation).toUpperCase() === 'BINARY';
}

/** A collation that only the application knows compares like BINARY here. */
function builtIn(collation: string): string {
  return BUILT_IN_COLLATIONS.has(collation.toUpperCase()) ? collation : 'BINARY';
}

/**
 * A statement over the values of a key. SQLite's driver binds no malformed text as text, so such a
 * value is bound as bytes and cast, by a variant of the statement that is prepared when it is needed.
 */
export class KeyStatement {
  readonly #db: Database.Database;
  readonly #sql: (places: readonly string[]) => string;
  readonly #variants = new Map<string, Database.Statement>();
  #plain: Database.Statement | undefined;

  constructor(db: Database.Database, sql: (places: readonly string[]) => string) {
    this.#db = db;
    this.#sql = sql;
  }

  for(values: readonly SqliteValue[]): Database.Statement {
    if (!values.some((value) => value instanceof MalformedText)) {
      this.#plain ??= this.#db.prepare(this.#sql(values.map(() => '?')));
      return this.#plain;
    }
    const sql = this.#sql(
      values.map((value) => (value instanceof MalformedText ? 'CAST(? AS TEXT)' : '?')),
    );
    const known = this.#variants.get(sql) ?? this.#db.prepare(sql);
    this.#variants.set(sql, known);
    return known;
  }
}

/** What the driver binds for a value, by a statement of {@link KeyStatement}. */
export function bindable(value: SqliteValue): Exclude<SqliteValue, MalformedText> {
  return value instanceof MalformedText ? asBuffer(value.bytes) : value;
}
