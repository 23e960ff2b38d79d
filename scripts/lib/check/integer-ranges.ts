import type { Artifact } from '../artifact/reader.ts';
import { TOKEN, type ScannedRows } from '../artifact/scanned-rows.ts';
import { integerOf, readToken } from '../artifact/token.ts';
import { columnId, type IntegerRange, type TablePlan } from '../mapping/plan.ts';
import type { PlannedTable } from '../mapping/source-shape.ts';
import type { ColumnFacts } from '../model/column-facts.ts';
import type { CommandContext } from '../model/progress.ts';
import { artifactRows } from './artifact-rows.ts';

/**
 * Reads the tables of which a plan needs to know between which limits a column's integers lie: all
 * integers of the source, whatever the mapping leaves out.
 *
 * @param factsOf what a verification learned of the columns, by table: such a table is not read
 */
export async function readIntegerRanges(
  artifact: Artifact,
  plans: readonly TablePlan[],
  context: CommandContext,
  factsOf: ReadonlyMap<string, readonly ColumnFacts[]> = new Map(),
): Promise<Map<string, IntegerRange>> {
  const ranges = new Map<string, IntegerRange>();
  for (const { source, columns } of plans) {
    const undecided = columns.filter((column) => column.needsIntegerRange);
    if (undecided.length === 0) continue;
    const facts = factsOf.get(source.name);
    if (facts !== undefined) {
      for (const { source: column, sourceIndex } of undecided) {
        ranges.set(columnId(source.name, column?.name ?? ''), rangeIn(facts[sourceIndex]));
      }
      continue;
    }
    const indexes = undecided.map((column) => column.sourceIndex);
    const found: Ranges = new Map();
    for await (const rows of artifactRows(artifact, source, 'units of times', context)) {
      for (const index of indexes) widen(found, index, rows);
    }
    for (const { source: column, sourceIndex } of undecided) {
      ranges.set(columnId(source.name, column?.name ?? ''), found.get(sourceIndex) ?? null);
    }
  }
  return ranges;
}

/** Holds the ranges that a plan was made with against the rows of a table, while they pass anyway. */
export class PassingRanges {
  /** By the column's place in a row. */
  readonly #assumed: ReadonlyMap<number, IntegerRange>;
  readonly #found: Ranges = new Map();

  /** @param assumed by column, as {@link readIntegerRanges} gives them */
  constructor(
    { name, columns }: Pick<PlannedTable, 'name' | 'columns'>,
    assumed: ReadonlyMap<string, IntegerRange>,
  ) {
    const ranges = columns.map((column) => assumed.get(columnId(name, column.name)));
    this.#assumed = new Map(
      [...ranges.entries()].flatMap(([index, range]) =>
        range === undefined ? [] : [[index, range]],
      ),
    );
  }

  look(rows: ScannedRows): void {
    for (const index of this.#assumed.keys()) widen(this.#found, index, rows);
  }

  /** Whether those are the ranges of the rows that have passed. */
  areTrue(): boolean {
    return [...this.#assumed].every(([index, range]) => {
      const found = this.#found.get(index) ?? null;
      return range?.min === found?.min && range?.max === found?.max;
    });
  }
}

function rangeIn(facts: ColumnFacts | undefined): IntegerRange {
  const range = facts?.integers?.range ?? null;
  return range === null ? null : { min: BigInt(range.min), max: BigInt(range.max) };
}

type Ranges = Map<number, { min: bigint; max: bigint }>;

function widen(ranges: Ranges, index: number, rows: ScannedRows): void {
  for (let row = 0; row < rows.rowCount; row++) {
    const place = row * rows.columnCount + index;
    if (rows.kinds[place] !== TOKEN.integer) continue;
    const value = integerAt(rows, place);
    // 0 is the same moment in every unit.
    if (value === 0) continue;
    const range = ranges.get(index);
    if (range === undefined) ranges.set(index, { min: BigInt(value), max: BigInt(value) });
    else if (value < range.min) range.min = BigInt(value);
    else if (value > range.max) range.max = BigInt(value);
  }
}

/** As a number where that is exact. */
function integerAt(rows: ScannedRows, place: number): number | bigint {
  const integer = integerOf(rows, place);
  if (!Number.isNaN(integer)) return integer;
  const value = readToken(rows, place);
  return typeof value === 'bigint' ? value : 0;
}
