import type { TablePlan } from '../mapping/plan.ts';
import type { PlannedTable } from '../mapping/source-shape.ts';
import type { TargetUniqueKey } from '../model/target-catalog.ts';

/**
 * The key by which a row of the source is the same as one of the target: the target's primary key.
 *
 * @returns null when there is none, or the source does not fill it
 */
export function conflictKeyOf({
  target,
  columns,
}: TablePlan<PlannedTable>): TargetUniqueKey | null {
  const key = target.uniqueKeys.find(({ isPrimary }) => isPrimary);
  if (key === undefined || key.isDeferrable) return null;
  const isFilled = key.columns.every((name) =>
    columns.some((column) => column.target.name === name),
  );
  return isFilled ? key : null;
}
