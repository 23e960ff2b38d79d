import type { ChangeKind } from '../model/ledger.ts';
import type { SqliteValue } from '../model/values.ts';
import { Misfit, type Converter } from '../value/convert/converter.ts';
import type { Policy } from './file/schema.ts';
import type { Step } from './steps.ts';

/** The policy `skip_row` leaves the row of a value out. */
export class SkippedRow {
  /** Follows the value in a sentence. */
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

/** PostgreSQL's text of a value, not yet escaped; null for NULL; or why there is none. */
type CellOutcome = string | null | Misfit | SkippedRow;

/** Converts the value of one column; each change that a mapping made to it is told. */
export type CellConverter = (
  value: SqliteValue,
  changed: (change: ChangeKind) => void,
) => CellOutcome;

export interface CellOptions {
  readonly steps: readonly Step[];
  readonly policies: ReadonlySet<Policy>;
  /** The converter of the target's type. */
  readonly convert: Converter;
  /** NULL is a misfit that `skip_row` may answer. */
  readonly notNull: boolean;
}

/** Puts the steps of a mapping, the target's type and the policies in a row. */
export function cellConverter(options: CellOptions): CellConverter {
  const { steps, policies, convert, notNull } = options;
  if (steps.length === 0 && policies.size === 0) {
    return (value) => (value === null ? null : convert(value));
  }
  const ofNull =
    notNull && policies.has('skip_row')
      ? new SkippedRow('is not taken by the target column')
      : null;
  return (value, changed) => {
    let current: SqliteValue = value;
    for (const step of steps) {
      const next = step.apply(current);
      if (next instanceof Misfit) return mend(next, policies, changed);
      if (step.change !== null && next !== current) changed(step.change);
      current = next;
    }
    return current === null ? ofNull : mend(convert(current), policies, changed);
  };
}

/** Lets the policies that the mapping names for the column answer a misfit, the mildest first. */
function mend(
  outcome: string | Misfit,
  policies: ReadonlySet<Policy>,
  changed: (change: ChangeKind) => void,
): CellOutcome {
  let result = outcome;
  while (result instanceof Misfit) {
    const { remedy, reason } = result;
    if (remedy !== undefined && policies.has(remedy.policy)) {
      changed(remedy.policy);
      result = remedy.apply();
    } else if (policies.has('null')) {
      changed('null');
      return null;
    } else {
      return policies.has('skip_row') ? new SkippedRow(reason) : result;
    }
  }
  return result;
}
