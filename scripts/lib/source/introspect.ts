import type Database from 'better-sqlite3';

import type {
  Affinity,
  NotCarried,
  SourceColumn,
  SourceTable,
  UniqueKey,
} from '../model/source-catalog.ts';
import { readCollations } from './collations.ts';
import { readForeignKeys, type KnownTables, type TableWithoutForeignKeys } from './foreign-keys.ts';
import { foldName } from './names.ts';
import { MIGRATION_HISTORY, listTables, readNotCarried, type TableListRow } from './table-list.ts';

/** https://www.sqlite.org/pragma.html#pragma_table_xinfo */
interface TableXinfoRow {
  readonly name: string;
  readonly type: string;
  readonly notnull: bigint;
  readonly dflt_value: string | null;
  readonly pk: bigint;
  readonly hidden: bigint;
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

export interface IntrospectedSource {
  readonly tables: readonly SourceTable[];
  /** Prisma's own table, which is none of `tables`; null where there is none. */
  readonly migrationHistory: SourceTable | null;
  readonly notCarried: readonly NotCarried[];
}

/** Reads every table of the `main` database, sorted by name, and everything that is not carried, with the reason. */
export function introspectSource(db: Database.Database): IntrospectedSource {
  const listed = listTables(db);
  const marks = readAutoincrementMarks(db);
  const drafts = listed
    .filter((row) => row.type === 'table')
    .map((row) => readTable(db, row, marks));
  const carried = drafts.filter((table) => table.name !== MIGRATION_HISTORY);
  const known: KnownTables = {
    carried: new Map(carried.map((table) => [foldName(table.name), table])),
    others: new Set(listed.map((row) => foldName(row.name))),
  };
  const complete = (table: TableWithoutForeignKeys): SourceTable => ({
    ...table,
    foreignKeys: readForeignKeys(db, table, known),
  });
  const history = drafts.find((table) => table.name === MIGRATION_HISTORY);
  return {
    tables: carried.map(complete),
    migrationHistory: history === undefined ? null : complete(history),
    notCarried: readNotCarried(db, listed),
  };
}

function readTable(
  db: Database.Database,
  listed: TableListRow,
  marks: ReadonlyMap<string, AutoincrementMark>,
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
    ...(marks.get(foldName(listed.name)) ?? { autoincrementMark: null }),
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

type AutoincrementMark = Pick<SourceTable, 'autoincrementMark' | 'autoincrementRowid'>;

/** AUTOINCREMENT's high-water marks by folded table name. Source: https://www.sqlite.org/autoinc.html */
function readAutoincrementMarks(db: Database.Database): Map<string, AutoincrementMark> {
  const exists = db.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_sequence'`).get();
  if (exists === undefined) return new Map();
  const rows = db
    .prepare<[], { name: string; seq: bigint; id: bigint }>(
      `SELECT name, max(seq) AS seq, rowid AS id FROM sqlite_sequence
       WHERE typeof(seq) = 'integer' AND typeof(name) = 'text' GROUP BY name`,
    )
    .all();
  return new Map(
    rows.map(({ name, seq, id }) => [
      foldName(name),
      { autoincrementMark: seq, autoincrementRowid: id },
    ]),
  );
}
