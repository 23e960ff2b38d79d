import type Database from 'better-sqlite3';
import { z } from 'zod';

import { readCollations } from './collations.ts';
import { groupBy } from '../model/collections.ts';
import type {
  Affinity,
  NotCarried,
  SourceColumn,
  SourceForeignKey,
  SourceTable,
  UniqueKey,
} from '../model/source-catalog.ts';

/** https://www.sqlite.org/pragma.html#pragma_table_list */
interface TableListRow {
  readonly name: string;
  readonly type: 'table' | 'view' | 'shadow' | 'virtual';
  readonly wr: bigint;
  readonly strict: bigint;
}

/** https://www.sqlite.org/pragma.html#pragma_table_xinfo */
interface TableXinfoRow {
  readonly name: string;
  readonly type: string;
  readonly notnull: bigint;
  readonly dflt_value: string | null;
  readonly pk: bigint;
  readonly hidden: bigint;
}

/** https://www.sqlite.org/pragma.html#pragma_foreign_key_list */
interface ForeignKeyListRow {
  readonly id: bigint;
  readonly table: string;
  readonly from: string;
  readonly to: string | null;
  readonly on_update: string;
  readonly on_delete: string;
}

interface IndexListRow {
  readonly name: string;
  readonly unique: bigint;
  readonly origin: 'c' | 'u' | 'pk';
  readonly partial: bigint;
}

interface IndexXinfoRow {
  readonly name: string | null;
  readonly coll: string;
  readonly key: bigint;
}

const MIGRATION_HISTORY = '_prisma_migrations';

export interface IntrospectedSource {
  readonly tables: readonly SourceTable[];
  readonly notCarried: readonly NotCarried[];
}

/** Reads every table of the `main` database, sorted by name, and everything that is not carried, with the reason. */
export function introspectSource(db: Database.Database): IntrospectedSource {
  const listed = db
    .prepare<[], TableListRow>(
      `SELECT name, type, wr, strict FROM pragma_table_list
       WHERE schema = 'main' AND name NOT GLOB 'sqlite_*' ORDER BY name`,
    )
    .all();
  const carried = listed.filter((row) => row.type === 'table' && row.name !== MIGRATION_HISTORY);
  const marks = readAutoincrementMarks(db);
  const drafts = carried.map((row) => readTable(db, row, marks));
  const known: KnownTables = {
    carried: new Map(drafts.map((table) => [foldName(table.name), table])),
    others: new Set(listed.map((row) => foldName(row.name))),
  };
  const tables = drafts.map((table) => ({
    ...table,
    foreignKeys: readForeignKeys(db, table, known),
  }));
  return { tables, notCarried: readNotCarried(db, listed) };
}

/** SQLite compares identifiers without regard to ASCII case. */
export function foldName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

interface KnownTables {
  /** By folded name. */
  readonly carried: ReadonlyMap<string, TableWithoutForeignKeys>;
  /** Folded names of everything that has rows, views and tables that are not carried among them. */
  readonly others: ReadonlySet<string>;
}

type TableWithoutForeignKeys = Omit<SourceTable, 'foreignKeys'>;

function readTable(
  db: Database.Database,
  listed: TableListRow,
  marks: ReadonlyMap<string, bigint>,
): TableWithoutForeignKeys {
  const strict = listed.strict === 1n;
  const rows = db
    .prepare<[string], TableXinfoRow>(`SELECT * FROM pragma_table_xinfo(?, 'main') ORDER BY cid`)
    .all(listed.name);
  const collations = readCollations(
    db,
    listed.name,
    rows.map((row) => row.name),
  );
  const primaryKey = rows
    .filter((row) => row.pk > 0n)
    .toSorted((a, b) => Number(a.pk - b.pk))
    .map((row) => row.name);
  const uniqueIndexes = readUniqueKeys(db, listed.name);
  const withoutRowid = listed.wr === 1n;
  const isRowidAlias =
    primaryKey.length === 1 &&
    !withoutRowid &&
    !uniqueIndexes.some((key) => key.origin === 'primary-key');
  const rowidAlias = isRowidAlias ? (primaryKey[0] ?? null) : null;
  const rowidKey: UniqueKey[] =
    rowidAlias === null
      ? []
      : [{ origin: 'primary-key', columns: [{ name: rowidAlias, collation: 'BINARY' }] }];
  return {
    name: listed.name,
    columns: rows.map((row, index) => toColumn(row, strict, collations[index] ?? null)),
    primaryKey,
    rowidAlias,
    uniqueKeys: [...rowidKey, ...uniqueIndexes],
    autoincrementMark: marks.get(foldName(listed.name)) ?? null,
    withoutRowid,
    strict,
  };
}

