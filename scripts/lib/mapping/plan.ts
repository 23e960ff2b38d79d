import type { Manifest, ManifestColumn, ManifestTable } from '../artifact/manifest.ts';
import type { FindingCollector, FindingHead } from '../model/findings.ts';
import type { TargetCatalog, TargetColumn, TargetTable } from '../model/target-catalog.ts';
import type { ConversionContext, Converter } from '../value/convert/converter.ts';
import { converterFor } from '../value/convert/index.ts';
import { matchName } from './match-names.ts';

/** Where one source column goes, and how. */
export interface ColumnPlan {
  readonly source: ManifestColumn;
  /** The column's place in the rows of the artifact. */
  readonly sourceIndex: number;
  readonly target: TargetColumn;
  readonly convert: Converter;
}

/** Where one source table goes. */
export interface TablePlan {
  readonly source: ManifestTable;
  readonly target: TargetTable;
  readonly columns: readonly ColumnPlan[];
}

const structure = { severity: 'blocking', kind: 'structure' } as const;

/**
 * Maps each table and column of the artifact to one of the target, by name. Whatever has no place,
 * more than one, or a type without a conversion becomes a finding; the plan holds what could be mapped.
 */
export function planTables(
  manifest: Manifest,
  target: TargetCatalog,
  findings: FindingCollector,
): TablePlan[] {
  const context: ConversionContext = { madeByPrisma: manifest.source.madeByPrisma };
  const plans: TablePlan[] = [];
  for (const source of manifest.tables) {
    const match = matchName(source.name, target.tables);
    if (match.kind === 'one') {
      plans.push({
        source,
        target: match.item,
        columns: planColumns(source, match.item, context, findings),
      });
    } else {
      findings.add(unplacedTable(source, match.kind === 'several' ? match.items : [], target));
    }
  }
  reportSharedTargets(plans, findings);
  reportUntouchedTargets(plans, target, findings);
  return plans;
}

function planColumns(
  source: ManifestTable,
  target: TargetTable,
  context: ConversionContext,
  findings: FindingCollector,
): ColumnPlan[] {
  const plans: ColumnPlan[] = [];
  const taken = new Map<string, string>();
  for (const [sourceIndex, column] of source.columns.entries()) {
    const match = matchName(column.name, target.columns);
    if (match.kind !== 'one') {
      findings.add(
        unplacedColumn(source, column, target, match.kind === 'several' ? match.items : []),
      );
      continue;
    }
    const other = taken.get(match.item.name);
    if (other !== undefined) {
      findings.add(sharedColumn(source, target, match.item, [other, column.name]));
      continue;
    }
    taken.set(match.item.name, column.name);
    if (match.item.isGenerated) continue;
    const convert = converterFor(match.item.type, context);
    if (convert === undefined) findings.add(unknownType(source, column, target, match.item));
    else plans.push({ source: column, sourceIndex, target: match.item, convert });
  }
  for (const column of target.columns) {
    if (!taken.has(column.name)) reportUnfilled(source, target, column, findings);
  }
  return plans;
}

function unplacedTable(
  source: ManifestTable,
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
    hint: 'add the model to the Prisma schema (@@map gives it this name), or export without the table (--exclude)',
  };
}

function unplacedColumn(
  source: ManifestTable,
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
    ...(isBlocking ? { hint: 'add the field to the model (@map gives it this name)' } : {}),
  };
}

function sharedColumn(
  source: ManifestTable,
  target: TargetTable,
  column: TargetColumn,
  names: readonly string[],
): FindingHead {
  return {
    ...structure,
    code: 'column-shared',
    message: `two columns of the source would both go to ${target.name}.${column.name}`,
    where: { table: source.name, column: names.join(', ') },
    hint: 'rename one of them in the source, or give the model a field for each',
  };
}

function reportSharedTargets(plans: readonly TablePlan[], findings: FindingCollector): void {
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
      hint: 'export without one of them (--exclude), or give the Prisma schema a model for each',
    });
  }
}

function reportUntouchedTargets(
  plans: readonly TablePlan[],
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

function unknownType(
  source: ManifestTable,
  column: ManifestColumn,
  target: TargetTable,
  targetColumn: TargetColumn,
): FindingHead {
  return {
    ...structure,
    code: 'type-not-supported',
    message: `no conversion to the type ${targetColumn.type.display} of ${target.name}.${targetColumn.name} is known`,
    where: { table: source.name, column: column.name },
    hint: 'give the column another type for the move, such as text',
  };
}

function reportUnfilled(
  source: ManifestTable,
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
      hint: 'make the field optional or give it a @default that the database fills',
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
