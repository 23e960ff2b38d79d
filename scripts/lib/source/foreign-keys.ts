import type Database from 'better-sqlite3';

import { groupBy } from '../model/collections.ts';
import type { SourceForeignKey, SourceTable } from '../model/source-catalog.ts';
import { foldName } from './names.ts';

/** https://www.sqlite.org/pragma.html#pragma_foreign_key_list */
interface ForeignKeyListRow {
  readonly id: bigint;
  readonly table: string;
  readonly from: string;
  readonly to: string | null;
  readonly on_update: string;
  readonly on_delete: string;
}

export interface KnownTables {
  /** By folded name. */
  readonly carried: ReadonlyMap<string, TableWithoutForeignKeys>;
  /** Folded names of everything that has rows, views and tables that are not carried among them. */
  readonly others: ReadonlySet<string>;
}

export type TableWithoutForeignKeys = Omit<SourceTable, 'foreignKeys'>;

/** The foreign keys of a table, with the parents as the database has them. */
export function readForeignKeys(
  db: Database.Database,
  table: TableWithoutForeignKeys,
  known: KnownTables,
): SourceForeignKey[] {
  const rows = db
    .prepare<[string], ForeignKeyListRow>(
      `SELECT id, "table", "from", "to", on_update, on_delete
       FROM pragma_foreign_key_list(?, 'main') ORDER BY id DESC, seq`,
    )
    .all(table.name);
  const byId = groupBy(rows, (row) => row.id);
  return [...byId.values()].map((parts) => toForeignKey(parts, table, known));
}

function toForeignKey(
  parts: readonly ForeignKeyListRow[],
  table: TableWithoutForeignKeys,
  known: KnownTables,
): SourceForeignKey {
  const [first] = parts;
  if (first === undefined) throw new Error('a foreign key without columns');
  const parent = known.carried.get(foldName(first.table));
  const named = parts.flatMap((part) => (part.to === null ? [] : [part.to]));
  const wanted = named.length > 0 ? named : (parent?.primaryKey ?? []);
  const parentColumns = wanted.map((name) => resolveColumn(parent, name));
  const wantedSet = new Set(parentColumns);
  const isKey =
    parent !== undefined && wantedSet.size === parts.length && hasKeyOver(parent, wantedSet);
  const isKnown = parent !== undefined || known.others.has(foldName(first.table));
  const parentState = isKey ? 'exists' : isKnown ? 'no-such-key' : 'no-such-table';
  return {
    columns: parts.map((part) => resolveColumn(table, part.from)),
    parentTable: parent?.name ?? first.table,
    parentColumns,
    parent: parentState,
    onDelete: first.on_delete,
    onUpdate: first.on_update,
  };
}

function resolveColumn(table: TableWithoutForeignKeys | undefined, name: string): string {
  const column = table?.columns.find((candidate) => foldName(candidate.name) === foldName(name));
  return column?.name ?? name;
}

/** SQLite takes a unique key for a parent key only where it compares by the columns' own collations. */
function hasKeyOver(parent: TableWithoutForeignKeys, wanted: ReadonlySet<string>): boolean {
  const collationOf = new Map(parent.columns.map(({ name, collation }) => [name, collation]));
  return parent.uniqueKeys.some(
    (key) =>
      key.columns.length === wanted.size &&
      key.columns.every(({ name, collation }) => {
        const own = collationOf.get(name) ?? collation;
        return wanted.has(name) && collation.toUpperCase() === own.toUpperCase();
      }),
  );
}
