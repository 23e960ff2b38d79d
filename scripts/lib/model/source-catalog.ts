/** SQLite's five column affinities. Source: https://www.sqlite.org/datatype3.html#type_affinity */
export type Affinity = 'integer' | 'text' | 'blob' | 'real' | 'numeric';

export interface SourceColumn {
  readonly name: string;
  /** The type as declared, '' when none was. */
  readonly declaredType: string;
  readonly affinity: Affinity;
  /** The declared collation; null when it is one that only the application knows. */
  readonly collation: string | null;
  readonly notNull: boolean;
  /** The default's SQL expression. */
  readonly defaultSql: string | null;
  readonly generated: 'virtual' | 'stored' | null;
}

/** One column of a unique key and the collation its index compares with. */
interface KeyColumn {
  readonly name: string;
  readonly collation: string;
}

/** A uniqueness that covers all rows by plain columns (no partial or expression index). */
export interface UniqueKey {
  readonly origin: 'primary-key' | 'unique' | 'index';
  readonly columns: readonly KeyColumn[];
}

export interface SourceForeignKey {
  readonly columns: readonly string[];
  /** The parent's name as the database has it, or as the clause says when there is no such table. */
  readonly parentTable: string;
  readonly parentColumns: readonly string[];
  /** `exists` can be checked; otherwise every row with a complete key is an orphan to SQLite, or an error. */
  readonly parent: 'exists' | 'no-such-table' | 'no-such-key';
  readonly onDelete: string;
  readonly onUpdate: string;
}

export interface SourceTable {
  readonly name: string;
  readonly columns: readonly SourceColumn[];
  /** Column names in key order; empty when the table has no primary key. */
  readonly primaryKey: readonly string[];
  /** The INTEGER PRIMARY KEY column that is the rowid itself. */
  readonly rowidAlias: string | null;
  readonly uniqueKeys: readonly UniqueKey[];
  readonly foreignKeys: readonly SourceForeignKey[];
  /** The highest rowid that AUTOINCREMENT ever gave out; null without AUTOINCREMENT or before any row. */
  readonly autoincrementMark: bigint | null;
  /** Where SQLite notes that mark: a rowid of its own table sqlite_sequence. */
  readonly autoincrementRowid?: bigint;
  readonly withoutRowid: boolean;
  readonly strict: boolean;
}

export const NOT_CARRIED_KINDS = [
  'view',
  'trigger',
  'virtual-table',
  'shadow-table',
  'migration-history',
  'excluded',
] as const;
export type NotCarriedKind = (typeof NOT_CARRIED_KINDS)[number];

/** Something in the source whose rows or definition the artifact leaves out, and why. */
export interface NotCarried {
  readonly name: string;
  readonly kind: NotCarriedKind;
  readonly reason: string;
}

/** Facts about the file and the database as a whole, read from SQLite itself. */
export interface SourceFacts {
  readonly fileName: string;
  readonly sizeBytes: number;
  readonly sqliteVersion: string;
  readonly pageSizeBytes: number;
  readonly encoding: SourceEncoding;
  readonly userVersion: number;
  readonly applicationId: number;
  readonly journalMode: string;
  /** Whether a `-wal` file with content lay beside the database: rows not yet in the main file. */
  readonly hadWal: boolean;
  /** Whether Prisma Migrate has managed this database, so that its DateTime integers are milliseconds. */
  readonly madeByPrisma: boolean;
}

export const SOURCE_ENCODINGS = ['UTF-8', 'UTF-16le', 'UTF-16be'] as const;
export type SourceEncoding = (typeof SOURCE_ENCODINGS)[number];

export interface SourceCatalog {
  readonly facts: SourceFacts;
  readonly tables: readonly SourceTable[];
  readonly notCarried: readonly NotCarried[];
}
