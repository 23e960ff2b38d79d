import { dependencyOrder, type LoadGroup } from '../mapping/dependency-order.ts';
import type { SourceTable } from '../model/source-catalog.ts';

/** The groups in which tables can be loaded, parents first, by the source's own foreign keys. */
export function loadOrder(tables: readonly SourceTable[]): LoadGroup[] {
  return dependencyOrder(
    new Map(tables.map((table) => [table.name, table.foreignKeys.map((key) => key.parentTable)])),
  );
}
