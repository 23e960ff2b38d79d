import type { GeneratedPlan, TablePlan } from '../mapping/plan.ts';
import type { ConvertedRow } from '../mapping/row.ts';
import type { PlannedTable } from '../mapping/source-shape.ts';
import type { Finding, FindingHead } from '../model/findings.ts';
import { describeKey, describeValue } from '../model/row-key.ts';
import type {
  TargetCheck,
  TargetForeignKey,
  TargetTableCheck,
  TargetUniqueKey,
} from '../model/target-catalog.ts';
import type { Row } from '../model/values.ts';

type Plan = TablePlan<PlannedTable>;

const data = { severity: 'blocking', kind: 'data' } as const;

/** Where a constraint of the target stands, in the words of the source. */
export function placeOfConstraint(
  plan: Plan,
  columns: readonly string[],
  constraint: string,
): Finding['where'] {
  const { name, file } = plan.source;
  return {
    table: name,
    ...(columns.length === 0
      ? {}
      : { column: columns.map((column) => sourceNameOf(plan, column)).join(', ') }),
    constraint,
    ...(file === undefined ? {} : { file }),
  };
}

/** What the source calls a column of the target; its own name where the source has no such column. */
export function sourceNameOf({ columns, generated }: Plan, target: string): string {
  const column = [...columns, ...generated].find((candidate) => candidate.target.name === target);
  return column?.source?.name ?? target;
}

/** Makes the function that shows what the source has in these columns of the target. */
export function describerOf(
  plan: Plan,
  columns: readonly string[],
): (row: Row, values: ConvertedRow) => string {
  const parts = columns.flatMap((name) => {
    const index = plan.columns.findIndex(({ target }) => target.name === name);
    const planned =
      plan.columns[index] ?? plan.generated.find(({ target }) => target.name === name);
    return planned === undefined
      ? []
      : [{ name: sourceNameOf(plan, name), index, sourceIndex: planned.sourceIndex }];
  });
  const names = parts.map(({ name }) => name);
  return (row, values) =>
    describeKey(
      names,
      // A constant of the mapping has no place in the source.
      parts.map(
        ({ index, sourceIndex }) => (sourceIndex === -1 ? values[index] : row[sourceIndex]) ?? null,
      ),
    );
}

/** Rows of the source that the target would take for one. */
export function duplicateHead(plan: Plan, key: TargetUniqueKey): FindingHead {
  const { name } = plan.target;
  return {
    ...data,
    code: 'unique-broken',
    message: `rows have the same key in the target: ${key.name} is unique over ${name} (${key.columns.join(', ')})`,
    where: placeOfConstraint(plan, key.columns, key.name),
    hint: 'merge these rows or change their keys in the source, or leave some out in the mapping (where)',
  };
}

/** Rows of the source whose key a row of the target has. */
export function heldKeyHead(plan: Plan, key: TargetUniqueKey): FindingHead {
  return {
    ...duplicateHead(plan, key),
    message: `rows have a key that a row of the target has already: ${key.name} is unique over ${plan.target.name} (${key.columns.join(', ')})`,
    hint: 'leave these rows out in the mapping (where), make their keys others there, or say with --on-conflict skip or update what becomes of rows whose primary key is there',
  };
}

/** Rows that would have no parent in the target. */
export function orphanHead(plan: Plan, key: TargetForeignKey): FindingHead {
  return {
    ...data,
    code: 'orphan',
    message: `rows refer to a parent row that the target's table ${key.parentTable} would not have`,
    where: placeOfConstraint(plan, key.columns, key.name),
    hint: 'add the missing parents or mend the rows in the source; where the two sides only write a value differently, convert both alike in the mapping',
  };
}

/** Rows whose parent would have to be a row that the target holds of its own, and is not. */
export function unfilledParentHead(plan: Plan, key: TargetForeignKey): FindingHead {
  return {
    ...data,
    code: 'orphan',
    message: `rows refer to a parent row that the target's table ${key.parentTable} does not have, and this import loads nothing into it`,
    where: placeOfConstraint(plan, key.columns, key.name),
    hint: 'load that table too (--tables), put the parents into it beforehand, or mend the rows in the source',
  };
}

const MEND_ROWS =
  'mend these rows in the source, convert their values in the mapping, or change the rule by a migration';

/** Rows that a CHECK of the target's table refuses. */
export function checkHead(plan: Plan, { name, sql, columns }: TargetTableCheck): FindingHead {
  return {
    ...data,
    code: 'check-broken',
    message: `rows break the CHECK ${name} of ${plan.target.name}: ${shortened(sql)}`,
    where: placeOfConstraint(plan, columns, name),
    hint: MEND_ROWS,
  };
}

/** Values that a CHECK of a domain refuses. */
export function domainHead(
  plan: Plan,
  column: string,
  domain: string,
  { name, sql }: TargetCheck,
): FindingHead {
  return {
    ...data,
    code: 'domain-broken',
    message: `values break the CHECK ${name} of the domain ${domain}: ${shortened(sql)}`,
    where: placeOfConstraint(plan, [column], name),
    hint: MEND_ROWS,
  };
}

/** Rows for which a generated column of the target comes to another value than the source has. */
export function generatedHead(plan: Plan, { target }: GeneratedPlan): FindingHead {
  const { column, table, file } = placeOfConstraint(plan, [target.name], '');
  return {
    ...data,
    code: 'generated-differs',
    message: `the target computes another value than the source holds (${plan.target.name}.${target.name}: ${shortened(target.generatedSql ?? '')})`,
    where: { table, column, ...(file === undefined ? {} : { file }) },
    hint: 'change the expression by a migration, or drop the column in the mapping if the value of the target is the right one',
  };
}

const MAX_SQL_SHOWN = 120;

function shortened(sql: string): string {
  return sql.length <= MAX_SQL_SHOWN ? sql : `${sql.slice(0, MAX_SQL_SHOWN)}…`;
}

/** A value as PostgreSQL writes it: numbers and times plain, all else in quotes. */
export function shownAnswer(text: string): string {
  return /^(?:NULL|[-+.:e\d ]+)$/.test(text) ? text : describeValue(text);
}

/** A constraint that nothing but the load can judge. */
export function leftToLoad(where: Finding['where'], reason: string): FindingHead {
  return {
    severity: 'info',
    kind: 'structure',
    code: 'left-to-load',
    message: `only the load can tell whether rows break it: ${reason}`,
    where,
    hint: 'try it with --dry-run: the first row that breaks it stops the load of its table and is named',
  };
}
