import type { TablePlan } from '../mapping/plan.ts';
import type { PlannedTable } from '../mapping/source-shape.ts';
import { quoteIdentifier } from '../model/sql.ts';
import type { TargetCatalog, TargetUniqueKey } from '../model/target-catalog.ts';
import { quoteTable } from '../target/introspect.ts';
import { scopeSql } from '../target/scope.ts';
import type { Condition } from './condition.ts';
import type { ConditionInputs } from './condition-inputs.ts';
import { describerOf, heldKeyHead } from './target-findings.ts';

export interface HeldKeyOptions {
  readonly plan: TablePlan<PlannedTable>;
  readonly catalog: TargetCatalog;
  /** The rows of this plan's table stay, whosever they are; else those of other sources at most. */
  readonly keepsRows: boolean;
  /** Target tables that are loaded already: their rows are the source's own. */
  readonly doneBefore: ReadonlySet<string>;
}

/**
 * The condition of a unique key where rows stay in the target: none of them may have the key of a row
 * that would be loaded. Null where there can be no such row.
 */
export function heldKeyCondition(
  { plan, catalog, keepsRows, doneBefore }: HeldKeyOptions,
  key: TargetUniqueKey,
  known: ConditionInputs,
): Condition | null {
  const { name } = plan.target;
  const scope = scopeSql(plan.scope);
  if (doneBefore.has(name) || (!keepsRows && scope === null)) return null;
  const isApart = plan.scope.some(({ target }) => key.columns.includes(target.name));
  const needed = known.of(key.columns);
  if ((isApart && !keepsRows) || 'unknown' in needed) return null;
  const held = name === 'held' ? 'kept' : 'held';
  const operator = key.nullsDistinct ? '=' : 'IS NOT DISTINCT FROM';
  const terms = key.columns.map((column) => {
    const quoted = quoteIdentifier(column);
    return `${held}.${quoted} ${operator} ${quoteIdentifier(name)}.${quoted}`;
  });
  const of = keepsRows || scope === null ? '' : ` WHERE (${scope}) IS NOT TRUE`;
  const rows = `(SELECT * FROM ${quoteTable(catalog, name)}${of}) AS ${held}`;
  const describe = describerOf(plan, key.columns);
  return {
    head: heldKeyHead(plan, key),
    answerSql: `CASE WHEN EXISTS (SELECT FROM ${rows} WHERE ${terms.join(' AND ')}) THEN '' END`,
    inputs: needed.inputs,
    explain: ({ row, values }) => `${describe(row, values)} is there already`,
  };
}
