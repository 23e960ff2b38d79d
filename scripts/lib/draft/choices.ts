import type { ColumnCensus } from '../model/census.ts';
import type { SourceTable } from '../model/source-catalog.ts';
import { foldName } from '../source/names.ts';
import { columnGroups, type ColumnGroup, type PlacedColumn } from './groups.ts';
import { censusOf, columnId, definitionOf, type DraftSource } from './input.ts';
import type { DraftedEnum } from './model.ts';
import { parseExpression } from './sql/expression.ts';
import { candidatesFor, type Candidate } from './types/candidates.ts';
import { enumType } from './types/drafted-type.ts';
import { mergedCensus } from './types/evidence.ts';

/** The types that a group of columns may get, and which of them is tried. */
export interface TypeChoice {
  readonly group: ColumnGroup;
  readonly candidates: readonly Candidate[];
  /** Place among the candidates. */
  tried: number;
  /** Why earlier candidates were given up. */
  readonly refusals: Refusal[];
}

/** Values that a type did not take. */
export interface Refusal {
  readonly table: string;
  readonly column: string;
  /** What an import would have said. */
  readonly message: string;
  readonly total: number;
  readonly rowKeys: readonly string[];
}

/** The choices for all columns of a draft. */
export function typeChoices(
  source: DraftSource,
  enums: ReadonlyMap<string, DraftedEnum>,
): TypeChoice[] {
  return columnGroups(source.tables).map((group) => ({
    group,
    candidates: candidatesOf(source, group, enums),
    tried: 0,
    refusals: [],
  }));
}

function candidatesOf(
  source: DraftSource,
  { leader, members }: ColumnGroup,
  enums: ReadonlyMap<string, DraftedEnum>,
): readonly Candidate[] {
  const { table, column } = leader;
  const drafted = members.length > 1 ? undefined : enums.get(columnId(table.name, column.name));
  return candidatesFor({
    name: column.name,
    declaredType: column.declaredType,
    census: mergedCensus(members.map((member) => numbersToCome(source, member))),
    isInKey: members.length > 1 || isInKey(table, column.name),
    madeByPrisma: source.catalog.facts.madeByPrisma,
    isCheckedJson: isCheckedJson(source, leader),
    enumType:
      drafted === undefined
        ? null
        : enumType(
            drafted.name,
            drafted.databaseName,
            drafted.labels.map(({ value }) => value),
          ),
  });
}

/** The census of a column; AUTOINCREMENT has given out its mark, even if that row is gone. */
function numbersToCome(source: DraftSource, { table, column }: PlacedColumn): ColumnCensus {
  const census = censusOf(source, table.name, column.name);
  const mark = column.name === table.rowidAlias ? table.autoincrementMark : null;
  const { integers } = census;
  if (mark === null || integers === null || BigInt(integers.maximum) >= mark) return census;
  return { ...census, integers: { ...integers, maximum: mark.toString() } };
}

/** Whether rows are told apart by the column, alone or with others. */
export function isInKey({ primaryKey, uniqueKeys }: SourceTable, column: string): boolean {
  return (
    primaryKey.includes(column) ||
    uniqueKeys.some(({ columns }) => columns.some(({ name }) => name === column))
  );
}

function isCheckedJson(source: DraftSource, { table, column }: PlacedColumn): boolean {
  return definitionOf(source, table.name).checks.some(({ sql }) => {
    const expression = parseExpression(sql);
    const sides =
      expression?.kind === 'binary' && expression.operator === 'or'
        ? [expression.left, expression.right]
        : [expression];
    return sides.some((side) => {
      const [operand] = side?.kind === 'call' && side.name === 'json_valid' ? side.operands : [];
      return operand?.kind === 'column' && foldName(operand.name) === foldName(column.name);
    });
  });
}

/** The candidate that is tried. */
export function chosen({ candidates, tried }: TypeChoice): Candidate {
  const candidate = candidates[tried];
  if (candidate === undefined) throw new Error('no type takes any value of the column');
  return candidate;
}
