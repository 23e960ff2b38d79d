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
  const isAutoincrement = /\bAUTOINCREMENT\b/i.test(sql);
  const primaryKey = table.withoutRowid ? table.primaryKey.map(plainPart) : [];
  const loose = looseTable(table, primaryKey, isAutoincrement);
  // Under its real definition for a moment, because only SQLite knows how it numbers a table's keys.
  editSchema(db, () => {
    runStatement(db, loose);
    redefine(db, { type: 'table', name: table.name, sql });
  });
  const { others } = readConstraintIndexes(db, table);
  editSchema(db, () => redefine(db, { type: 'table', name: table.name, sql: loose }));
  editSchema(db, () => {
    for (const { name, parts } of others)
      runStatement(
        db,
        looseIndex(
          table,
          looseName(name),
          parts.map((part) => plainPart(part.name)),
        ),
      );
    tighten(db, table, sql);
  });
}

function plainPart(name: string): KeyPart {
  return { name, collation: null, isDescending: false };
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
  const { primaryKey, others } = readConstraintIndexes(db, table);
  editSchema(db, () => {
    const loose = looseTable(table, primaryKey?.parts ?? [], false);
    redefine(db, { type: 'table', name: table.name, sql: loose });
    for (const index of others) loosen(db, table, index);
  });
  await fill();
  editSchema(db, () => tighten(db, table, sql));
  // An index of a constraint ends in the primary key without its DESC, any other with it.
  if (table.withoutRowid) db.exec(`REINDEX main.${quoteIdentifier(table.name)}`);
}

function loosen(
  db: Database.Database,
  table: ManifestTable,
  { name, parts }: ConstraintIndex,
): void {
  const loose = looseName(name);
  db.prepare(
    `UPDATE sqlite_schema SET name = ?, sql = ? WHERE type = 'index' AND tbl_name = ? AND name = ?`,
  ).run(loose, looseIndex(table, loose, parts), table.name, name);
}

function tighten(db: Database.Database, table: ManifestTable, sql: string): void {
  redefine(db, { type: 'table', name: table.name, sql });
  db.prepare(
    `UPDATE sqlite_schema SET sql = NULL, name = replace(name, '${LOOSE}', '${CONSTRAINT}')
     WHERE type = 'index' AND tbl_name = ? AND name GLOB '${LOOSE}*'`,
  ).run(table.name);
}

const CONSTRAINT = 'sqlite_autoindex_';
const LOOSE = 'sqlite_looseindex_';

/**
 * An index of a constraint needs another name while the table is loose: SQLite numbers such names
 * anew, and may give the first one to a primary key that had the last. No application has a name
 * that begins like this.
 */
function looseName(name: string): string {
  return LOOSE + name.slice(CONSTRAINT.length);
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

function looseIndex(table: ManifestTable, name: string, parts: readonly KeyPart[]): string {
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

/** The indexes of a table's constraints; that of a primary key is the table itself where it has no rowid. */
function readConstraintIndexes(
  db: Database.Database,
  table: ManifestTable,
): { readonly primaryKey?: ConstraintIndex; readonly others: readonly ConstraintIndex[] } {
  const indexes = db
    .prepare<[string], { name: string; origin: string }>(
      `SELECT name, origin FROM pragma_index_list(?, 'main') WHERE origin <> 'c'`,
    )
    .all(table.name)
    .map(({ name, origin }) => ({ name, origin, parts: readParts(db, name) }));
  const primaryKey = table.withoutRowid ? indexes.find(({ origin }) => origin === 'pk') : undefined;
  const others = indexes.filter((index) => index !== primaryKey);
  return { ...(primaryKey === undefined ? {} : { primaryKey }), others };
}

function readParts(db: Database.Database, index: string): KeyPart[] {
  return db
    .prepare<[string], { name: string; coll: string; desc: bigint }>(
      `SELECT name, coll, "desc" FROM pragma_index_xinfo(?, 'main') WHERE key = 1 ORDER BY seqno`,
    )
    .all(index)
    .map(({ name, coll, desc }) => ({ name, collation: coll, isDescending: desc === 1n }));
}
