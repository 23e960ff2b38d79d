import { didYouMean } from '../model/nearest.ts';
import type { TargetCatalog, TargetForeignKey } from '../model/target-catalog.ts';
import type { MappingFault } from './file/faults.ts';
import type { TablePlan } from './plan.ts';
import type { OutwardReference } from './resolved-mapping.ts';
import type { PlannedTable } from './source-shape.ts';

type Plan = TablePlan<PlannedTable>;

/** Whether the mapping says that the parents of these columns of the source are rows of the target. */
export function isOutward({ outward }: Pick<Plan, 'outward'>, columns: readonly string[]): boolean {
  return outward.some((reference) => isSameSet(reference.columns, columns));
}

/**
 * What is wrong with the references that a mapping names, seen from the target: each must be a foreign
 * key there, for nothing else makes sure that it has its parents.
 */
export function outwardFaults(plan: Plan, target: TargetCatalog): MappingFault[] {
  return plan.outward.flatMap((reference, index): MappingFault[] => {
    if (plan.target.foreignKeys.some((key) => isKeyOf(plan, key, reference, target))) return [];
    const path = ['tables', plan.source.name, 'references', index];
    const names = target.tables.map((table) => table.name);
    if (!names.includes(reference.table)) {
      const near = didYouMean(reference.table, names);
      const message = `the target's schema ${target.schema} has no table ${reference.table}${near}`;
      return [{ path: [...path, 'table'], message }];
    }
    const own = targetNames(plan, reference).join(', ');
    const message = `the target has no foreign key ${plan.target.name} (${own}) → ${reference.table} (${reference.key.join(', ')})`;
    return [{ path, message }];
  });
}

function isKeyOf(
  plan: Plan,
  key: TargetForeignKey,
  reference: OutwardReference,
  { schema }: TargetCatalog,
): boolean {
  const own = targetNames(plan, reference);
  return (
    key.parentSchema === schema &&
    key.parentTable === reference.table &&
    key.columns.length === own.length &&
    own.every((name, at) => key.parentColumns[key.columns.indexOf(name)] === reference.key[at])
  );
}

/** Where the columns of a reference go; by their own name what goes nowhere. */
function targetNames({ columns }: Plan, reference: OutwardReference): string[] {
  return reference.columns.map(
    (name) => columns.find(({ source }) => source?.name === name)?.target.name ?? name,
  );
}

function isSameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name) => b.includes(name));
}
