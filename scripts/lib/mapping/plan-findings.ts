import type { ManifestColumn } from '../artifact/manifest.ts';
import type { FindingCollector, FindingHead } from '../model/findings.ts';
import type { TargetCatalog, TargetColumn, TargetTable } from '../model/target-catalog.ts';
import type { TablePlan } from './plan.ts';
import type { PlannedTable } from './source-shape.ts';

const structure = { severity: 'blocking', kind: 'structure' } as const;
const remark = { severity: 'info', kind: 'structure' } as const;

/** The mapping leaves a table out. */
export function reportSkippedTable(
  source: PlannedTable,
  reason: string,
  findings: FindingCollector,
): void {
  findings.add({
    ...remark,
    code: 'mapping-skips-table',
    message: `the mapping leaves the table out: ${reason}`,
    where: { table: source.name },
  });
}

/** The mapping leaves a column out. */
export function reportDroppedColumn(
  source: PlannedTable,
  column: ManifestColumn,
  reason: string,
  findings: FindingCollector,
): void {
  findings.add({
    ...remark,
    code: 'mapping-drops-column',
    message: `the mapping leaves the column out: ${reason}`,
    where: { table: source.name, column: column.name },
  });
}

/** A source table has no place in the target, or several. */
export function unplacedTable(
  source: PlannedTable,
  candidates: readonly TargetTable[],
  target: TargetCatalog,
): FindingHead {
  const several = candidates.map((candidate) => candidate.name).join(', ');
  return {
    ...structure,
    code: several === '' ? 'table-without-place' : 'table-ambiguous',
    message:
      several === ''
        ? `the target's schema ${target.schema} has no table for it`
        : `several tables of the target could be meant: ${several}`,
    where: { table: source.name },
    hint: 'add the model to the Prisma schema (@@map gives it this name), or say in the mapping where the table goes ("target") or why it stays behind ("skip")',
  };
}

/** A source column has no place in its table, or several. */
export function unplacedColumn(
  source: PlannedTable,
  column: ManifestColumn,
  target: TargetTable,
  candidates: readonly TargetColumn[],
): FindingHead {
  const several = candidates.map((candidate) => candidate.name).join(', ');
  // The target need not keep what it can compute.
  const isBlocking = column.generated === null || several !== '';
  return {
    kind: 'structure',
    severity: isBlocking ? 'blocking' : 'info',
    code: several === '' ? 'column-without-place' : 'column-ambiguous',
    message:
      several === ''
        ? `the target's table ${target.name} has no column for it`
        : `several columns of the target's table ${target.name} could be meant: ${several}`,
    where: { table: source.name, column: column.name },
    ...(isBlocking
      ? {
          hint: 'add the field to the model (@map gives it this name), or say in the mapping where the column goes ("target") or why it stays behind ("drop")',
        }
      : {}),
  };
}

/** Two source columns have the same place. */
export function sharedColumn(
  source: PlannedTable,
  target: TargetTable,
  column: TargetColumn,
  names: readonly string[],
): FindingHead {
  return {
    ...structure,
    code: 'column-shared',
    message: `two columns of the source would both go to ${target.name}.${column.name}`,
    where: { table: source.name, column: names.join(', ') },
    hint: 'say in the mapping where one of them goes ("target") or why it stays behind ("drop"), or give the model a field for each',
  };
}

/** Two source tables have the same place. */
export function reportSharedTargets(
  plans: readonly TablePlan<PlannedTable>[],
  findings: FindingCollector,
): void {
  const taken = new Map<string, string>();
  for (const { source, target } of plans) {
    const other = taken.get(target.name);
    taken.set(target.name, source.name);
    if (other === undefined) continue;
    findings.add({
      ...structure,
      code: 'table-shared',
      message: `the source's tables ${other} and ${source.name} would both go to ${target.name}`,
      where: { table: source.name },
      hint: 'say in the mapping where one of them goes ("target") or why it stays behind ("skip"), or give the Prisma schema a model for each',
    });
  }
}

/** Tables of the target that nothing goes to. */
export function reportUntouchedTargets(
  plans: readonly TablePlan<PlannedTable>[],
  target: TargetCatalog,
  findings: FindingCollector,
): void {
  const touched = new Set(plans.map((plan) => plan.target.name));
  for (const table of target.tables.filter(({ name }) => !touched.has(name))) {
    findings.add(
      {
        kind: 'structure',
        severity: 'info',
        code: 'target-table-not-filled',
        message: 'the artifact has nothing for these tables of the target',
        where: {},
      },
      { detail: table.name },
    );
  }
}

/** No conversion to the type of a column is known. */
export function unknownType(
  source: PlannedTable,
  column: ManifestColumn,
  target: TargetTable,
  targetColumn: TargetColumn,
): FindingHead {
  const { name, type, isGenerated } = targetColumn;
  const message = `no conversion to the type ${type.display} of ${target.name}.${name} is known`;
  const common = {
    code: 'type-not-supported',
    where: { table: source.name, column: column.name },
  } as const;
  if (isGenerated) {
    return {
      ...remark,
      ...common,
      message: `${message}: what the target computes is not compared`,
    };
  }
  return {
    ...structure,
    ...common,
    message,
    hint: 'give the column another type for the move, such as text, or leave it out in the mapping ("drop")',
  };
}

/** A column of the target that nothing goes to. */
export function reportUnfilled(
  source: PlannedTable,
  target: TargetTable,
  column: TargetColumn,
  findings: FindingCollector,
): void {
  if (column.isGenerated) return;
  const where = { table: source.name, column: `${target.name}.${column.name}` };
  if (column.notNull && !column.hasDefault) {
    findings.add({
      ...structure,
      code: 'column-without-source',
      message: 'the target requires a value, and the source has no column for it',
      where,
      hint: 'make the field optional, give it a @default that the database fills, or give it a value in the mapping ("add")',
    });
    return;
  }
  findings.add({
    kind: 'structure',
    severity: 'info',
    code: 'column-not-filled',
    message: `the source has no column for it: rows get ${column.hasDefault ? 'its default' : 'NULL'}`,
    where,
  });
}
