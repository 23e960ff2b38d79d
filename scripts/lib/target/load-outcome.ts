import type { TablePlan } from '../mapping/plan.ts';
import { ToolkitError, describeError, type ErrorDescription } from '../model/errors.ts';
import type { Progress } from '../model/progress.ts';
import type { TargetCatalog } from '../model/target-catalog.ts';
import { asTargetError } from './connect.ts';
import { isTransient } from './faults.ts';
import { tablesReferringTo, type LoadedTable } from './load-group.ts';

/** What became of one table. `done-before`: an earlier attempt of the run had committed it. */
export interface TableOutcome {
  readonly plan: TablePlan;
  readonly state: 'committed' | 'done-before' | 'rolled-back' | 'not-loaded' | 'unknown';
  readonly loaded?: LoadedTable;
  /** Which of the sessions loaded it, from 1. */
  readonly job?: number;
}

export interface LoadOutcome {
  readonly tables: readonly TableOutcome[];
  /** Target tables that `--truncate` emptied for good and that were not loaded afterwards. */
  readonly emptied: ReadonlySet<string>;
  /** What stopped the load; absent when it went to its end or only findings stopped it. */
  readonly failure?: ErrorDescription;
}

/** Says what became of tables whose rows were copied. */
export function settleTables(
  progress: Progress,
  plans: readonly TablePlan[],
  outcome: 'done' | 'failed',
): void {
  for (const { target } of plans) progress.settle?.('load', target.name, outcome);
}

/** What went with the tables that were emptied, loaded and committed, and was not loaded itself. */
export function emptiedBy(catalog: TargetCatalog, committed: readonly string[]): Set<string> {
  if (committed.length === 0) return new Set();
  const emptied = tablesReferringTo(catalog, committed);
  for (const table of committed) emptied.delete(table);
  return emptied;
}

/** The names of the target tables that are committed, of this attempt and of earlier ones. */
export function committedTables(tables: readonly TableOutcome[]): string[] {
  return tables
    .filter(({ state }) => state === 'committed' || state === 'done-before')
    .map(({ plan }) => plan.target.name);
}

/** Which tables are committed, for a person who has to decide what to do. */
function describeState(tables: readonly TableOutcome[], emptied: ReadonlySet<string>): string {
  const committed = committedTables(tables);
  const unknown = tables
    .filter(({ state }) => state === 'unknown')
    .map(({ plan }) => plan.target.name);
  const doubt =
    unknown.length === 0
      ? ''
      : `; whether the commit of ${unknown.join(', ')} arrived is not known: the next import reads it from the journal`;
  if (committed.length === 0) return `no table is committed, the target is as it was${doubt}`;
  const empty =
    emptied.size === 0 ? '' : `; emptied with them and not loaded: ${[...emptied].join(', ')}`;
  return `committed: ${committed.join(', ')}${empty}; all others are as they were${doubt}`;
}

/** What stopped a load, with what is committed. */
export function describeFailure(
  error: unknown,
  options: {
    readonly label: string;
    readonly table: string;
    readonly isInterrupted: boolean;
    readonly tables: readonly TableOutcome[];
    readonly emptied: ReadonlySet<string>;
    readonly hint: string;
  },
): ErrorDescription {
  const { label, table, isInterrupted, tables, emptied, hint } = options;
  const state = describeState(tables, emptied);
  if (isInterrupted) {
    const message = `interrupted: ${state}`;
    return describeError(
      new ToolkitError({ kind: 'interrupted', code: 'interrupted', message, hint }),
    );
  }
  const described = describeError(asTargetError(error, label, table === '' ? undefined : table));
  const message = `${described.message} (${state})`;
  return { ...described, message, ...(isTransient(error) ? { hint } : {}) };
}
