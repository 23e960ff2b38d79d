import type { TargetCatalog, TargetColumn, TargetTable } from '../model/target-catalog.ts';
import type { DraftedColumn, DraftedKey, DraftedSchema, DraftedTable } from './model.ts';

/** Of PostgreSQL 14, since when numeric takes infinity. */
const SERVER_VERSION = 140_000;

/**
 * What introspection would find of a drafted schema, so that rows can be held against it without a
 * server.
 *
 * @param names the tables of the source that are looked at
 */
export function draftedCatalog(
  { tables }: DraftedSchema,
  names: ReadonlySet<string>,
): TargetCatalog {
  const looked = tables.filter(({ source }) => names.has(source.name));
  const byName = new Map(looked.map((table) => [table.source.name, table]));
  return {
    schema: 'public',
    serverVersion: SERVER_VERSION,
    tables: looked.map((table) => draftedTable(table, byName)),
  };
}

function draftedTable(table: DraftedTable, byName: ReadonlyMap<string, DraftedTable>): TargetTable {
  const key = ({ columns, constraint }: DraftedKey, isPrimary: boolean) => ({
    name: constraint.name,
    columns: columns.map((column) => nameOf(table, column)),
    nullsDistinct: true,
    isPrimary,
    isDeferrable: false,
  });
  return {
    name: table.databaseName,
    columns: table.columns.map(draftedColumn),
    uniqueKeys: [
      ...(table.primaryKey === null ? [] : [key(table.primaryKey, true)]),
      ...table.uniqueKeys.map((unique) => key(unique, false)),
    ],
    checks: [],
    foreignKeys: table.foreignKeys.flatMap(({ source, constraint }) => {
      const parent = byName.get(source.parentTable);
      if (parent === undefined) return [];
      return [
        {
          name: constraint.name,
          columns: source.columns.map((column) => nameOf(table, column)),
          parentSchema: 'public',
          parentTable: parent.databaseName,
          parentColumns: source.parentColumns.map((column) => nameOf(parent, column)),
          operators: source.columns.map(() => '='),
          match: 'simple',
          isValidated: true,
          isEnforced: true,
          isTemporal: false,
          isDeferrable: false,
          isDeferred: false,
        } as const,
      ];
    }),
    triggers: [],
    sequences: [],
    hasDeferrableKeys: false,
  };
}

/** What PostgreSQL computes is held against its type like any other column. */
function draftedColumn({ databaseName, type, isOptional }: DraftedColumn): TargetColumn {
  return {
    name: databaseName,
    type: type.postgres,
    notNull: !isOptional,
    hasDefault: false,
    identity: null,
    isGenerated: false,
    generatedSql: null,
    hasNondeterministicCollation: false,
  };
}

function nameOf(table: DraftedTable, column: string): string {
  return table.columns.find(({ source }) => source.name === column)?.databaseName ?? column;
}
