import type { FindingCollector, FindingHead } from '../model/findings.ts';
import { describeValue } from '../model/row-key.ts';
import type { Row } from '../model/values.ts';
import { Misfit, type MisfitCode } from '../value/convert/converter.ts';
import type { ColumnPlan, TablePlan } from './plan.ts';

const MESSAGES: Readonly<Record<MisfitCode, string>> = {
  'value-class': 'values are of a storage class that the target type does not take',
  'value-range': 'values are out of range for the target type',
  'value-format': 'values are not in a form that the target type takes',
  'value-length': 'values are longer than the target column takes',
  'value-precision': 'values would lose digits in the target type',
  'value-nul': 'text holds a character that PostgreSQL cannot store',
  'value-encoding': 'text is not valid in the encoding of the database',
  'value-label': 'values are no label of the target enum',
  'value-unit': 'integers stand for times in an unknown unit',
};

/**
 * Makes the function that tries every value of a row on its target column and reports each one that
 * will not fit, before anything is written.
 */
export function rowJudge(
  plan: TablePlan,
  findings: FindingCollector,
): (row: Row, line: number, rowKey: string | undefined) => void {
  const heads = new Map<string, FindingHead>();
  const headOf = (column: ColumnPlan, code: MisfitCode | 'value-null'): FindingHead => {
    const key = `${column.sourceIndex} ${code}`;
    const head = heads.get(key) ?? makeHead(plan, column, code);
    heads.set(key, head);
    return head;
  };
  return (row, line, rowKey) => {
    for (const column of plan.columns) {
      const value = row[column.sourceIndex] ?? null;
      const place = rowKey === undefined ? { line } : { rowKey, line };
      if (value === null) {
        if (column.target.notNull) findings.add(headOf(column, 'value-null'), place);
        continue;
      }
      const converted = column.convert(value);
      if (!(converted instanceof Misfit)) continue;
      const detail = `${describeValue(value)} ${converted.reason}`;
      findings.add(headOf(column, converted.code), { ...place, detail });
    }
  };
}

function makeHead(
  plan: TablePlan,
  column: ColumnPlan,
  code: MisfitCode | 'value-null',
): FindingHead {
  const message =
    code === 'value-null' ? 'NULL stands where the target column requires a value' : MESSAGES[code];
  return {
    code,
    severity: 'blocking',
    kind: 'data',
    message: `${message} (${plan.target.name}.${column.target.name} ${column.target.type.display})`,
    where: { table: plan.source.name, column: column.source.name, file: plan.source.file },
    hint: 'mend the values in the source, or change the type of the field in the Prisma schema',
  };
}
