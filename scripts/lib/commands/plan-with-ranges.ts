import { planTables } from '../mapping/plan-tables.ts';
import type { IntegerRange, PlanOptions, TablePlan } from '../mapping/plan.ts';
import type { PlannedTable } from '../mapping/source-shape.ts';
import { FindingCollector } from '../model/findings.ts';

/**
 * Plans; where only all integers of a column together show what unit of time they count, has them
 * read and plans again.
 */
export async function planWithRanges<Table extends PlannedTable>(
  options: Omit<PlanOptions<Table>, 'ranges'>,
  readRanges: (
    plans: readonly TablePlan<Table>[],
  ) => Promise<Map<string, IntegerRange>> | Map<string, IntegerRange>,
): Promise<TablePlan<Table>[]> {
  const first = planTables({ ...options, ranges: new Map(), findings: new FindingCollector() });
  const needsRanges = first.some((plan) => plan.columns.some((column) => column.needsIntegerRange));
  const ranges = needsRanges ? await readRanges(first) : new Map<string, IntegerRange>();
  return planTables({ ...options, ranges });
}
