import { describeKey } from '../model/row-key.ts';
import type { SqliteValue } from '../model/values.ts';

import type { ColumnPlan, TablePlan } from './plan.ts';
import type { PlannedTable } from './source-shape.ts';

/** What a mapping lets be done with a row whose parent is not loaded. */
export type ReferenceAnswer =
  | { readonly kind: 'none' }
  /** These columns become NULL, and the reference with them. */
  | { readonly kind: 'null'; readonly columns: readonly ColumnPlan[] }
  /** The row is left out too; the policy stands at this column. */
  | { readonly kind: 'skip_row'; readonly column: ColumnPlan };

/**
 * What becomes of a row whose parent is not loaded, by the policies of the referring columns.
 *
 * @returns null when not all of the columns are loaded, so that the target has no such reference
 */
export function answerReference(
  plan: TablePlan<PlannedTable>,
  names: readonly string[],
): ReferenceAnswer | null {
  const columns = plan.columns.filter(({ source }) => names.includes(source?.name ?? ''));
  const isComputed = (name: string): boolean =>
    plan.generated.some(({ source }) => source.name === name);
  const isLoaded = names.every(
    (name) => columns.some(({ source }) => source?.name === name) || isComputed(name),
  );
  if (!isLoaded) return null;
  const nulled = columns.filter(({ policies }) => policies.has('null'));
  if (nulled.length > 0) return { kind: 'null', columns: nulled };
  const column = columns.find(({ policies }) => policies.has('skip_row'));
  return column === undefined ? { kind: 'none' } : { kind: 'skip_row', column };
}

/** A reference of a row to a parent that is not loaded. */
export interface LostReference {
  readonly columns: readonly string[];
  readonly parentTable: string;
  /** What the columns hold. */
  readonly values: readonly SqliteValue[];
  /** The mapping leaves the parent out, or the source has no such parent. */
  readonly reason: 'left-out' | 'absent';
  readonly answer: ReferenceAnswer;
}

/** Finds the references of a row whose parent is not loaded. */
export type LostReferences = (row: readonly SqliteValue[]) => readonly LostReference[];

/** The loss of a parent, as a sentence about the row that refers to it. */
export function describeLoss({ columns, values, parentTable, reason }: LostReference): string {
  const loss = reason === 'left-out' ? 'is left out' : 'does not exist';
  return `${describeKey(columns, values)} refers to a row of ${parentTable} that ${loss}`;
}

const NONE: readonly LostReference[] = [];

/** Every parent is loaded. */
export const NOTHING_LOST: LostReferences = () => NONE;
