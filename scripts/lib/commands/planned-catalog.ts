import { keyedTableShape } from '../artifact/table-shape.ts';
import type { PlannedSource } from '../mapping/source-shape.ts';
import type { SourceCatalog } from '../model/source-catalog.ts';

/** What a plan needs to know of a SQLite database, tables in load order. */
export function plannedCatalog(catalog: SourceCatalog, order: readonly string[]): PlannedSource {
  const byName = new Map(catalog.tables.map((table) => [table.name, table]));
  return {
    madeByPrisma: catalog.facts.madeByPrisma,
    encoding: catalog.facts.encoding,
    tables: order.flatMap((name) => {
      const table = byName.get(name);
      return table === undefined ? [] : [keyedTableShape(table)];
    }),
  };
}
