import BetterSqlite3, { type Database } from 'better-sqlite3';
import fc from 'fast-check';
import { SOURCE_ENCODINGS, type SourceEncoding } from '../../scripts/lib/model/source-catalog.ts';
import { MalformedText, type SqliteValue } from '../../scripts/lib/model/values.ts';
import { anyValue } from './values.ts';

/** A table that SQLite takes, and rows to try on it. */
interface TableDesign {
  readonly name: string;
  readonly columns: readonly ColumnDesign[];
  readonly key: 'none' | 'rowid' | 'autoincrement' | 'columns' | 'without rowid';
  /** How many of the first columns are the key. */
  readonly keySize: number;
  readonly isDescending: boolean;
  readonly uniqueColumn: number | null;
  readonly hasGenerated: 'none' | 'virtual' | 'stored';
  readonly rows: readonly (readonly SqliteValue[])[];
  /** Other types for the columns, given when the rows are in: SQLite then has values that no INSERT makes. */
  readonly laterTypes: readonly string[] | null;
}

interface ColumnDesign {
  readonly name: string;
  readonly type: string;
  readonly collation: string;
}

export interface DatabaseDesign {
  readonly encoding: SourceEncoding;
  readonly tables: readonly TableDesign[];
}

const TYPES = [
  '',
  'INTEGER',
  'INT',
  'BIGINT',
  'BOOLEAN',
  'TEXT',
  'VARCHAR(10)',
  'CLOB',
  'REAL',
  'DOUBLE PRECISION',
  'FLOAT',
  'NUMERIC',
  'DECIMAL(10,2)',
  'DATETIME',
  'JSON',
  'BLOB',
  'CHARINT',
  'ANY',
  '"ODD; TYPE -- "',
];

// No U+0000 in a name, because SQL text ends there.
const anyName = fc
  .oneof(
    fc.constantFrom(
      'id',
      'rowid',
      '_rowid_',
      'oid',
      'select',
      'a b',
      '"',
      ';',
      '--',
      "it's",
      '😀',
      '',
    ),
    fc.string({ unit: 'grapheme', maxLength: 8 }),
  )
  .filter((name) => !name.includes('\0') && name.isWellFormed());

const fold = (name: string): string => name.toLowerCase();

const anyColumn: fc.Arbitrary<ColumnDesign> = fc.record({
  name: anyName,
  type: fc.constantFrom(...TYPES),
  collation: fc.constantFrom('', '', ' COLLATE NOCASE', ' COLLATE RTRIM', ' COLLATE BINARY'),
});

const anyTable: fc.Arbitrary<TableDesign> = fc
  .uniqueArray(anyColumn, { minLength: 1, maxLength: 6, selector: ({ name }) => fold(name) })
  .chain((columns) =>
    fc.record({
      name: anyName.filter((name) => !/^sqlite_/i.test(name)),
      columns: fc.constant(columns),
      key: fc.constantFrom('none', 'rowid', 'autoincrement', 'columns', 'without rowid'),
      keySize: fc.integer({ min: 1, max: columns.length }),
      isDescending: fc.boolean(),
      uniqueColumn: fc.option(fc.nat({ max: columns.length - 1 })),
      hasGenerated: fc.constantFrom('none', 'virtual', 'stored'),
      rows: fc.array(fc.tuple(...columns.map(() => anyValue)), { maxLength: 12 }),
      laterTypes: fc.option(fc.tuple(...columns.map(() => fc.constantFrom(...TYPES))), {
        freq: 2,
      }),
    }),
  );

/** A database of any tables, types and values, in any encoding. */
export const anyDatabase: fc.Arbitrary<DatabaseDesign> = fc.record({
  encoding: fc.constantFrom(...SOURCE_ENCODINGS),
  tables: fc.uniqueArray(anyTable, {
    minLength: 1,
    maxLength: 3,
    selector: ({ name }) => fold(name),
  }),
});

