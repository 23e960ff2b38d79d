import type { ManifestColumn } from '../artifact/manifest.ts';
import type { FindingCollector } from '../model/findings.ts';
import type { TargetColumn } from '../model/target-catalog.ts';
import type { ConversionContext, EpochUnit, TimeUnit } from '../value/convert/converter.ts';
import {
  EPOCH_UNIT_NAMES,
  epochDay,
  epochUnitOf,
  isTimeType,
} from '../value/convert/epoch-unit.ts';
import { columnId, type IntegerRange, type PlanOptions } from './plan.ts';
import type { ColumnMapping } from './resolved-mapping.ts';
import type { PlannedTable } from './source-shape.ts';

/** What a conversion of a column has to know, as far as it is known yet. */
export interface ColumnContext {
  readonly context: ConversionContext;
  /** Nothing but all integers of the column together can say in which unit of time they are. */
  readonly needsIntegerRange: boolean;
}

/**
 * Finds out how the values of a column are to be read. Integers of times are in the unit that the
 * mapping says; in milliseconds where Prisma wrote them; else in the one that all of them together
 * allow, which becomes a finding.
 */
export function columnContext(
  options: PlanOptions<PlannedTable>,
  table: PlannedTable,
  source: ManifestColumn,
  target: TargetColumn,
  mapping: ColumnMapping,
): ColumnContext {
  const isTime = isTimeType(target.type);
  const ofPrisma = isTime && options.source.madeByPrisma ? 'ms' : null;
  const given = mapping.time.timeUnit ?? ofPrisma;
  // A column of TEXT affinity holds no integers: SQLite makes text of them.
  if (given !== null || !isTime || source.affinity === 'text') {
    return { context: contextOf(options, mapping, given), needsIntegerRange: false };
  }
  const range = options.ranges.get(columnId(table.name, source.name));
  const unit = range === undefined ? null : unitOf(range, table, source, options.findings);
  return { context: contextOf(options, mapping, unit), needsIntegerRange: range === undefined };
}

/** What a conversion has to know, with times in this unit. */
export function contextOf(
  { source, target }: PlanOptions<PlannedTable>,
  { time }: ColumnMapping,
  timeUnit: TimeUnit | null,
): ConversionContext {
  return {
    timeUnit,
    readsNumericText: time.timeUnit !== undefined,
    timeZone: time.timeZone ?? 'UTC',
    dateFormat: time.dateFormat ?? null,
    sourceEncoding: source.encoding,
    serverVersion: target.serverVersion,
  };
}

function unitOf(
  range: IntegerRange,
  table: PlannedTable,
  column: ManifestColumn,
  findings: FindingCollector,
): EpochUnit | null {
  if (range === null) return null;
  const unit = epochUnitOf(range.min, range.max);
  if (unit !== null) reportTimeUnit(table, column, unit, range, findings);
  return unit;
}

/** The integers of a column could be times in one unit only. */
function reportTimeUnit(
  source: PlannedTable,
  column: ManifestColumn,
  unit: EpochUnit,
  range: Exclude<IntegerRange, null>,
  findings: FindingCollector,
): void {
  findings.add({
    severity: 'info',
    kind: 'structure',
    code: 'time-unit-found',
    message: `integers are read as ${EPOCH_UNIT_NAMES[unit]} since 1970: from ${epochDay(range.min, unit)} to ${epochDay(range.max, unit)}`,
    where: { table: source.name, column: column.name },
    hint: `the mapping can say it outright: "convert": "epoch_${unit}"`,
  });
}
