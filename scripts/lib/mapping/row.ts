import type { ChangeKind } from '../model/ledger.ts';
import { describeValue } from '../model/row-key.ts';
import type { Row, SqliteValue } from '../model/values.ts';
import { Misfit } from '../value/convert/converter.ts';
import { SkippedRow } from './cell.ts';
import type { ColumnPlan, TablePlan } from './plan.ts';
import {
  NOTHING_LOST,
  describeLoss,
  type LostReference,
  type LostReferences,
} from './references.ts';
import type { PlannedTable } from './source-shape.ts';

/** Hears what becomes of a row. Of a row that is left out, that and nothing else is told. */
export interface RowListener {
  /** The mapping changed a value; once for each kind of change. */
  readonly changed: (column: ColumnPlan, change: ChangeKind, detail?: string) => void;
  /** The mapping leaves the row out: by its conditions, or for what stands in a column. */
  readonly leftOut: (
    change: 'where' | 'skip_row',
    column: ColumnPlan | null,
    detail?: string,
  ) => void;
  readonly misfit: (column: ColumnPlan, value: SqliteValue, misfit: Misfit) => void;
  readonly nullRefused: (column: ColumnPlan) => void;
  /** The row refers to one that is not loaded, and no policy says what to do. */
  readonly orphaned: (reference: LostReference) => void;
}

/** Hears nothing: all that there is to tell of the rows has been told before. */
export const SILENT_LISTENER: RowListener = {
  changed: () => undefined,
  leftOut: () => undefined,
  misfit: () => undefined,
  nullRefused: () => undefined,
  orphaned: () => undefined,
};

/** Text of the target's types, not yet escaped; null for NULL, undefined for what does not fit. */
export type ConvertedRow = readonly (string | null | undefined)[];

const IGNORE = (): void => undefined;

/**
 * Makes the function that converts the rows of a table as the plan says: the values of the plan's
 * columns in their order, or null for a row that the mapping leaves out.
 */
export function rowConverter(
  plan: TablePlan<PlannedTable>,
  listener: RowListener,
  lostReferences: LostReferences = NOTHING_LOST,
): (row: Row) => ConvertedRow | null {
  const { columns, keeps } = plan;
  const notes = new RowNotes();
  const changed = columns.map((column) => (change: ChangeKind) => notes.changed(column, change));
  return (row) => {
    if (keeps !== null && !keeps(row)) {
      listener.leftOut('where', null);
      return null;
    }
    const lost = lostReferences(row);
    notes.begin(lost);
    const values: (string | null | undefined)[] = [];
    for (let index = 0; index < columns.length; index++) {
      const column = columns[index];
      if (column === undefined) continue;
      const value = row[column.sourceIndex] ?? null;
      const isCut = lost.length > 0 && notes.isCut(column);
      const outcome = isCut ? null : column.convert(value, changed[index] ?? IGNORE);
      if (outcome instanceof SkippedRow) {
        listener.leftOut('skip_row', column, `${describeValue(value)} ${outcome.reason}`);
        return null;
      }
      if (outcome instanceof Misfit || (outcome === null && column.target.notNull)) {
        notes.refused(column, value, outcome);
        values.push(undefined);
      } else {
        values.push(outcome);
      }
    }
    // After what stands in the row itself, so that a cycle of lost rows shows where it began.
    for (const reference of lost) {
      if (reference.answer.kind !== 'skip_row') continue;
      listener.leftOut('skip_row', reference.answer.column, describeLoss(reference));
      return null;
    }
    notes.tell(listener);
    return values;
  };
}

/** What there is to tell of a row, put off until it is known that the row is not left out. */
class RowNotes {
  #lost: readonly LostReference[] = [];
  #changes: { readonly column: ColumnPlan; readonly change: ChangeKind }[] = [];
  #refusals: {
    readonly column: ColumnPlan;
    readonly value: SqliteValue;
    readonly misfit: Misfit | null;
  }[] = [];

  begin(lost: readonly LostReference[]): void {
    this.#lost = lost;
    if (this.#changes.length > 0) this.#changes = [];
    if (this.#refusals.length > 0) this.#refusals = [];
  }

  /** The column becomes NULL, because what it refers to is not loaded. */
  isCut(column: ColumnPlan): boolean {
    return this.#lost.some(
      ({ answer }) => answer.kind === 'null' && answer.columns.includes(column),
    );
  }

  changed(column: ColumnPlan, change: ChangeKind): void {
    // Whatever was done to a value before it became NULL has left no trace.
    if (change === 'null') this.#changes = this.#changes.filter((known) => known.column !== column);
    const isKnown = this.#changes.some(
      (known) => known.column === column && known.change === change,
    );
    if (!isKnown) this.#changes.push({ column, change });
  }

  refused(column: ColumnPlan, value: SqliteValue, misfit: Misfit | null): void {
    this.#refusals.push({ column, value, misfit });
  }

  tell(listener: RowListener): void {
    const cut = new Set<ColumnPlan>();
    for (const reference of this.#lost) {
      if (reference.answer.kind === 'none') listener.orphaned(reference);
      if (reference.answer.kind !== 'null') continue;
      for (const column of reference.answer.columns) {
        if (!cut.has(column)) listener.changed(column, 'null', describeLoss(reference));
        cut.add(column);
      }
    }
    for (const { column, change } of this.#changes) listener.changed(column, change);
    for (const { column, value, misfit } of this.#refusals) {
      if (misfit === null) listener.nullRefused(column);
      else listener.misfit(column, value, misfit);
    }
  }
}
