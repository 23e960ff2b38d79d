import type pg from 'pg';

import type { ScannedRows } from '../artifact/scanned-rows.ts';
import type { ColumnPlan, TablePlan } from '../mapping/plan.ts';
import type { ConvertedRow } from '../mapping/row.ts';
import type { PlannedTable } from '../mapping/source-shape.ts';
import type { ColumnFacts } from '../model/column-facts.ts';
import type { ConflictAnswer } from '../model/conflict.ts';
import { FindingCollector } from '../model/findings.ts';
import type { JudgedBy } from '../model/judged-by.ts';
import { Ledger } from '../model/ledger.ts';
import type { TargetCatalog } from '../model/target-catalog.ts';
import type { Row } from '../model/values.ts';
import { undecidedColumns } from './facts-decide.ts';
import type { RowWatcher } from './foreign-keys.ts';
import { rowJudge, type RowPlace } from './judge.ts';
import type { RowReader } from './lost-ahead.ts';
import { LostRows } from './lost-rows.ts';
import { scannedJudge, type LoadedRows } from './scanned-judge.ts';
import { TargetConditions } from './target-conditions.ts';
import { TargetKeys } from './target-keys.ts';
import { ValueTrial } from './value-trial.ts';

export interface JudgementOptions {
  readonly plans: readonly TablePlan<PlannedTable>[];
  /**
   * Where only some tables are loaded: all of them in load order. What the mapping leaves out of the
   * others decides about the rows that refer to it, so their rows are to be looked at too.
   */
  readonly allPlans?: readonly TablePlan<PlannedTable>[];
  readonly catalog: TargetCatalog;
  /** A session on the target; nothing is written through it. Null where nothing need be asked of one. */
  readonly client: pg.Client | null;
  readonly findings: FindingCollector;
  readonly ledger: Ledger;
  /** Rows stay in the target tables. */
  readonly keepsRows: boolean;
  /** What becomes of a row whose primary key is there already. */
  readonly onConflict: ConflictAnswer;
  /** Target tables that are loaded already, by an earlier attempt. */
  readonly doneBefore: ReadonlySet<string>;
  /** What keys may take of the memory. */
  readonly keyMemoryBytes?: number | undefined;
  /**
   * What a verification learned of the columns of a source table; undefined where nothing is known.
   * Where it is known, rows that are judged value by value are judged by that, as far as it goes.
   */
  readonly factsOf?: (table: string) => readonly ColumnFacts[] | undefined;
  /** Gets what looks at every row of a table that would be loaded, but where facts are known. */
  readonly watch: (plan: TablePlan<PlannedTable>) => LoadedRows;
}

/** Judges the rows of one table. */
export interface TableJudgement {
  readonly look: (row: Row, place: RowPlace) => void;
  /** To be awaited every few hundred rows and after the last one. */
  readonly settle: () => Promise<void>;
  /** Where it is there, it does for many rows what `look` does for one. */
  readonly lookAll?: (rows: ScannedRows) => void;
  readonly needsParent: NonNullable<RowWatcher['needsParent']>;
  /** Nothing of the rows need be looked at. */
  readonly isSettled?: boolean;
}

/**
 * Holds every row that would be loaded against the target: types, lengths, NULL, unique keys, foreign
 * keys, checks, domains and generated columns. All that does not fit becomes findings, with exact
 * totals; all that the mapping changes goes to the ledger. Nothing is written.
 */
export class Judgement {
  /** What the mapping leaves out; the load asks it again. */
  readonly lostRows: LostRows;
  readonly #options: JudgementOptions;
  readonly #keys: TargetKeys;
  readonly #judgedBy = new Map<TablePlan<PlannedTable>, JudgedBy>();

  constructor(options: JudgementOptions) {
    this.#options = options;
    this.lostRows = new LostRows(options.allPlans ?? options.plans, options.keyMemoryBytes);
    this.#keys = new TargetKeys({ ...options, lostRows: this.lostRows });
  }

  /** Reads ahead what has to be known before the first row; to be awaited before that. */
  async prepare(readRows: RowReader): Promise<void> {
    await this.lostRows.prepare(readRows);
  }

  /** Makes what judges the rows of this table; tables are to come in load order. */
  table(plan: TablePlan<PlannedTable>): TableJudgement {
    if (!this.#options.plans.includes(plan)) return this.#notLoaded(plan);
    const judge = rowJudge({ ...this.#options, plan, lostRows: this.lostRows });
    const keys = this.#keys.watch(plan);
    const conditions = new TargetConditions({ ...this.#options, plan });
    const isByValue = judge.isByValue && keys === undefined && conditions.isEmpty;
    const undecided = isByValue ? this.#undecidedBy(plan) : null;
    this.#judgedBy.set(plan, wayOf(undecided));
    const loaded = undecided === null ? this.#options.watch(plan) : new ValueTrial(plan, undecided);
    const look = (row: Row, place: RowPlace): ConvertedRow | null => {
      const values = judge.look(row, place);
      keys?.look(row, values, place);
      if (values === null) return null;
      conditions.look(row, values, place);
      loaded.look(row, values);
      return values;
    };
    return {
      look: (row, place) => void look(row, place),
      settle: async () => {
        await keys?.settle();
        await conditions.settle();
      },
      needsParent: judge.needsParent,
      ...(isByValue ? scannedJudge(plan, judge, loaded, look) : {}),
      isSettled: undecided?.length === 0,
    };
  }

  /** How the rows of a table were judged; null when they were not. */
  judgedBy(plan: TablePlan<PlannedTable>): JudgedBy | null {
    return this.#judgedBy.get(plan) ?? null;
  }

  /** Null where nothing is known of the columns. */
  #undecidedBy(plan: TablePlan<PlannedTable>): readonly ColumnPlan[] | null {
    const facts = this.#options.factsOf?.(plan.source.name);
    const isKnown = facts !== undefined && plan.generated.length === 0;
    return isKnown ? undecidedColumns(plan, facts) : null;
  }

  /** Rows of a table that is not loaded need fit nowhere; only which of them are left out matters. */
  #notLoaded(plan: TablePlan<PlannedTable>): TableJudgement {
    const { look } = rowJudge({
      plan,
      lostRows: this.lostRows,
      findings: new FindingCollector(),
      ledger: new Ledger(),
    });
    return {
      look: (row, place) => void look(row, place),
      settle: async () => undefined,
      needsParent: () => false,
    };
  }

  /** To be called once, when every table has been watched to its end. */
  finish(): void {
    this.#keys.finish();
  }

  close(): void {
    this.#keys.close();
    this.lostRows.close();
  }
}

function wayOf(undecided: readonly ColumnPlan[] | null): JudgedBy {
  if (undecided === null) return 'rows';
  return undecided.length === 0 ? 'facts' : 'columns';
}