/** Makes the database of a design; rows that SQLite does not take are left out. */
export function makeDatabase(file: string, design: DatabaseDesign): string {
  const db = new BetterSqlite3(file);
  try {
    db.pragma(`encoding = '${design.encoding}'`);
    // Nothing of it has to survive a crash.
    db.pragma('synchronous = OFF');
    for (const table of design.tables) {
      db.exec(definitionOf(table, table.columns));
      for (const row of table.rows) insertIfTaken(db, table, row);
      if (table.key === 'autoincrement' && table.isDescending) deleteLast(db, table);
    }
    for (const table of design.tables) changeTypes(db, table);
  } finally {
    db.close();
  }
  return file;
}

function definitionOf(table: TableDesign, columns: readonly ColumnDesign[]): string {
  const keyed = ['columns', 'without rowid'].includes(table.key);
  const direction = table.isDescending ? ' DESC' : '';
  const keyNames = columns.slice(0, table.keySize).map(({ name }) => quote(name) + direction);
  const unique = table.uniqueColumn === null ? undefined : columns[table.uniqueColumn];
  const parts = [
    ...columns.map((column, index) => columnOf(table, column, index)),
    ...generatedOf(table, columns),
    ...(keyed ? [`PRIMARY KEY (${keyNames.join(', ')})`] : []),
    ...(unique === undefined ? [] : [`UNIQUE (${quote(unique.name)}${direction})`]),
  ];
  const end = table.key === 'without rowid' ? ' WITHOUT ROWID' : '';
  return `CREATE TABLE ${quote(table.name)} (${parts.join(', ')})${end}`;
}

function columnOf(table: TableDesign, column: ColumnDesign, index: number): string {
  const isRowid = index === 0 && ['rowid', 'autoincrement'].includes(table.key);
  if (!isRowid) return `${quote(column.name)} ${column.type}${column.collation}`;
  const mark = table.key === 'autoincrement' ? ' AUTOINCREMENT' : '';
  return `${quote(column.name)} INTEGER PRIMARY KEY${mark}`;
}

function generatedOf(table: TableDesign, columns: readonly ColumnDesign[]): string[] {
  const [first] = columns;
  if (table.hasGenerated === 'none' || first === undefined) return [];
  const taken = new Set(columns.map(({ name }) => fold(name)));
  let name = 'made';
  while (taken.has(name)) name += '!';
  return [`${quote(name)} AS (hex(${quote(first.name)})) ${table.hasGenerated}`];
}

function insertIfTaken(db: Database, table: TableDesign, row: readonly SqliteValue[]): void {
  const names = table.columns.map(({ name }) => quote(name)).join(', ');
  const places = row.map((value) => (value instanceof MalformedText ? 'CAST(? AS TEXT)' : '?'));
  const values = row.map((value) => (value instanceof MalformedText ? value.bytes : value));
  try {
    db.prepare(`INSERT INTO ${quote(table.name)} (${names}) VALUES (${places.join(', ')})`).run(
      ...values,
    );
  } catch (error) {
    if (!(error instanceof BetterSqlite3.SqliteError)) throw error;
  }
}

function deleteLast(db: Database, table: TableDesign): void {
  const key = quote(table.columns[0]?.name ?? '');
  db.exec(
    `DELETE FROM ${quote(table.name)} WHERE ${key} = (SELECT max(${key}) FROM ${quote(table.name)})`,
  );
}

/** Gives columns another type, as a tool does that edits the schema in place. */
function changeTypes(db: Database, table: TableDesign): void {
  const { laterTypes } = table;
  if (laterTypes === null) return;
  const columns = table.columns.map((column, index) => {
    const type = laterTypes[index] ?? column.type;
    return index < fixedColumns(table, [column.type, type]) ? column : { ...column, type };
  });
  db.unsafeMode(true);
  db.pragma('writable_schema = ON');
  db.prepare(`UPDATE sqlite_schema SET sql = ? WHERE type = 'table' AND name = ?`).run(
    definitionOf(table, columns),
    table.name,
  );
  db.pragma('writable_schema = RESET');
}

/** How many of the first columns have to keep their types, for the table would be of another form. */
function fixedColumns({ key, keySize }: TableDesign, types: readonly string[]): number {
  if (key === 'rowid' || key === 'autoincrement') return 1;
  return key !== 'none' && keySize === 1 && types.includes('INTEGER') ? 1 : 0;
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
