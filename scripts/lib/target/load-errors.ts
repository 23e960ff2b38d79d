import type { TablePlan } from '../mapping/plan.ts';
import { ToolkitError } from '../model/errors.ts';
import type { StagedRows } from './staging.ts';

/** The load found rows that break a constraint: they are in the findings, and the transaction must be rolled back. */
export class LoadRefused extends Error {}

/** A table that was empty is so no more. */
export function rowsAppeared(plan: TablePlan, rowCount: number): ToolkitError {
  return new ToolkitError({
    kind: 'target',
    code: 'rows-appeared',
    message: `the table was empty when the import began and has ${rowCount} row${rowCount === 1 ? '' : 's'} now`,
    where: { table: plan.target.name },
    hint: 'let nothing else write to the target, empty the table, then run the same import again',
  });
}

/** Others have come to hold primary keys of the rows, or hold them no more. */
export function conflictsAppeared(
  plan: TablePlan,
  expected: number,
  { copied, inserted }: StagedRows,
): ToolkitError {
  return new ToolkitError({
    kind: 'target',
    code: 'rows-appeared',
    message: `the table had the keys of ${expected} rows when the import began, and of ${copied - inserted} now`,
    where: { table: plan.target.name },
    hint: 'let nothing else write to the target, then run the same import again with --restart',
  });
}

/** A table did not grow by the rows that were copied. */
export function miscounted(
  plan: TablePlan,
  expected: number,
  copied: number,
  added: number,
): ToolkitError {
  return new ToolkitError({
    kind: 'target',
    code: 'row-count',
    message: `${expected} rows were to be loaded, PostgreSQL copied ${copied} and the table grew by ${added}`,
    where: { table: plan.target.name },
    hint: 'look for a trigger, rule or policy on the table that drops or adds rows',
  });
}
