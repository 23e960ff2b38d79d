import type { TablePlan } from '../mapping/plan.ts';
import type { PlannedTable } from '../mapping/source-shape.ts';
import { keyFormOf, type KeyForm } from './key-forms.ts';

/** A column of a key: its place in a converted row, and how its values compare. */
export interface KeyColumn {
  readonly index: number;
  readonly form: KeyForm;
}

/** `always-null`: nothing fills it, neither the source nor a default. */
export type ResolvedColumn = KeyColumn | 'always-null';

/** Whether rows get the column's default because nothing else fills it. */
export function getsDefault({ columns, target }: TablePlan<PlannedTable>, name: string): boolean {
  if (columns.some((column) => column.target.name === name)) return false;
  const column = target.columns.find((candidate) => candidate.name === name);
  return column?.hasDefault === true && !column.isGenerated;
}

/** A key's column as far as it can be judged before the load. */
export function resolveColumn(
  plan: TablePlan<PlannedTable>,
  name: string,
): ResolvedColumn | { readonly reason: string } {
  const index = plan.columns.findIndex(({ target }) => target.name === name);
  const column = plan.target.columns.find((candidate) => candidate.name === name);
  if (index === -1) {
    const isFilled = column === undefined || column.hasDefault || column.isGenerated;
    return isFilled ? { reason: `the target fills the column ${name} itself` } : 'always-null';
  }
  const form = column === undefined ? null : keyFormOf(column);
  return form === null
    ? { reason: `values of ${name} compare by rules that only PostgreSQL knows` }
    : { index, form };
}

/** A child's column with its parent's; null when their values do not compare. */
export function pairOf(
  child: ResolvedColumn,
  other: ResolvedColumn | undefined,
): { readonly child: KeyColumn; readonly other: KeyColumn } | null {
  if (child === 'always-null' || other === 'always-null' || other === undefined) return null;
  return child.form.family === other.form.family ? { child, other } : null;
}
