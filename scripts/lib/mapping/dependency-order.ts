/** Tables that must be loaded together: one table, or the members of a cycle of foreign keys. */
export interface LoadGroup {
  /** Sorted by name. */
  readonly members: readonly string[];
  /** Whether the members refer to each other; a table that refers only to itself is not cyclic. */
  readonly cyclic: boolean;
}

/**
 * Groups tables so that each group comes after all groups it refers to; the same input gives the
 * same order. References to tables outside `parents` are left out.
 *
 * @param parents each table's name with the names of the tables its foreign keys refer to
 * Source: R. Tarjan, Depth-first search and linear graph algorithms (1972); components are found
 * parents first because the edges lead from child to parent.
 */
export function dependencyOrder(parents: ReadonlyMap<string, Iterable<string>>): LoadGroup[] {
  const groups: LoadGroup[] = [];
  const index = new Map<string, number>();
  const stack: string[] = [];
  const onStack = new Set<string>();

  const visit = (table: string): number => {
    const own = index.size;
    index.set(table, own);
    let low = own;
    stack.push(table);
    onStack.add(table);
    for (const parent of sortedKnown(parents.get(table) ?? [], parents)) {
      if (!index.has(parent)) low = Math.min(low, visit(parent));
      else if (onStack.has(parent)) low = Math.min(low, index.get(parent) ?? own);
    }
    if (low === own) groups.push(popGroup(stack, onStack, table));
    return low;
  };

  for (const table of [...parents.keys()].toSorted()) {
    if (!index.has(table)) visit(table);
  }
  return groups;
}

function sortedKnown(names: Iterable<string>, known: ReadonlyMap<string, unknown>): string[] {
  return [...new Set(names)].filter((name) => known.has(name)).toSorted();
}

function popGroup(stack: string[], onStack: Set<string>, root: string): LoadGroup {
  const members = stack.splice(stack.lastIndexOf(root));
  for (const member of members) onStack.delete(member);
  return { members: members.toSorted(), cyclic: members.length > 1 };
}
