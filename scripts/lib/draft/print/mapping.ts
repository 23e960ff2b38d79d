import type { MappedColumn, MappedTable, MappingFile } from '../../mapping/file/schema.ts';
import type { DraftedColumn, DraftedSchema, DraftedTable } from '../model.ts';

/** The mapping that goes with a draft: what names and types alone do not say. */
export function draftedMapping({ tables, skipped }: DraftedSchema): MappingFile {
  const mapped = tables.flatMap((table): [string, MappedTable][] => {
    const said = mappedTable(table);
    return Object.keys(said).length === 0 ? [] : [[table.source.name, said]];
  });
  const left = [...skipped].map(([name, reason]): [string, MappedTable] => [
    name,
    { skip: reason },
  ]);
  return { version: 1, tables: Object.fromEntries([...mapped, ...left]) };
}

function mappedTable({ source, databaseName, columns }: DraftedTable): MappedTable {
  const said = columns.flatMap((column): [string, MappedColumn][] => {
    const own = mappedColumn(column);
    return Object.keys(own).length === 0 ? [] : [[column.source.name, own]];
  });
  return {
    ...(databaseName === source.name ? {} : { target: databaseName }),
    ...(said.length === 0 ? {} : { columns: Object.fromEntries(said) }),
  };
}

function mappedColumn({ source, databaseName, convert }: DraftedColumn): MappedColumn {
  const [only] = convert;
  return {
    ...(databaseName === source.name ? {} : { target: databaseName }),
    ...(only === undefined ? {} : { convert: convert.length === 1 ? only : [...convert] }),
  };
}

/** The mapping as the file has it. */
export function printMapping(schema: DraftedSchema, schemaPath: string): string {
  const { version, tables } = draftedMapping(schema);
  return `${JSON.stringify({ $schema: schemaPath, version, tables }, null, 2)}\n`;
}
