import type { GeneratedPlan, TablePlan } from '../mapping/plan.ts';
import type { PlannedTable } from '../mapping/source-shape.ts';
import type { FindingCollector } from '../model/findings.ts';
import type { ConflictAnswer } from '../model/conflict.ts';
import { quoteIdentifier } from '../model/sql.ts';
import type { TargetCatalog, TargetColumn, TargetTableCheck } from '../model/target-catalog.ts';
import type { Condition } from './condition.ts';
import { ConditionInputs } from './condition-inputs.ts';
import { heldKeyCondition } from './held-key-condition.ts';
import { parentCondition } from './parent-condition.ts';
import {
  checkHead,
  describerOf,
  domainHead,
  generatedHead,
  leftToLoad,
  placeOfConstraint,
  shownAnswer,
} from './target-findings.ts';

export interface ConditionsOptions {
  readonly plan: TablePlan<PlannedTable>;
  /** All tables that are filled. */
  readonly plans: readonly TablePlan<PlannedTable>[];
  readonly catalog: TargetCatalog;
  readonly findings: FindingCollector;
  /** Rows stay in the target tables, whosever they are. */
  readonly keepsRows: boolean;
  /** What becomes of a row whose primary key is there already. */
  readonly onConflict: ConflictAnswer;
  /** Target tables that are loaded already. */
  readonly doneBefore: ReadonlySet<string>;
}

/**
 * The conditions that rows of a table must meet: its checks, those of its domains, what its generated
 * columns compute, foreign keys to tables that nothing is loaded into, and unique keys beside rows that
 * stay. What can only be judged in
 * the load becomes a finding that says so.
 */
export function conditionsOf(options: ConditionsOptions): Condition[] {
  const { plan, findings } = options;
  const inputs = new ConditionInputs(plan);
  const leave = (columns: readonly string[], constraint: string, reason: string): Condition[] => {
    findings.add(leftToLoad(placeOfConstraint(plan, columns, constraint), reason));
    return [];
  };
  return [
    ...plan.target.checks.flatMap((check) => checkCondition(plan, check, inputs, leave)),
    ...plan.columns.flatMap(({ target }) => domainConditions(plan, target, inputs)),
    ...plan.generated.flatMap((generated) => generatedCondition(plan, generated, inputs, leave)),
    ...plan.target.foreignKeys.flatMap((key) => parentCondition(options, key, inputs) ?? []),
    ...plan.target.uniqueKeys.flatMap((key) => heldKeyCondition(options, key, inputs) ?? []),
  ];
}

type Leave = (columns: readonly string[], constraint: string, reason: string) => Condition[];

const MAX_COLUMNS_SHOWN = 4;
const LITERALS_AND_QUOTED_NAMES = /'(?:[^']|'')*'|"(?:[^"]|"")*"/g;

function checkCondition(
  plan: TablePlan<PlannedTable>,
  check: TargetTableCheck,
  known: ConditionInputs,
  leave: Leave,
): Condition[] {
  const { name, sql, columns } = check;
  if (sql.replaceAll(LITERALS_AND_QUOTED_NAMES, '').includes('.*')) {
    return leave(columns, name, 'it speaks of the row as a whole');
  }
  if (columns.length === 0) return leave(columns, name, 'it speaks of no column');
  const needed = known.of(columns);
  if ('unknown' in needed)
    return leave(columns, name, `the target fills the column ${needed.unknown} itself`);
  const describe = describerOf(plan, columns.slice(0, MAX_COLUMNS_SHOWN));
  return [
    {
      head: checkHead(plan, check),
      answerSql: `CASE WHEN (${sql}) IS FALSE THEN '' END`,
      inputs: needed.inputs,
      explain: ({ row, values }) => describe(row, values),
    },
  ];
}

function domainConditions(
  plan: TablePlan<PlannedTable>,
  { name, type: { domain } }: TargetColumn,
  known: ConditionInputs,
): Condition[] {
  const needed = known.of([name]);
  if (domain === null || 'unknown' in needed) return [];
  const column = `${quoteIdentifier(plan.target.name)}.${quoteIdentifier(name)}`;
  const describe = describerOf(plan, [name]);
  return domain.checks.map((check) => ({
    head: domainHead(plan, name, domain.name, check),
    // The expression says VALUE, which a column of that name answers to.
    answerSql: `(SELECT CASE WHEN (${check.sql}) IS FALSE THEN '' END FROM (SELECT ${column} AS value) AS given)`,
    inputs: needed.inputs,
    explain: ({ row, values }) => describe(row, values),
  }));
}

function generatedCondition(
  plan: TablePlan<PlannedTable>,
  generated: GeneratedPlan,
  known: ConditionInputs,
  leave: Leave,
): Condition[] {
  const { target } = generated;
  const needed = known.of([target.name]);
  if ('unknown' in needed) {
    return leave(
      [target.name],
      target.name,
      `the target fills the column ${needed.unknown} itself`,
    );
  }
  const expected = known.expected(generated);
  const row = quoteIdentifier(plan.target.name);
  const computed = `${row}.${quoteIdentifier(target.name)}`;
  const given = `${row}.${quoteIdentifier(expected.name)}`;
  const isDifferent = `${comparable(target, computed)} IS DISTINCT FROM ${comparable(target, given)}`;
  const describe = describerOf(plan, [target.name]);
  return [
    {
      head: generatedHead(plan, generated),
      answerSql: `CASE WHEN ${isDifferent} THEN coalesce(${computed}::text, 'NULL') END`,
      inputs: [...needed.inputs, expected],
      explain: ({ row: source, values }, answer) =>
        answer === null
          ? describe(source, values)
          : `the source holds ${describe(source, values)}, the target computes ${shownAnswer(answer)}`,
    },
  ];
}

/** Types that compare by value; the others are the same when their texts are. */
const COMPARABLE: ReadonlySet<string> = new Set([
  'int2',
  'int4',
  'int8',
  'float4',
  'float8',
  'numeric',
  'bool',
  'bpchar',
  'bytea',
  'uuid',
  'date',
  'time',
  'timetz',
  'timestamp',
  'timestamptz',
  'interval',
  'jsonb',
  'inet',
  'cidr',
]);

function comparable({ type }: TargetColumn, sql: string): string {
  if (type.kind === 'enum' || type.kind === 'array') return sql;
  if (type.name === 'json') return `${sql}::jsonb`;
  return COMPARABLE.has(type.name) ? sql : `${sql}::text COLLATE "C"`;
}
