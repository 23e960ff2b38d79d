import { performance } from 'node:perf_hooks';

import type { TableComparison } from '../../model/archive-comparison.ts';
import type { CommandContext } from '../../model/progress.ts';
import { readExactly, type TextReading } from '../../source/rows.ts';
import { DifferenceTally, type RowDifferences } from './difference-tally.ts';
import { LineCursor } from './line-cursor.ts';
import { mergeRows } from './merge.ts';
import {
  chooseMethod,
  sameNames,
  type Method,
  type TableOfSide,
  type TablePair,
} from './method.ts';
import { projectedLines } from './projected-lines.ts';
import { rowParser } from './row-parser.ts';
import type { LineStream, SideTable, TableDigest } from './side.ts';
import { keyBytes, sortedLines } from './sorted-lines.ts';
import { UnpairedRows } from './unpaired-rows.ts';

export interface CompareOptions {
  readonly showValues: boolean;
  readonly context: CommandContext;
}

/**
 * Compares the rows of a table over the columns that both sides have: by their primary key where it is
 * the same on both, else as multisets. Where both data files are known to be the same, no row is read.
 *
 * @throws ToolkitError of kind `artifact` or `source` when a side cannot be read
 */
export async function compareTable(
  pair: TablePair,
  options: CompareOptions,
): Promise<TableComparison> {
  const startedAt = performance.now();
  const { before, after } = pair;
  const compared =
    before.table.sha256 !== null && before.table.sha256 === after.table.sha256
      ? sameFiles(before.table, before.table.sha256)
      : await readExactly(after.side.encoding, (reading) => compareRows(pair, reading, options));
  const { rowsAdded, rowsRemoved, rowsChanged } = compared;
  return {
    name: before.table.name,
    state: rowsAdded + rowsRemoved + rowsChanged === 0 ? 'equal' : 'different',
    ...compared,
    elapsedMs: Math.round(performance.now() - startedAt),
  };
}

type Compared = Pick<TableComparison, 'comparedBy' | 'before' | 'after'> & RowDifferences;

function sameFiles({ rowCount }: SideTable, sha256: string): Compared {
  const digest = { rowCount, sha256 };
  const tally = new DifferenceTally([], [], false);
  tally.equal(rowCount);
  return { comparedBy: 'sha256', before: digest, after: digest, ...tally.result() };
}

async function compareRows(
  pair: TablePair,
  reading: TextReading,
  options: CompareOptions,
): Promise<Compared> {
  const method = chooseMethod(pair);
  const { columnNames, keyIndexes } = method;
  const { table } = pair.before;
  const tally = new DifferenceTally(columnNames, table.primaryKey, options.showValues);
  const unpaired = new UnpairedRows({
    ...method,
    parse: rowParser(columnNames, table.file ?? ''),
    showValues: options.showValues,
    tally,
  });
  const larger = table.rowCount > pair.after.table.rowCount ? pair.before : pair.after;
  const activity = options.context.progress.start(
    `${table.name}, compared`,
    larger.table.rowCount,
    { phase: 'compare', table: table.name },
  );
  const open = (part: TableOfSide): LineCursor =>
    openCursor(part, method, reading, options.context, (lines) => {
      if (part === larger) activity.advance(lines);
    });
  const before = open(pair.before);
  const after = open(pair.after);
  try {
    await mergeRows({ before, after, tally, unpaired, keyIndexes, ...method.order });
    return {
      comparedBy: keyIndexes.length === 0 ? 'whole-rows' : 'key',
      before: digestOf(before),
      after: digestOf(after),
      ...tally.result(),
    };
  } catch (error) {
    activity.fail?.();
    throw error;
  } finally {
    activity.done();
    unpaired.close();
    await before.close();
    await after.close();
  }
}

function openCursor(
  { side, table }: TableOfSide,
  method: Method,
  reading: TextReading,
  context: CommandContext,
  onLoad: (lines: number) => void,
): LineCursor {
  const names = table.columns.map(({ name }) => name);
  const file = table.file ?? '';
  const parse = rowParser(method.columnNames, file);
  let stream: LineStream = side.readLines(table, reading, context);
  if (!sameNames(names, method.columnNames)) {
    stream = projectedLines(stream, rowParser(names, file), names, method.columnNames);
  }
  if (method.isSorted) {
    stream = sortedLines(stream, (line) => keyBytes(parse(line), method.keyIndexes));
  }
  return new LineCursor({ stream, parse, onLoad });
}

function digestOf(cursor: LineCursor): TableDigest {
  if (cursor.digest === undefined) throw new Error('a table was not read to its end');
  return cursor.digest;
}
