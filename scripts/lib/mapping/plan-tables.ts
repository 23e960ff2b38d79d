import { didYouMean } from '../model/nearest.ts';
import type { TargetCatalog, TargetTable } from '../model/target-catalog.ts';
import { rowFilter } from './conditions.ts';
import { mappingError, type MappingFault } from './file/faults.ts';
import { matchName, type NameMatch } from './match-names.ts';
import { outwardFaults } from './outward-references.ts';
import { planColumns } from './plan-columns.ts';
import {
  reportSharedTargets,
  reportSkippedTable,
  reportUntouchedTargets,
  unplacedTable,
} from './plan-findings.ts';
import { mayLoseRows, type PlanOptions, type TablePlan } from './plan.ts';
import { NO_TABLE_MAPPING, type TableMapping } from './resolved-mapping.ts';
import type { PlannedTable } from './source-shape.ts';

/**
 * Maps each table and column of the source to one of the target, by the mapping and else by name.
 * Whatever has no place, more than one, or a type without a conversion becomes a finding; the plan
 * holds what could be mapped.
 *
 * @throws ToolkitError of kind `usage` when the mapping names what the target does not have
 */
export function planTables<Table extends PlannedTable>(
  options: PlanOptions<Table>,
): TablePlan<Table>[] {
  const { source, target, mapping, findings } = options;
  const faults: MappingFault[] = [];
  const plans: TablePlan<Table>[] = [];
  for (const table of source.tables) {
    const mapped = mapping?.tables.get(table.name) ?? NO_TABLE_MAPPING;
    if (mapped.skip !== undefined) {
      reportSkippedTable(table, mapped.skip, findings);
      continue;
    }
    const match = placeOf(table, mapped, target, faults);
    if (match.kind === 'one') plans.push(planTable(options, table, match.item, mapped, faults));
    else if (mapped.target === undefined) {
      findings.add(unplacedTable(table, match.kind === 'several' ? match.items : [], target));
    }
  }
  if (mapping !== null) {
    faults.push(...unusedSets(mapping.file.content.set ?? {}, plans));
    if (faults.length > 0) throw mappingError(mapping.file, faults);
  }
  reportSharedTargets(plans, findings);
  reportUntouchedTargets(plans, target, findings);
  return plans;
}

/** What is set in no table: then nothing would tell the rows of this source from others. */
function unusedSets(
  set: Readonly<Record<string, unknown>>,
  plans: readonly TablePlan<PlannedTable>[],
): MappingFault[] {
  const used = new Set(plans.flatMap(({ scope }) => scope.map(({ target }) => target.name)));
  return Object.keys(set)
    .filter((name) => !used.has(name))
    .map((name) => ({
      path: ['set', name],
      message: `no table of the target that this source fills has a column ${name} without a source`,
    }));
}

function placeOf(
  table: PlannedTable,
  mapped: TableMapping,
  target: TargetCatalog,
  faults: MappingFault[],
): NameMatch<TargetTable> {
  if (mapped.target === undefined) return matchName(table.name, target.tables);
  const item = target.tables.find((candidate) => candidate.name === mapped.target);
  if (item !== undefined) return { kind: 'one', item };
  const names = target.tables.map((candidate) => candidate.name);
  faults.push({
    path: ['tables', table.name, 'target'],
    message: `the target's schema ${target.schema} has no table ${mapped.target}${didYouMean(mapped.target, names)}`,
  });
  return { kind: 'none' };
}

function planTable<Table extends PlannedTable>(
  options: PlanOptions<Table>,
  source: Table,
  target: TargetTable,
  mapped: TableMapping,
  faults: MappingFault[],
): TablePlan<Table> {
  const names = source.columns.map((column) => column.name);
  const keeps = rowFilter(mapped.where, source.columns);
  const { columns, generated, scope } = planColumns(options, source, target, mapped, faults);
  const isDropped = (name: string): boolean => mapped.columns.get(name)?.drop !== undefined;
  if (columns.length === 0 && names.every(isDropped)) {
    const message = 'every column is dropped, so that no row could be loaded: skip the table';
    faults.push({ path: ['tables', source.name], message });
  }
  const plan: TablePlan<Table> = {
    source,
    target,
    columns,
    generated,
    keeps,
    mayLoseRows: mayLoseRows(columns, keeps),
    scope,
    outward: mapped.references,
  };
  faults.push(...outwardFaults(plan, options.target));
  return plan;
}
