import type { ManifestTable } from '../artifact/manifest.ts';
import type { SourceTable } from '../model/source-catalog.ts';

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
