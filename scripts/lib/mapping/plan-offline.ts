import type { ManifestColumn, ManifestTable } from '../artifact/manifest.ts';
import type { FindingCollector } from '../model/findings.ts';
import type { TargetColumn, TargetTable } from '../model/target-catalog.ts';
import { UNKNOWN_TYPE } from '../value/bytes/index.ts';
import { cellConverter } from './cell.ts';
import { rowFilter } from './conditions.ts';
import { reportDroppedColumn, reportSkippedTable } from './plan-findings.ts';
import { mayLoseRows, type ColumnPlan, type TablePlan } from './plan.ts';
import {
  NO_COLUMN_MAPPING,
  NO_TABLE_MAPPING,
  type ColumnMapping,
  type ResolvedMapping,
  type TableMapping,
} from './resolved-mapping.ts';
import type { PlannedSource } from './source-shape.ts';

/**
 * Plans what a mapping does to the rows without any target: which rows it leaves out, and whether
 * its conversions can be applied. Types and the names of the target are not judged.
 *
 * @param findings is told which tables and columns are left out
 */
export function planOffline(
  source: PlannedSource<ManifestTable>,
  mapping: ResolvedMapping,
  findings: FindingCollector,
): TablePlan[] {
  return source.tables.flatMap((table): TablePlan[] => {
    const mapped = mapping.get(table.name) ?? NO_TABLE_MAPPING;
    if (mapped.skip === undefined) return [planTable(table, mapped, findings)];
    reportSkippedTable(table, mapped.skip, findings);
    return [];
  });
}

function planTable(
  source: ManifestTable,
  mapped: TableMapping,
  findings: FindingCollector,
): TablePlan {
  const keeps = rowFilter(mapped.where, source.columns);
  const columns = source.columns.flatMap((column, index): ColumnPlan[] => {
    const mapping = mapped.columns.get(column.name) ?? NO_COLUMN_MAPPING;
    if (mapping.drop === undefined) return [planColumn(column, index, mapping)];
    reportDroppedColumn(source, column, mapping.drop, findings);
    return [];
  });
  const target = anyTable(mapped.target ?? source.name);
  return {
    source,
    target,
    columns,
    generated: [],
    keeps,
    mayLoseRows: mayLoseRows(columns, keeps),
    scope: [],
    outward: mapped.references,
  };
}

function planColumn(
  source: ManifestColumn,
  sourceIndex: number,
  { target = source.name, steps, policies }: ColumnMapping,
): ColumnPlan {
  return {
    source,
    sourceIndex,
    target: anyColumn(target),
    convert: cellConverter({ steps, policies, convert: () => '', notNull: false }),
    context: null,
    isPlain: steps.length === 0 && policies.size === 0,
    encoders: UNKNOWN_TYPE,
    needsIntegerRange: false,
    policies,
  };
}

function anyTable(name: string): TargetTable {
  return {
    name,
    columns: [],
    uniqueKeys: [],
    checks: [],
    foreignKeys: [],
    triggers: [],
    sequences: [],
    hasDeferrableKeys: false,
  };
}

function anyColumn(name: string): TargetColumn {
  return {
    name,
    type: {
      name: 'any',
      display: 'of any type',
      kind: 'other',
      enumLabels: [],
      modifier: -1,
      sql: 'text',
      baseSql: 'text',
      domain: null,
      element: null,
    },
    notNull: false,
    hasDefault: false,
    identity: null,
    isGenerated: false,
    generatedSql: null,
    hasNondeterministicCollation: false,
  };
}
