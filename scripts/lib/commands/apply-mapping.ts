import { readMapping, type Mapping } from '../mapping/file/read.ts';
import { planTables } from '../mapping/plan-tables.ts';
import type { IntegerRange, PlanOptions, TablePlan } from '../mapping/plan.ts';
import { resolveMapping } from '../mapping/resolve.ts';
import type { ResolvedMapping } from '../mapping/resolved-mapping.ts';
import type { PlannedSource, PlannedTable } from '../mapping/source-shape.ts';
import { FindingCollector } from '../model/findings.ts';

/** A mapping that fits the source. */
export interface AppliedMapping {
  readonly file: Mapping;
  readonly tables: ResolvedMapping;
}

/**
 * Reads a mapping and holds it against a source; null when none is given.
 *
 * @throws ToolkitError of kind `usage` that names what is wrong with the file, and where
 */
export async function applyMapping(
  path: string | undefined,
  source: PlannedSource,
): Promise<AppliedMapping | null> {
  if (path === undefined) return null;
  const file = await readMapping(path);
  return { file, tables: resolveMapping(file, source) };
}

/** The mapping as a report names it. */
export function describeMapping(
  mapping: AppliedMapping | null,
): { file: string; sha256: string } | null {
  return mapping === null ? null : { file: mapping.file.file, sha256: mapping.file.sha256 };
}

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
