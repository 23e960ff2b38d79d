import type { Row } from '../../model/values.ts';
import type { DifferenceTally } from './difference-tally.ts';
import type { LineCursor } from './line-cursor.ts';
import type { UnpairedRows } from './unpaired-rows.ts';

/** How the rows of a table are brought together. */
export interface Merge {
  readonly before: LineCursor;
  readonly after: LineCursor;
  readonly tally: DifferenceTally;
  /** What has no key, or one with a NULL, goes there. */
  readonly unpaired: UnpairedRows;
  /** The places of the key's columns in a row; empty without a key. */
  readonly keyIndexes: readonly number[];
  /** Orders two rows by their keys, in the order in which both sides come. */
  readonly compareKeys: (a: Row, b: Row) => number;
  /** Whether the cursors' line numbers are those of the data files. */
  readonly isInFileOrder: boolean;
}

/**
 * Walks both sides to their ends, side by side. Two lines that are the same are a row that both have;
 * only where they differ are rows taken apart.
 */
export async function mergeRows(merge: Merge): Promise<void> {
  const { before, after, tally } = merge;
  for (;;) {
    if (!before.isLoaded) await before.load();
    if (!after.isLoaded) await after.load();
    const { line: earlier } = before;
    const { line: later } = after;
    if (earlier === undefined && later === undefined) break;
    if (earlier !== undefined && later?.equals(earlier) === true) {
      tally.equal();
      before.advance();
      after.advance();
    } else if (!setAside(merge)) takeByKey(merge);
  }
  merge.unpaired.settle();
}

/** Takes the rows at which both stand and that no key pairs; false when both have a key. */
function setAside({ before, after, unpaired, keyIndexes, isInFileOrder }: Merge): boolean {
  let hasTaken = false;
  for (const [side, cursor] of [
    ['before', before],
    ['after', after],
  ] as const) {
    if (cursor.line === undefined || hasKey(cursor, keyIndexes)) continue;
    unpaired.add(side, cursor.line, isInFileOrder ? cursor.lineNumber : null);
    cursor.advance();
    hasTaken = true;
  }
  return hasTaken;
}

function hasKey(cursor: LineCursor, keyIndexes: readonly number[]): boolean {
  if (keyIndexes.length === 0) return false;
  const row = cursor.row();
  return keyIndexes.every((index) => row[index] !== null);
}

function takeByKey({ before, after, tally, compareKeys }: Merge): void {
  const order =
    before.line === undefined
      ? 1
      : after.line === undefined
        ? -1
        : compareKeys(before.row(), after.row());
  if (order < 0) tally.removed(before.row());
  else if (order > 0) tally.added(after.row());
  else tally.pair(before.row(), after.row());
  if (order <= 0) before.advance();
  if (order >= 0) after.advance();
}