function toColumn(row: TableXinfoRow, strict: boolean, collation: string | null): SourceColumn {
  const generated = row.hidden === 2n ? 'virtual' : row.hidden === 3n ? 'stored' : null;
  return {
    name: row.name,
    declaredType: row.type,
    affinity: affinityOf(row.type, strict),
    collation,
    notNull: row.notnull === 1n,
    defaultSql: row.dflt_value,
    generated,
  };
}

/** The affinity that SQLite gives a declared type. Source: https://www.sqlite.org/datatype3.html#determination_of_column_affinity */
export function affinityOf(declaredType: string, strict: boolean): Affinity {
  const type = declaredType.toUpperCase();
  if (strict && type === 'ANY') return 'blob';
  if (type.includes('INT')) return 'integer';
  if (/CHAR|CLOB|TEXT/.test(type)) return 'text';
  if (type === '' || type.includes('BLOB')) return 'blob';
  if (/REAL|FLOA|DOUB/.test(type)) return 'real';
  return 'numeric';
}

function readUniqueKeys(db: Database.Database, table: string): UniqueKey[] {
  const indexes = db
    .prepare<[string], IndexListRow>(`SELECT * FROM pragma_index_list(?, 'main') ORDER BY seq DESC`)
    .all(table)
    .filter((index) => index.unique === 1n && index.partial === 0n);
  const origins = { pk: 'primary-key', u: 'unique', c: 'index' } as const;
  return indexes.flatMap((index) => {
    const parts = db
      .prepare<[string], IndexXinfoRow>(
        `SELECT name, coll, key FROM pragma_index_xinfo(?, 'main') ORDER BY seqno`,
      )
      .all(index.name)
      .filter((part) => part.key === 1n);
    const columns = parts.flatMap((part) =>
      part.name === null ? [] : [{ name: part.name, collation: part.coll }],
    );
    const byExpression = columns.length < parts.length;
    return byExpression ? [] : [{ origin: origins[index.origin], columns }];
  });
}

function readForeignKeys(
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

/** AUTOINCREMENT's high-water marks by folded table name. Source: https://www.sqlite.org/autoinc.html */
function readAutoincrementMarks(db: Database.Database): Map<string, bigint> {
  const exists = db.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_sequence'`).get();
  if (exists === undefined) return new Map();
  const rows = db
    .prepare<[], { name: string; seq: bigint }>(
      `SELECT name, max(seq) AS seq FROM sqlite_sequence
       WHERE typeof(seq) = 'integer' AND typeof(name) = 'text' GROUP BY name`,
    )
    .all();
  return new Map(rows.map((row) => [foldName(row.name), row.seq]));
}

const schemaObject = z.object({ name: z.string() });

function readNotCarried(
  db: Database.Database,
  listed: readonly TableListRow[],
): readonly NotCarried[] {
  const triggers = db
    .prepare(`SELECT name FROM sqlite_schema WHERE type = 'trigger' ORDER BY name`)
    .all()
    .map((row) => schemaObject.parse(row));
  const tables = listed.flatMap((row): NotCarried[] => {
    const { name } = row;
    if (name === MIGRATION_HISTORY) {
      return [{ name, kind: 'migration-history', reason: 'the target keeps its own history' }];
    }
    switch (row.type) {
      case 'table':
        return [];
      case 'view':
        return [
          {
            name,
            kind: 'view',
            reason: 'holds no rows of its own, its definition is in schema.sql',
          },
        ];
      case 'virtual':
        return [{ name, kind: 'virtual-table', reason: 'its rows belong to a SQLite module' }];
      case 'shadow':
        return [{ name, kind: 'shadow-table', reason: 'internal storage of a virtual table' }];
      default:
        return row.type satisfies never;
    }
  });
  return [
    ...tables,
    ...triggers.map((trigger): NotCarried => ({
      name: trigger.name,
      kind: 'trigger',
      reason: 'triggers of the target do their work there, its definition is in schema.sql',
    })),
  ];
}
