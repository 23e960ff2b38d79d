import { groupBy } from '../model/collections.ts';
import type { MappingFault } from './file/faults.ts';
import {
  NO_COLUMN_MAPPING,
  NO_TABLE_MAPPING,
  type ColumnMapping,
  type ResolvedMapping,
  type TableMapping,
} from './resolved-mapping.ts';
import type { PlannedSource } from './source-shape.ts';
import type { Step } from './steps.ts';

/** A column of a foreign key and the column of the key that it refers to. */
interface Reference {
  readonly table: string;
  readonly column: string;
  readonly parentTable: string;
  readonly parentColumn: string;
}

/**
 * Gives each column of a foreign key the steps of the key that it refers to, through any number of
 * tables, unless the mapping gives it conversions of its own: what a step does to a key it does to
 * everything that refers to it.
 *
 * @param faults columns that refer to keys which are not converted alike are added
 */
export function followKeys(
  source: PlannedSource,
  resolved: ResolvedMapping,
  faults: MappingFault[],
): ResolvedMapping {
  const followed = new FollowedKeys(source, resolved);
  followed.spread();
  faults.push(...followed.conflicts());
  return followed.tables;
}

type MutableMapping = Map<string, TableMapping & { readonly columns: Map<string, ColumnMapping> }>;

class FollowedKeys {
  readonly tables: MutableMapping;
  readonly #references: readonly Reference[];
  readonly #inherited = new Set<string>();

  constructor(source: PlannedSource, resolved: ResolvedMapping) {
    this.tables = new Map(
      [...resolved].map(([name, table]) => [name, { ...table, columns: new Map(table.columns) }]),
    );
    this.#references = referencesOf(source).filter(
      ({ table, column, parentTable }) =>
        resolved.get(table)?.skip === undefined &&
        resolved.get(parentTable)?.skip === undefined &&
        resolved.get(table)?.columns.get(column)?.drop === undefined,
    );
  }

  /** Hands the steps on, from key to foreign key, until nothing is left to be handed on. */
  spread(): void {
    for (let isSettled = false; !isSettled;) {
      isSettled = true;
      for (const reference of this.#references) {
        const steps = this.#stepsOfKey(reference);
        const own = this.tables.get(reference.table)?.columns.get(reference.column);
        if (steps.length === 0 || (own?.steps.length ?? 0) > 0) continue;
        this.#setColumn(reference, { ...(own ?? NO_COLUMN_MAPPING), steps });
        this.#inherited.add(idOf(reference));
        isSettled = false;
      }
    }
  }

  /** Columns that follow one key and refer to another that is not converted in the same way. */
  conflicts(): MappingFault[] {
    const followers = this.#references.filter((reference) => this.#inherited.has(idOf(reference)));
    return [...groupBy(followers, idOf).values()].flatMap(([first, ...others]) => {
      if (first === undefined) return [];
      const other = others.find(
        (reference) => !isSame(this.#stepsOfKey(first), this.#stepsOfKey(reference)),
      );
      return other === undefined ? [] : [conflict(first, other)];
    });
  }

  /** What stands for NULL in the key stands for nothing in what refers to it. */
  #stepsOfKey({ parentTable, parentColumn }: Reference): readonly Step[] {
    const steps = this.tables.get(parentTable)?.columns.get(parentColumn)?.steps ?? [];
    return steps.filter((step) => step.change !== 'if_null');
  }

  #setColumn({ table, column }: Reference, mapping: ColumnMapping): void {
    const known = this.tables.get(table) ?? { ...NO_TABLE_MAPPING, columns: new Map() };
    this.tables.set(table, known);
    known.columns.set(column, mapping);
  }
}

function referencesOf(source: PlannedSource): Reference[] {
  return source.tables.flatMap((table) =>
    table.foreignKeys
      .filter((key) => key.parent === 'exists')
      .flatMap((key) =>
        key.columns.map((column, index) => ({
          table: table.name,
          column,
          parentTable: key.parentTable,
          parentColumn: key.parentColumns[index] ?? '',
        })),
      ),
  );
}

function idOf({ table, column }: Reference): string {
  return JSON.stringify([table, column]);
}

function isSame(a: readonly Step[], b: readonly Step[]): boolean {
  return a.length === b.length && a.every((step, index) => step.id === b[index]?.id);
}

function conflict(one: Reference, other: Reference): MappingFault {
  const { table, column } = one;
  const keys = [one, other].map(
    ({ parentTable, parentColumn }) => `${parentTable}.${parentColumn}`,
  );
  return {
    path: ['tables', table, 'columns', column],
    message: `${table}.${column} refers to ${keys.join(' and to ')}, which are not converted alike: convert both in the same way, or give this column conversions of its own`,
  };
}
