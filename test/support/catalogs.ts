import type {
  Manifest,
  ManifestColumn,
  ManifestTable,
} from '../../scripts/lib/artifact/manifest.ts';
import { dataFile } from '../../scripts/lib/artifact/paths.ts';
import type { SourceTable } from '../../scripts/lib/model/source-catalog.ts';
import type {
  TargetCatalog,
  TargetColumn,
  TargetTable,
  TargetType,
} from '../../scripts/lib/model/target-catalog.ts';

const SHA256_OF_NOTHING = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** A column of a manifest: nullable text unless said otherwise. */
export function manifestColumn(name: string, more: Partial<ManifestColumn> = {}): ManifestColumn {
  return {
    name,
    declaredType: 'TEXT',
    affinity: 'text',
    collation: 'BINARY',
    notNull: false,
    default: null,
    generated: null,
    ...more,
  };
}

/** A table of a manifest, empty and without keys unless said otherwise. */
export function manifestTable(
  name: string,
  columns: readonly (string | ManifestColumn)[],
  more: Partial<ManifestTable> = {},
): ManifestTable {
  const order = more.order ?? 1;
  return {
    name,
    order,
    file: dataFile(order, 1, name),
    rowCount: 0,
    sizeBytes: 0,
    sha256: SHA256_OF_NOTHING,
    columns: columns.map((column) =>
      typeof column === 'string' ? manifestColumn(column) : column,
    ),
    primaryKey: [],
    rowidAlias: null,
    uniqueKeys: [],
    foreignKeys: [],
    autoincrementMark: null,
    withoutRowid: false,
    strict: false,
    ...more,
  };
}

/** The manifest's form of an introspected table, without any rows. */
export function asManifestTable(table: SourceTable, order = 1): ManifestTable {
  return manifestTable(
    table.name,
    table.columns.map(({ defaultSql, ...column }) => ({ ...column, default: defaultSql })),
    {
      order,
      primaryKey: [...table.primaryKey],
      rowidAlias: table.rowidAlias,
      uniqueKeys: table.uniqueKeys.map((key) => ({ ...key, columns: [...key.columns] })),
      foreignKeys: table.foreignKeys.map((key) => ({
        ...key,
        columns: [...key.columns],
        parentColumns: [...key.parentColumns],
      })),
      withoutRowid: table.withoutRowid,
      strict: table.strict,
    },
  );
}

/** A manifest of these tables, numbered in their order. */
export function manifestOf(tables: readonly ManifestTable[]): Manifest {
  return {
    format: 'sqlite-migration-artifact',
    formatVersion: 1,
    toolVersion: '0.0.0',
    createdAt: '2026-01-31T23:59:59.000Z',
    source: {
      fileName: 'shop.db',
      sizeBytes: 8192,
      sqliteVersion: '3.50.0',
      pageSizeBytes: 4096,
      encoding: 'UTF-8',
      userVersion: 0,
      applicationId: 0,
      journalMode: 'delete',
      hadWal: false,
      madeByPrisma: false,
    },
    schema: { file: 'schema.sql', sizeBytes: 0, sha256: SHA256_OF_NOTHING },
    tables: tables.map((table, index) => ({ ...table, order: index + 1 })),
    cycles: [],
    notCarried: [],
  };
}

/** A base type of PostgreSQL without a modifier unless said otherwise. */
export function targetType(name: string, more: Partial<TargetType> = {}): TargetType {
  return {
    name,
    display: name,
    kind: 'base',
    enumLabels: [],
    modifier: -1,
    sql: name,
    baseSql: name,
    domain: null,
    element: null,
    ...more,
  };
}

/** A nullable column of the target unless said otherwise. */
export function targetColumn(
  name: string,
  type: string | TargetType = 'text',
  more: Partial<TargetColumn> = {},
): TargetColumn {
  return {
    name,
    type: typeof type === 'string' ? targetType(type) : type,
    notNull: false,
    hasDefault: false,
    identity: null,
    isGenerated: false,
    generatedSql: null,
    hasNondeterministicCollation: false,
    ...more,
  };
}

/** A table of the target without keys, triggers or sequences. */
export function targetTable(
  name: string,
  columns: readonly (string | TargetColumn)[],
): TargetTable {
  return {
    name,
    columns: columns.map((column) => (typeof column === 'string' ? targetColumn(column) : column)),
    uniqueKeys: [],
    checks: [],
    foreignKeys: [],
    triggers: [],
    sequences: [],
    hasDeferrableKeys: false,
  };
}

/** The schema `public` with these tables. */
export function targetCatalog(tables: readonly TargetTable[]): TargetCatalog {
  return { schema: 'public', serverVersion: 180_000, tables };
}
