import { isOutward } from '../mapping/outward-references.ts';
import type { TablePlan } from '../mapping/plan.ts';
import type { PlannedTable } from '../mapping/source-shape.ts';
import { quoteIdentifier } from '../model/sql.ts';
import type { TargetCatalog, TargetForeignKey } from '../model/target-catalog.ts';
import { quoteTable } from '../target/introspect.ts';
import type { Condition } from './condition.ts';
import type { ConditionInputs } from './condition-inputs.ts';
import { describerOf, sourceNameOf, unfilledParentHead } from './target-findings.ts';

/**
 * The condition of a foreign key whose parents nothing loads: they are the target's own rows, such as
 * those that a migration has put there. Null where another check has the key.
 */
export function parentCondition(
  options: {
    readonly plan: TablePlan<PlannedTable>;
    readonly plans: readonly TablePlan<PlannedTable>[];
    readonly catalog: TargetCatalog;
  },
  key: TargetForeignKey,
  known: ConditionInputs,
): Condition | null {
  const { plan, plans, catalog } = options;
  const isFilled =
    key.parentSchema === catalog.schema &&
    plans.some(({ target }) => target.name === key.parentTable);
  const needed = known.of(key.columns);
  if (isFilled || !key.isEnforced || key.isTemporal || 'unknown' in needed) return null;
  const sources = key.columns.map((name) => sourceNameOf(plan, name));
  // Then each row is an orphan of the source already.
  const isDangling = plan.source.foreignKeys.some(
    ({ parent, columns }) =>
      parent === 'no-such-table' &&
      columns.length === sources.length &&
      columns.every((name) => sources.includes(name)),
  );
  if (isDangling && !isOutward(plan, sources)) return null;
  const describe = describerOf(plan, key.columns);
  return {
    head: unfilledParentHead(plan, key),
    answerSql: `CASE WHEN ${brokenSql(plan.target.name, key)} THEN '' END`,
    inputs: needed.inputs,
    explain: ({ row, values }) => `${describe(row, values)} has no parent`,
  };
}

function brokenSql(table: string, key: TargetForeignKey): string {
  const own = key.columns.map((name) => `${quoteIdentifier(table)}.${quoteIdentifier(name)}`);
  const alias = table === 'parent' ? 'referred' : 'parent';
  const pairs = key.parentColumns.map(
    (name, at) => `${alias}.${quoteIdentifier(name)} ${key.operators[at] ?? '='} ${own[at] ?? ''}`,
  );
  const parent = quoteTable({ schema: key.parentSchema }, key.parentTable);
  const noParent = `NOT EXISTS (SELECT FROM ${parent} AS ${alias} WHERE ${pairs.join(' AND ')})`;
  const allSet = own.map((column) => `${column} IS NOT NULL`).join(' AND ');
  const anySet = own.map((column) => `${column} IS NOT NULL`).join(' OR ');
  return key.match === 'full'
    ? `((${anySet}) AND (NOT (${allSet}) OR ${noParent}))`
    : `(${allSet} AND ${noParent})`;
}
