import type { ScannedRows } from '../artifact/scanned-rows.ts';
import { readRow } from '../artifact/token.ts';
import type { TablePlan } from '../mapping/plan.ts';
import type { ConvertedRow } from '../mapping/row.ts';
import type { PlannedTable } from '../mapping/source-shape.ts';
import type { Row } from '../model/values.ts';
import type { RowWatcher } from './foreign-keys.ts';
import type { RowJudge, RowPlace } from './judge.ts';
import { placeMaker } from './row-place.ts';

/** Takes the rows of a table that are loaded. */
export interface LoadedRows {
  /** A row as it was converted. */
  look(row: Row, values: ConvertedRow): void;
  /**
   * A row by its tokens, where each of its values fits the target and is changed by no mapping: that
   * is the judgement too. False: it was not taken, and is to be looked at as a whole.
   */
  lookScanned(rows: ScannedRows, row: number): boolean;
}

/**
 * Judges rows many at once: by their tokens where those say all that there is to say, else one by
 * one. Only for a table whose rows are judged value by value.
 *
 * @param lookOne looks at a row as a whole; null when it is left out
 */
export function scannedJudge(
  plan: TablePlan<PlannedTable>,
  judge: RowJudge,
  loaded: LoadedRows,
  lookOne: (row: Row, place: RowPlace) => ConvertedRow | null,
): Required<Pick<RowWatcher, 'lookAll' | 'needsParent'>> {
  const { columns, primaryKey } = plan.source;
  const placeOf = placeMaker(
    columns.map((column) => column.name),
    primaryKey,
  );
  const leftOut = new Set<number>();
  return {
    lookAll: (rows) => {
      leftOut.clear();
      for (let row = 0; row < rows.rowCount; row++) {
        if (loaded.lookScanned(rows, row)) continue;
        const whole = readRow(rows, row);
        if (lookOne(whole, placeOf(whole, rows.firstLine + row)) === null) leftOut.add(row);
      }
    },
    needsParent: (key, row) => !leftOut.has(row) && judge.isUnanswered(key),
  };
}
