import type { ColumnCensus } from '../model/census.ts';
import type { SourceCatalog, SourceTable } from '../model/source-catalog.ts';
import type { SchemaObjects } from '../source/schema-objects.ts';
import { skippedTables } from './frameworks.ts';
import { readTableDefinition, type TableDefinition } from './sql/table-definition.ts';

/** What a draft is made from. */
export interface DraftInput {
  readonly catalog: SourceCatalog;
  /** By table and column. */
  readonly censuses: ReadonlyMap<string, ReadonlyMap<string, ColumnCensus>>;
  readonly objects: SchemaObjects;
  /** How many different texts a column holds, by table and column; of columns with few only. */
  readonly fewTexts: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** Names of PostgreSQL in snake_case. */
  readonly isSnakeCase: boolean;
}

/** The input with what all parts of a draft ask of it. */
export interface DraftSource extends DraftInput {
  /** The tables that are drafted. */
  readonly tables: readonly SourceTable[];
  readonly skipped: ReadonlyMap<string, string>;
  readonly definitions: ReadonlyMap<string, TableDefinition>;
}

/** Reads the definitions, and leaves migration tables out. */
export function openDraftSource(input: DraftInput): DraftSource {
  const skipped = skippedTables(input.catalog.tables);
  const tables = input.catalog.tables.filter(({ name }) => !skipped.has(name));
  const definitions = new Map(
    tables.map(({ name }) => [name, readTableDefinition(input.objects.tableSql.get(name) ?? '')]),
  );
  return { ...input, tables, skipped, definitions };
}

const NOTHING: ColumnCensus = { nulls: 0, integers: null, reals: null, texts: null, blobs: null };

/** What a column holds. */
export function censusOf({ censuses }: DraftInput, table: string, column: string): ColumnCensus {
  return censuses.get(table)?.get(column) ?? NOTHING;
}

/** The definition of a table, as far as it was understood. */
export function definitionOf({ definitions }: DraftSource, table: string): TableDefinition {
  return definitions.get(table) ?? readTableDefinition('');
}

/** The key of a column, or of columns, in a map. */
export function columnId(table: string, ...columns: readonly string[]): string {
  return JSON.stringify([table, ...columns]);
}
