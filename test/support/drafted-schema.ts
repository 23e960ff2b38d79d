import { join } from 'node:path';
import { censusTables } from '../../scripts/lib/commands/census-tables.ts';
import { draftSchema } from '../../scripts/lib/commands/draft.ts';
import { loadOrder } from '../../scripts/lib/commands/load-order.ts';
import type { DraftedColumn, DraftedSchema, DraftedTable } from '../../scripts/lib/draft/model.ts';
import type { Integrity } from '../../scripts/lib/source/integrity.ts';
import { introspectSource } from '../../scripts/lib/source/introspect.ts';
import { openSource, readSourceFacts } from '../../scripts/lib/source/open.ts';
import { quietContext } from './artifact.ts';
import { createSource } from './source-file.ts';

let sources = 0;

/**
 * Drafts the schema of a database that this SQL makes, without Prisma.
 *
 * @param orphans what SQLite's own check would find
 */
export async function draftedSchema(
  folder: string,
  sql: string,
  orphans: Integrity['orphans'] = [],
): Promise<DraftedSchema> {
  sources += 1;
  const path = createSource(join(folder, `source-${sources}.db`), sql);
  const source = openSource(path);
  try {
    const catalog = { facts: readSourceFacts(source, false), ...introspectSource(source.db) };
    const order = loadOrder(catalog.tables).flatMap((group) => group.members);
    const censuses = await censusTables(source, catalog, quietContext);
    const analyzed = { source, catalog, order, censuses, orphans };
    return await draftSchema({ snakeCase: false }, analyzed, quietContext);
  } finally {
    source.close();
  }
}

/** A table of a draft, by its name in the source. */
export function draftedTable({ tables }: DraftedSchema, name: string): DraftedTable {
  const table = tables.find(({ source }) => source.name === name);
  if (table === undefined) throw new Error(`The table ${name} was not drafted.`);
  return table;
}

/** A column of a draft, by its names in the source. */
export function draftedColumn(schema: DraftedSchema, table: string, name: string): DraftedColumn {
  const column = draftedTable(schema, table).columns.find(({ source }) => source.name === name);
  if (column === undefined) throw new Error(`The column ${table}.${name} was not drafted.`);
  return column;
}

/** What is said of a table, or of a column of it, as `kind: text`. */
export function saidOf({ decisions }: DraftedSchema, table: string, column?: string): string[] {
  return decisions
    .filter((decision) => decision.table === table)
    .filter(({ columns }) => column === undefined || columns.includes(column))
    .map(({ kind, text }) => `${kind}: ${text}`);
}
