/**
 * Tables without the rules that their definitions make. SQLite's own records are the same with and
 * without them, so a table may be filled under a loose definition and then be given its real one.
 *
 * Source: https://www.sqlite.org/lang_altertable.html#making_other_kinds_of_table_schema_changes
 */
import type Database from 'better-sqlite3';

import type { ManifestTable } from '../artifact/manifest.ts';
import { quoteIdentifier } from '../model/sql.ts';
import { editSchema, redefine, runStatement } from './definitions.ts';

/** One column of a key as SQLite's index has it. Source: https://www.sqlite.org/pragma.html#pragma_index_xinfo */
interface KeyPart {
  readonly name: string;
  readonly collation: string | null;
  readonly isDescending: boolean;
}

/** An index that SQLite made for a constraint. */
interface ConstraintIndex {
  readonly name: string;
  readonly parts: readonly KeyPart[];
}

/**
 * Makes a table whose definition SQLite does not take from a new connection: it names a function or
 * a collation that only the application has, or strings in double quotes. The table has no rows, so
 * what its keys look like on disk does not matter yet.
 *
 * @throws SqliteError when SQLite cannot read the definition at all
 */
export function createFromManifest(db: Database.Database, table: ManifestTable, sql: string): void {
  const keys = table.uniqueKeys
    .filter((key) => key.origin !== 'index')
    .filter((key) => key.origin !== 'primary-key' || table.rowidAlias === null)
    .map((key, index) => ({
      name: `sqlite_autoindex_${table.name}_${index + 1}`,
      isTable: key.origin === 'primary-key' && table.withoutRowid,
      parts: key.columns.map(({ name }) => ({ name, collation: null, isDescending: false })),
    }));
  const primaryKey = keys.find((key) => key.isTable)?.parts ?? [];
  const isAutoincrement = /\bAUTOINCREMENT\b/i.test(sql);
  editSchema(db, () => {
    runStatement(db, looseTable(table, primaryKey, isAutoincrement));
    for (const key of keys.filter((key) => !key.isTable)) runStatement(db, looseIndex(table, key));
    tighten(db, table, sql);
  });
}

/**
 * Runs `fill` while the table takes any value in any column that is stored, whatever its type and
 * constraints. Afterwards it has its definition again.
 *
 * @throws SqliteError when the table has a key that no such form can have
 */
export async function whileLoose(
  db: Database.Database,
  table: ManifestTable,
  sql: string,
  fill: () => Promise<void>,
): Promise<void> {
  const indexes = readConstraintIndexes(db, table.name);
  const primaryKey = table.withoutRowid
    ? indexes.find((index) => index.origin === 'pk')
    : undefined;
  const others = indexes.filter((index) => index !== primaryKey);
  editSchema(db, () => {
    const loose = looseTable(table, primaryKey?.parts ?? [], false);
    redefine(db, { type: 'table', name: table.name, sql: loose });
    for (const index of others)
      redefine(db, { type: 'index', name: index.name, sql: looseIndex(table, index) });
  });
  await fill();
  editSchema(db, () => tighten(db, table, sql));
  // An index of a constraint ends in the primary key without its DESC, any other with it.
  if (table.withoutRowid) db.exec(`REINDEX main.${quoteIdentifier(table.name)}`);
}

function tighten(db: Database.Database, table: ManifestTable, sql: string): void {
  redefine(db, { type: 'table', name: table.name, sql });
  db.prepare(
    `UPDATE sqlite_schema SET sql = NULL
     WHERE type = 'index' AND tbl_name = ? AND name GLOB 'sqlite_autoindex_*'`,
  ).run(table.name);
}

/** The columns whose values stand in the table's records; the others are computed when they are read. */
export function storedColumns(table: ManifestTable): ManifestTable['columns'] {
  return table.columns.filter((column) => column.generated !== 'virtual');
}

function looseTable(
  table: ManifestTable,
  primaryKey: readonly KeyPart[],
  isAutoincrement: boolean,
): string {
  const rowid = ` INTEGER PRIMARY KEY${isAutoincrement ? ' AUTOINCREMENT' : ''}`;
  const columns = storedColumns(table).map(
    ({ name }) => `${quoteIdentifier(name)}${name === table.rowidAlias ? rowid : ''}`,
  );
  const key = primaryKey.length === 0 ? [] : [`PRIMARY KEY (${describeParts(primaryKey)})`];
  const end = table.withoutRowid ? ' WITHOUT ROWID' : '';
  return `CREATE TABLE ${quoteIdentifier(table.name)} (${[...columns, ...key].join(', ')})${end}`;
}

function looseIndex(table: ManifestTable, { name, parts }: ConstraintIndex): string {
  return `CREATE INDEX ${quoteIdentifier(name)} ON ${quoteIdentifier(table.name)} (${describeParts(parts)})`;
}

function describeParts(parts: readonly KeyPart[]): string {
  return parts
    .map(({ name, collation, isDescending }) => {
      const compared = collation === null ? '' : ` COLLATE ${quoteIdentifier(collation)}`;
      return `${quoteIdentifier(name)}${compared}${isDescending ? ' DESC' : ''}`;
    })
    .join(', ');
}

function readConstraintIndexes(
  db: Database.Database,
  table: string,
): (ConstraintIndex & { readonly origin: string })[] {
  const indexes = db
    .prepare<[string], { name: string; origin: string }>(
      `SELECT name, origin FROM pragma_index_list(?, 'main') WHERE origin <> 'c'`,
    )
    .all(table);
  return indexes.map((index) => ({
    ...index,
    parts: db
      .prepare<[string], { name: string; coll: string; desc: bigint }>(
        `SELECT name, coll, "desc" FROM pragma_index_xinfo(?, 'main') WHERE key = 1 ORDER BY seqno`,
      )
      .all(index.name)
      .map(({ name, coll, desc }) => ({ name, collation: coll, isDescending: desc === 1n })),
  }));
}
