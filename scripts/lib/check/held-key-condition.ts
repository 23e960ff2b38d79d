import type { TablePlan } from '../mapping/plan.ts';
import type { PlannedTable } from '../mapping/source-shape.ts';
import type { ConflictAnswer } from '../model/conflict.ts';
import { quoteIdentifier } from '../model/sql.ts';
import type { TargetCatalog, TargetUniqueKey } from '../model/target-catalog.ts';
import { conflictKeyOf } from '../target/conflict-key.ts';
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
  /** What becomes of a row whose primary key is there already. */
  readonly onConflict: ConflictAnswer;
  /** Target tables that are loaded already: their rows are the source's own. */
  readonly doneBefore: ReadonlySet<string>;
}

/**
 * The condition of a unique key where rows stay in the target: none of them may have the key of a row
 * that would be loaded, unless it is the key by which such a row is skipped or updated: then that is
 * counted. Null where there can be no such row.
 */
export function heldKeyCondition(
  options: HeldKeyOptions,
  key: TargetUniqueKey,
  known: ConditionInputs,
): Condition | null {
  const { plan, keepsRows, onConflict, doneBefore } = options;
  if (doneBefore.has(plan.target.name) || (!keepsRows && plan.scope.length === 0)) return null;
  const isApart = plan.scope.some(({ target }) => key.columns.includes(target.name));
  const answered = onConflict === 'error' ? null : conflictKeyOf(plan);
  const needed = known.of([...key.columns, ...(answered?.columns ?? [])]);
  if ((isApart && !keepsRows) || 'unknown' in needed) return null;
  const describe = describerOf(plan, key.columns);
  const isAnswered = answered !== null && answered.columns === key.columns;
  return {
    head: heldKeyHead(plan, key),
    answerSql: `CASE WHEN ${isAnswered || answered === null ? isHeld(options, key) : isHeldByAnother(options, key, answered)} THEN '' END`,
    inputs: needed.inputs,
    explain: ({ row, values }) => `${describe(row, values)} is there already`,
    ...(isAnswered ? { change: onConflict === 'skip' ? 'conflict_skip' : 'conflict_update' } : {}),
  };
}

/** A row of the target has the key. */
function isHeld(
  { plan, catalog, keepsRows }: HeldKeyOptions,
  key: TargetUniqueKey,
  more = '',
): string {
  const { name } = plan.target;
  const scope = scopeSql(plan.scope);
  const of = keepsRows || scope === null ? '' : ` WHERE (${scope}) IS NOT TRUE`;
  const held = heldName(plan);
  const rows = `(SELECT * FROM ${quoteTable(catalog, name)}${of}) AS ${held}`;
  return `EXISTS (SELECT FROM ${rows} WHERE ${sameKey(plan, key)}${more})`;
}

/** A row of the target has the key, and is not the one that the row would be skipped for or overwrite. */
function isHeldByAnother(
  options: HeldKeyOptions,
  key: TargetUniqueKey,
  answered: TargetUniqueKey,
): string {
  const byAnother = isHeld(options, key, ` AND NOT (${sameKey(options.plan, answered)})`);
  return options.onConflict === 'skip'
    ? `${byAnother} AND NOT ${isHeld(options, answered)}`
    : byAnother;
}

function heldName({ target }: HeldKeyOptions['plan']): string {
  return target.name === 'held' ? 'kept' : 'held';
}

function sameKey(
  plan: HeldKeyOptions['plan'],
  { columns, nullsDistinct }: TargetUniqueKey,
): string {
  const operator = nullsDistinct ? '=' : 'IS NOT DISTINCT FROM';
  const row = quoteIdentifier(plan.target.name);
  return columns
    .map((name) => quoteIdentifier(name))
    .map((name) => `${heldName(plan)}.${name} ${operator} ${row}.${name}`)
    .join(' AND ');
}
