import type { SourceTable } from '../model/source-catalog.ts';
import type { ManifestTable } from './manifest.ts';

/** A table's structure as the manifest and the report of analyze have it. */
export function tableShape(
  table: SourceTable,
): Pick<
  ManifestTable,
  | 'name'
  | 'columns'
  | 'primaryKey'
  | 'foreignKeys'
  | 'autoincrementMark'
  | 'withoutRowid'
  | 'strict'
> {
  return {
    name: table.name,
    columns: table.columns.map(({ defaultSql, ...column }) => ({ ...column, default: defaultSql })),
    primaryKey: [...table.primaryKey],
    foreignKeys: table.foreignKeys.map((key) => ({
      ...key,
      columns: [...key.columns],
      parentColumns: [...key.parentColumns],
    })),
    autoincrementMark: table.autoincrementMark?.toString() ?? null,
    withoutRowid: table.withoutRowid,
    strict: table.strict,
  };
}

/** {@link tableShape} with the keys by which rows are told apart. */
export function keyedTableShape(
  table: SourceTable,
): ReturnType<typeof tableShape> & Pick<ManifestTable, 'rowidAlias' | 'uniqueKeys'> {
  return {
    ...tableShape(table),
    rowidAlias: table.rowidAlias,
    uniqueKeys: table.uniqueKeys.map((key) => ({ ...key, columns: [...key.columns] })),
  };
}
