import type { DecisionKind } from '../model/decision-kinds.ts';
import type { Decision } from './model.ts';

/** Gathers what a person should look at. */
export interface Decisions {
  readonly add: (
    kind: DecisionKind,
    table: string,
    columns: readonly string[],
    rest: Pick<Decision, 'text' | 'sql' | 'rowKeys'>,
  ) => void;
  readonly list: () => readonly Decision[];
}

/** An empty gathering. */
export function gatherDecisions(): Decisions {
  const decisions: Decision[] = [];
  return {
    add: (kind, table, columns, rest) => void decisions.push({ kind, table, columns, ...rest }),
    list: () => decisions,
  };
}
