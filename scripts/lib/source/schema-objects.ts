import type Database from 'better-sqlite3';

import { groupBy } from '../model/collections.ts';

/** One column of an index, or an expression. */
interface IndexPart {
  /** Null for an expression. */
  readonly column: string | null;
  readonly isDescending: boolean;
  readonly collation: string;
}

/** An index that a CREATE INDEX made. */
export interface SourceIndex {
  readonly name: string;
  readonly table: string;
  readonly isUnique: boolean;
  readonly isPartial: boolean;
  readonly parts: readonly IndexPart[];
  readonly sql: string;
}

/** A view or a trigger, as the source defines it. */
interface SourceProgram {
  readonly type: 'view' | 'trigger';
  readonly name: string;
  readonly table: string;
  readonly sql: string;
}

/** What the source's definitions say beyond its tables' columns and keys. */
export interface SchemaObjects {
  /** The text of CREATE TABLE, by table. */
  readonly tableSql: ReadonlyMap<string, string>;
  /** By table. */
  readonly indexes: ReadonlyMap<string, readonly SourceIndex[]>;
  readonly programs: readonly SourceProgram[];
}

interface SchemaRow {
  readonly type: 'table' | 'index' | 'view' | 'trigger';
  readonly name: string;
  readonly tbl_name: string;
  readonly sql: string;
}

/** https://www.sqlite.org/pragma.html#pragma_index_xinfo */
interface PartRow {
  readonly name: string | null;
  readonly desc: bigint;
  readonly coll: string;
}

/** Reads the definitions of tables, indexes, views and triggers, in the order in which they were made. */
export function readSchemaObjects(db: Database.Database): SchemaObjects {
  const rows = db
    .prepare<[], SchemaRow>(
      `SELECT type, name, tbl_name, sql FROM main.sqlite_schema
       WHERE sql IS NOT NULL AND name NOT GLOB 'sqlite_*' ORDER BY rowid`,
    )
    .all();
  const ofType = (type: SchemaRow['type']): SchemaRow[] => rows.filter((row) => row.type === type);
  const indexes = ofType('index').map((row) => readIndex(db, row));
  return {
    tableSql: new Map(ofType('table').map(({ name, sql }) => [name, sql])),
    indexes: groupBy(indexes, ({ table }) => table),
    programs: rows.flatMap(({ type, name, tbl_name: table, sql }) =>
      type === 'view' || type === 'trigger' ? [{ type, name, table, sql }] : [],
    ),
  };
}

function readIndex(db: Database.Database, { name, tbl_name: table, sql }: SchemaRow): SourceIndex {
  const flags = db
    .prepare<[string, string], { unique: bigint; partial: bigint }>(
      `SELECT "unique", partial FROM pragma_index_list(?, 'main') WHERE name = ?`,
    )
    .get(table, name);
  const parts = db
    .prepare<[string], PartRow>(
      `SELECT name, "desc", coll FROM pragma_index_xinfo(?, 'main') WHERE key = 1 ORDER BY seqno`,
    )
    .all(name);
  return {
    name,
    table,
    isUnique: flags?.unique === 1n,
    isPartial: flags?.partial === 1n,
    parts: parts.map(({ name: column, desc, coll }) => ({
      column,
      isDescending: desc === 1n,
      collation: coll,
    })),
    sql,
  };
}
