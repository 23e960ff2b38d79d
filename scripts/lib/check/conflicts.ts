import type { TablePlan } from '../mapping/plan.ts';
import type { PlannedTable } from '../mapping/source-shape.ts';
import type { ConflictAnswer } from '../model/conflict.ts';
import type { FindingCollector } from '../model/findings.ts';
import type { TargetCatalog } from '../model/target-catalog.ts';
import { conflictKeyOf } from '../target/conflict-key.ts';

/** Reports the tables of which it cannot be told, or not be done, what a row with a known key becomes. */
export function reportConflictKeys(
  plans: readonly TablePlan<PlannedTable>[],
  catalog: TargetCatalog,
  answer: ConflictAnswer,
  findings: FindingCollector,
): void {
  if (answer === 'error') return;
  for (const plan of plans) {
    const reason = reasonAgainst(plan, catalog, answer);
    if (reason === null) continue;
    findings.add({
      code: 'conflict-key',
      severity: 'blocking',
      kind: 'structure',
      message: `--on-conflict ${answer} cannot be for the target's table ${plan.target.name}: ${reason}`,
      where: { table: plan.source.name },
      hint: 'load this table in an import of its own (--tables) without --on-conflict',
    });
  }
}

function reasonAgainst(
  plan: TablePlan<PlannedTable>,
  { schema, tables }: TargetCatalog,
  answer: 'skip' | 'update',
): string | null {
  const key = conflictKeyOf(plan);
  if (key === null) return 'it has no primary key that the source fills';
  const apart = plan.scope.find(({ target }) => !key.columns.includes(target.name));
  if (apart !== undefined) {
    return `its primary key has no ${apart.target.name}, so that it could be a row of another source`;
  }
  if (answer === 'skip') return null;
  const others = new Set(plan.columns.map(({ target }) => target.name));
  for (const name of key.columns) others.delete(name);
  const referring = tables
    .flatMap(({ foreignKeys }) => foreignKeys)
    .find(
      ({ parentSchema, parentTable, parentColumns }) =>
        parentSchema === schema &&
        parentTable === plan.target.name &&
        parentColumns.some((name) => others.has(name)),
    );
  return referring === undefined
    ? null
    : `the foreign key ${referring.name} refers to columns of it that would be overwritten`;
}
