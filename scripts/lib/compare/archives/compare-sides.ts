import { performance } from 'node:perf_hooks';

import type { Comparison, TableComparison } from '../../model/archive-comparison.ts';
import { readExactly } from '../../source/rows.ts';
import { compareTable, type CompareOptions } from './compare-table.ts';
import { DifferenceTally } from './difference-tally.ts';
import { hasCommonColumn } from './method.ts';
import { schemaDifferences } from './schema-differences.ts';
import type { Side, SideTable, TableDigest } from './side.ts';

/**
 * Compares two states of a database: every table's rows, and the schema. Each difference is counted,
 * and the first ones are shown.
 *
 * @throws ToolkitError of kind `artifact` or `source` when a side cannot be read
 */
export async function compareSides(
  before: Side,
  after: Side,
  options: CompareOptions,
): Promise<Comparison> {
  const earlier = new Map(before.tables.map((table) => [table.name, table]));
  const later = new Map(after.tables.map((table) => [table.name, table]));
  const tables: TableComparison[] = [];
  const names = new Set([...earlier.keys(), ...later.keys()]);
  options.context.progress.plan?.(
    'compare',
    [...names].map((name) => ({
      table: name,
      rows: Math.max(earlier.get(name)?.rowCount ?? 0, later.get(name)?.rowCount ?? 0),
      bytes: null,
    })),
  );
  for (const name of names) {
    const was = earlier.get(name);
    const is = later.get(name);
    tables.push(
      was !== undefined && is !== undefined && hasCommonColumn(was, is)
        ? await compareTable(
            { before: { side: before, table: was }, after: { side: after, table: is } },
            options,
          )
        : await describeAlone(
            name,
            { side: before, table: was },
            { side: after, table: is },
            options,
          ),
    );
  }
  const schema = schemaDifferences(before, after);
  const hasDifference = tables.some(({ state }) => state !== 'equal' && state !== 'not-compared');
  return {
    isEqual: schema.length === 0 && !hasDifference,
    rowsEqual: sumOf(tables, 'rowsEqual'),
    rowsAdded: sumOf(tables, 'rowsAdded'),
    rowsRemoved: sumOf(tables, 'rowsRemoved'),
    rowsChanged: sumOf(tables, 'rowsChanged'),
    schema,
    tables,
  };
}

type RowFigure = 'rowsEqual' | 'rowsAdded' | 'rowsRemoved' | 'rowsChanged';

function sumOf(tables: readonly TableComparison[], figure: RowFigure): number {
  return tables.reduce((sum, table) => sum + table[figure], 0);
}

interface MaybeTable {
  readonly side: Side;
  readonly table: SideTable | undefined;
}

/** A table that there is nothing to compare with. */
async function describeAlone(
  name: string,
  before: MaybeTable,
  after: MaybeTable,
  options: CompareOptions,
): Promise<TableComparison> {
  const startedAt = performance.now();
  const was = await readDigest(before, options);
  const is = await readDigest(after, options);
  const isLeftOut = [before, after].some(
    ({ side, table }) => table === undefined && leavesOut(side, name),
  );
  const state =
    isLeftOut || (was !== null && is !== null)
      ? 'not-compared'
      : was === null
        ? 'added'
        : 'removed';
  return {
    name,
    state,
    comparedBy: null,
    before: was,
    after: is,
    ...new DifferenceTally([], [], false).result(),
    rowsAdded: state === 'added' ? (is?.rowCount ?? 0) : 0,
    rowsRemoved: state === 'removed' ? (was?.rowCount ?? 0) : 0,
    elapsedMs: Math.round(performance.now() - startedAt),
  };
}

/** Whether the export left out a table that was there. */
function leavesOut(side: Side, name: string): boolean {
  return side.notCarried.some(
    (object) =>
      object.name === name && (object.kind === 'excluded' || object.kind === 'migration-history'),
  );
}

async function readDigest(
  { side, table }: MaybeTable,
  { context }: CompareOptions,
): Promise<TableDigest | null> {
  if (table === undefined) return null;
  const { sha256, rowCount } = table;
  if (sha256 !== null) return { sha256, rowCount };
  const activity = context.progress.start(`${table.name}, read`, rowCount, {
    phase: 'compare',
    table: table.name,
  });
  try {
    return await readExactly(side.encoding, async (reading) => {
      const lines = side.readLines(table, reading, context);
      for (;;) {
        const step = await lines.next();
        if (step.done === true) return step.value;
        activity.advance(step.value.length);
      }
    });
  } catch (error) {
    activity.fail?.();
    throw error;
  } finally {
    activity.done();
  }
}
