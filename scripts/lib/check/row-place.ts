import { rowKeyDescriber } from '../model/row-key.ts';
import type { Row } from '../model/values.ts';
import type { RowPlace } from './judge.ts';

/** Places of rows, whose key is described only when somebody asks for it. */
export function placeMaker(
  names: readonly string[],
  primaryKey: readonly string[],
): (row: Row, line: number) => RowPlace {
  if (primaryKey.length === 0) return (_, line) => ({ line });
  const describeRow = rowKeyDescriber(names, primaryKey);
  return (row, line) => ({
    line,
    get rowKey() {
      return describeRow(row) ?? '';
    },
  });
}
