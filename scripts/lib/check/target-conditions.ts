import pg from 'pg';

import type { TablePlan } from '../mapping/plan.ts';
import type { ConvertedRow } from '../mapping/row.ts';
import type { PlannedTable } from '../mapping/source-shape.ts';
import type { ConflictAnswer } from '../model/conflict.ts';
import type { FindingCollector } from '../model/findings.ts';
import type { Ledger } from '../model/ledger.ts';
import { describeValue } from '../model/row-key.ts';
import type { TargetCatalog } from '../model/target-catalog.ts';
import type { Row, SqliteValue } from '../model/values.ts';
import { Misfit } from '../value/convert/converter.ts';
import type { Condition } from './condition.ts';
import type { Candidate } from './condition-inputs.ts';
import { conditionSql, type ConditionAnswer } from './condition-sql.ts';
import { conditionsOf } from './conditions-of-table.ts';
import type { RowPlace } from './judge.ts';
import { generatedHead, leftToLoad } from './target-findings.ts';

export interface TargetConditionsOptions {
  readonly plan: TablePlan<PlannedTable>;
  /** All tables that are filled. */
  readonly plans: readonly TablePlan<PlannedTable>[];
  readonly catalog: TargetCatalog;
  /** A session on the target that is in no transaction; null where there is nothing to ask. */
  readonly client: pg.Client | null;
  readonly findings: FindingCollector;
  readonly ledger: Ledger;
  /** Rows stay in the target tables, whosever they are. */
  readonly keepsRows: boolean;
  /** What becomes of a row whose primary key is there already. */
  readonly onConflict: ConflictAnswer;
  /** Target tables that are loaded already. */
  readonly doneBefore: ReadonlySet<string>;
}

/**
 * Lets PostgreSQL itself judge, without writing, what only it can: checks, domains, generated columns,
 * parents that the target holds of its own, and keys of the rows that stay there. Rows are collected and sent as texts, a batch at a
 * time; nothing is sent for a table that has no such conditions.
 */
export class TargetConditions {
  readonly #options: TargetConditionsOptions;
  #conditions: readonly Condition[];
  #batch: Candidate[] = [];

  constructor(options: TargetConditionsOptions) {
    this.#options = options;
    this.#conditions = conditionsOf(options);
  }

  /** There is nothing to ask of any row. */
  get isEmpty(): boolean {
    return this.#conditions.length === 0;
  }

  look(row: Row, values: ConvertedRow, place: RowPlace): void {
    if (this.#conditions.length === 0) return;
    this.#batch.push({ row, values, place, expected: this.#expected(row, place) });
  }

  async settle(): Promise<void> {
    const batch = this.#batch;
    this.#batch = [];
    if (batch.length > 0) await this.#judge(batch, this.#conditions);
  }

  /** What the source has for the generated columns. */
  #expected(row: Row, place: RowPlace): Candidate['expected'] {
    const { plan, findings } = this.#options;
    return plan.generated.map((generated) => {
      const value: SqliteValue = row[generated.sourceIndex] ?? null;
      const text = value === null ? null : generated.convert(value);
      if (!(text instanceof Misfit)) return text;
      // Whatever the target computes, it is not that.
      const detail = `${describeValue(value)} ${text.reason}`;
      findings.add(generatedHead(plan, generated), { ...place, detail });
      return undefined;
    });
  }

  async #judge(rows: readonly Candidate[], conditions: readonly Condition[]): Promise<void> {
    let answers;
    try {
      answers = await this.#ask(rows, conditions);
    } catch (error) {
      await this.#findCause(error, rows, conditions);
      return;
    }
    for (const { ordinal, answers: ofRow } of answers) {
      const candidate = rows[ordinal - 1];
      for (const [index, condition] of conditions.entries()) {
        const answer = ofRow[index] ?? null;
        if (candidate === undefined || answer === null) continue;
        this.#report(condition, candidate, condition.explain(candidate, answer));
      }
    }
  }

  /** Asks in a transaction that cannot write, for an expression may call any function. */
  async #ask(
    rows: readonly Candidate[],
    conditions: readonly Condition[],
  ): Promise<readonly ConditionAnswer[]> {
    const { client, plan } = this.#options;
    if (client === null) throw new Error('there is no server to ask');
    const inputs = [...new Set(conditions.flatMap((condition) => condition.inputs))];
    const sql = conditionSql({
      table: plan.target.name,
      inputs,
      answers: conditions.map(({ answerSql }) => answerSql),
    });
    const texts = inputs
      .filter(({ from }) => from === 'given')
      .map(({ textOf }) => rows.map((candidate) => textOf(candidate) ?? null));
    await client.query('BEGIN TRANSACTION READ ONLY');
    try {
      return (await client.query<ConditionAnswer & pg.QueryResultRow>(sql, texts)).rows;
    } finally {
      // Of a broken connection the query's own error says more.
      await client.query('ROLLBACK').catch(() => undefined);
    }
  }

  /** PostgreSQL could not work a condition out: finds for which condition and which rows. */
  async #findCause(
    error: unknown,
    rows: readonly Candidate[],
    conditions: readonly Condition[],
  ): Promise<void> {
    const fault = faultOf(error);
    const [first] = conditions;
    const [candidate] = rows;
    if (fault === null || first === undefined || candidate === undefined) throw error;
    if (conditions.length > 1 && (fault.kind === 'condition' || rows.length === 1)) {
      for (const condition of conditions) await this.#judge(rows, [condition]);
    } else if (fault.kind === 'condition') {
      this.#conditions = this.#conditions.filter((condition) => condition !== first);
      this.#options.findings.add(leftToLoad(first.head.where, fault.message));
    } else if (rows.length > 1) {
      const middle = Math.ceil(rows.length / 2);
      await this.#judge(rows.slice(0, middle), conditions);
      await this.#judge(rows.slice(middle), conditions);
    } else {
      this.#report(first, candidate, `${first.explain(candidate, null)}: ${fault.message}`);
    }
  }

  #report(condition: Condition, candidate: Candidate, detail: string): void {
    // What does not fit its type is reported as that, and NULL stood here in its place.
    const isWhole = condition.inputs.every(({ textOf }) => textOf(candidate) !== undefined);
    if (!isWhole) return;
    if (condition.change !== undefined) {
      const { plan, ledger } = this.#options;
      ledger.add(plan.source.name, null, condition.change, candidate.place);
      return;
    }
    this.#options.findings.add(condition.head, { ...candidate.place, detail });
  }
}

/** SQLSTATE classes that speak of the session or the server. */
const SERVER_CLASSES: ReadonlySet<string> = new Set('08 40 53 55 57 58 F0 XX'.split(' '));
/** Not supported, no writing in this transaction, no such function or no right to it. */
const CONDITION_CLASSES: ReadonlySet<string> = new Set(['0A', '25', '42']);

/**
 * What an error speaks of: the rows, or the condition, which cannot be tried in this way; null for
 * anything else.
 *
 * Source: https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
function faultOf(
  error: unknown,
): { readonly kind: 'rows' | 'condition'; readonly message: string } | null {
  if (!(error instanceof pg.DatabaseError) || error.code === undefined) return null;
  const sqlClass = error.code.slice(0, 2);
  if (SERVER_CLASSES.has(sqlClass)) return null;
  return {
    kind: CONDITION_CLASSES.has(sqlClass) ? 'condition' : 'rows',
    message: `PostgreSQL answers: ${error.message} (SQLSTATE ${error.code})`,
  };
}
