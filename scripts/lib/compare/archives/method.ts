import { compareValues } from '../../check/key-order.ts';
import type { Row } from '../../model/values.ts';
import type { Side, SideTable } from './side.ts';
import { keyBytes } from './sorted-lines.ts';

export interface TableOfSide {
  readonly side: Side;
  readonly table: SideTable;
}

/** A table that both sides have. */
export interface TablePair {
  readonly before: TableOfSide;
  readonly after: TableOfSide;
}

/** How the rows of both sides are brought together. */
export interface Method {
  /** Of the columns that both sides have. */
  readonly columnNames: readonly string[];
  readonly primaryKey: readonly string[];
  /** The places of the key's columns among the columns; empty when no key is common to both sides. */
  readonly keyIndexes: readonly number[];
  readonly isSorted: boolean;
  readonly order: {
    readonly compareKeys: (a: Row, b: Row) => number;
    readonly isInFileOrder: boolean;
  };
}

/** The columns of the first table that the second has as well. */
function commonColumns(before: SideTable, after: SideTable): string[] {
  const later = new Set(after.columns.map(({ name }) => name));
  return before.columns.map(({ name }) => name).filter((name) => later.has(name));
}

/** Whether rows of these tables can be compared at all. */
export function hasCommonColumn(before: SideTable, after: SideTable): boolean {
  return commonColumns(before, after).length > 0;
}

/** Chooses how the rows of a table are brought together. */
export function chooseMethod({ before, after }: TablePair): Method {
  const columnNames = commonColumns(before.table, after.table);
  const { primaryKey } = before.table;
  const isSameKey = sameNames(primaryKey.toSorted(), after.table.primaryKey.toSorted());
  const keyIndexes = isSameKey ? primaryKey.map((name) => columnNames.indexOf(name)) : [];
  const isSorted = isSameKey && !comesInOneOrder(before, after);
  const { encoding } = before.side;
  const compareKeys = isSorted
    ? (a: Row, b: Row) => Buffer.compare(keyBytes(a, keyIndexes), keyBytes(b, keyIndexes))
    : (a: Row, b: Row) => {
        for (const index of keyIndexes) {
          const order = compareValues(a[index] ?? null, b[index] ?? null, encoding);
          if (order !== 0) return order;
        }
        return 0;
      };
  return {
    columnNames,
    primaryKey: isSameKey ? primaryKey : [],
    keyIndexes,
    isSorted,
    order: { compareKeys, isInFileOrder: !isSorted },
  };
}

/** Text is ordered by the bytes of the encoding, and columns in key order. */
function comesInOneOrder(before: TableOfSide, after: TablePair['after']): boolean {
  if (!sameNames(before.table.primaryKey, after.table.primaryKey)) return false;
  const isByRowid = before.table.rowidAlias !== null && after.table.rowidAlias !== null;
  return isByRowid || before.side.encoding === after.side.encoding;
}

/** Whether these are the same names in the same order. */
export function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, index) => name === b[index]);
}
