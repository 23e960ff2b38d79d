import type { Dependencies } from '../model/dependencies.ts';
import { dependencyOrder } from './dependency-order.ts';

/**
 * Which table refers to which, in load order; references to tables outside `parents` are left out.
 *
 * @param parents each table's name with the names of the tables its foreign keys refer to
 */
export function describeDependencies(
  parents: ReadonlyMap<string, readonly string[]>,
): Dependencies {
  const groups = dependencyOrder(parents);
  return {
    tables: groups
      .flatMap(({ members }) => members)
      .map((name) => ({
        name,
        refersTo: [...new Set(parents.get(name))].filter((parent) => parents.has(parent)),
      })),
    cycles: groups.filter(({ cyclic }) => cyclic).map(({ members }) => [...members]),
  };
}

interface Referring {
  readonly name: string;
  readonly foreignKeys: readonly { readonly parentTable: string }[];
}

/** The same of tables with the foreign keys that their own database gives them. */
export function dependenciesOf(tables: readonly Referring[]): Dependencies {
  return describeDependencies(
    new Map(tables.map((table) => [table.name, table.foreignKeys.map((key) => key.parentTable)])),
  );
}
