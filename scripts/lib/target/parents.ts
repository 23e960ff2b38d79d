import type { TargetTable } from '../model/target-catalog.ts';

/** The name of each table with the names of those in its schema that its foreign keys lead to. */
export function targetParents(
  tables: readonly TargetTable[],
  schema: string,
): Map<string, readonly string[]> {
  return new Map(
    tables.map(({ name, foreignKeys }) => [
      name,
      foreignKeys.filter((key) => key.parentSchema === schema).map((key) => key.parentTable),
    ]),
  );
}
