import { groupBy } from '../model/collections.ts';
import type { SourceColumn, SourceTable } from '../model/source-catalog.ts';
import { columnId } from './input.ts';

/** A column with its table. */
export interface PlacedColumn {
  readonly table: SourceTable;
  readonly column: SourceColumn;
}

/** Columns that foreign keys tie together: PostgreSQL compares them, so they are of one type. */
export interface ColumnGroup {
  /** The column that says what they are: a key that refers to no other. */
  readonly leader: PlacedColumn;
  readonly members: readonly PlacedColumn[];
}

/** Every column of these tables, each in one group. */
export function columnGroups(tables: readonly SourceTable[]): ColumnGroup[] {
  const placed = new Map<string, PlacedColumn>();
  for (const table of tables) {
    for (const column of table.columns)
      placed.set(columnId(table.name, column.name), { table, column });
  }
  const references = referencesOf(tables).filter(
    ({ child, parent }) => placed.has(child) && placed.has(parent),
  );
  const leaders = joined(placed.keys(), references);
  const children = new Set(references.map(({ child }) => child));
  const members = groupBy(placed, ([id]) => leaders(id));
  return [...members.values()].map((group) => {
    const [id = ''] = group.find(([candidate]) => !children.has(candidate)) ?? group[0] ?? [];
    const leader = placed.get(id);
    if (leader === undefined) throw new Error('a group without columns');
    return { leader, members: group.map(([, column]) => column) };
  });
}

interface Reference {
  readonly child: string;
  readonly parent: string;
}

function referencesOf(tables: readonly SourceTable[]): Reference[] {
  return tables.flatMap(({ name, foreignKeys }) =>
    foreignKeys
      .filter(({ parent }) => parent === 'exists')
      .flatMap(({ columns, parentTable, parentColumns }) =>
        columns.map((column, index) => ({
          child: columnId(name, column),
          parent: columnId(parentTable, parentColumns[index] ?? ''),
        })),
      ),
  );
}

/** Which group each id is in, by one of its members (union-find). */
function joined(ids: Iterable<string>, references: readonly Reference[]): (id: string) => string {
  const above = new Map([...ids].map((id) => [id, id]));
  const top = (id: string): string => {
    let current = id;
    for (let next = above.get(current); next !== undefined && next !== current;) {
      current = next;
      next = above.get(current);
    }
    return current;
  };
  for (const { child, parent } of references) above.set(top(child), top(parent));
  return top;
}
