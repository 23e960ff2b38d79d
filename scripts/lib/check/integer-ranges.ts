import type { Artifact } from '../artifact/reader.ts';
import { columnId, type IntegerRange, type TablePlan } from '../mapping/plan.ts';
import type { CommandContext } from '../model/progress.ts';
import type { Row } from '../model/values.ts';
import { artifactRows } from './artifact-rows.ts';

/**
 * Reads the tables of which a plan needs to know between which limits a column's integers lie: all
 * integers of the source, whatever the mapping leaves out.
 */
export async function readIntegerRanges(
  artifact: Artifact,
  plans: readonly TablePlan[],
  context: CommandContext,
): Promise<Map<string, IntegerRange>> {
  const ranges = new Map<string, IntegerRange>();
  for (const { source, columns } of plans) {
    const undecided = columns.filter((column) => column.needsIntegerRange);
    if (undecided.length === 0) continue;
    const indexes = undecided.map((column) => column.sourceIndex);
    const found: Ranges = new Map();
    for await (const rows of artifactRows(artifact, source, 'units of times', context)) {
      for (const row of rows) widen(found, indexes, row);
    }
    for (const { source: column, sourceIndex } of undecided) {
      ranges.set(columnId(source.name, column?.name ?? ''), found.get(sourceIndex) ?? null);
    }
  }
  return ranges;
}

type Ranges = Map<number, { min: bigint; max: bigint }>;

function widen(ranges: Ranges, indexes: readonly number[], row: Row): void {
  for (const index of indexes) {
    const value = row[index];
    // 0 is the same moment in every unit.
    if (typeof value !== 'bigint' || value === 0n) continue;
    const range = ranges.get(index);
    if (range === undefined) ranges.set(index, { min: value, max: value });
    else if (value < range.min) range.min = value;
    else if (value > range.max) range.max = value;
  }
}
