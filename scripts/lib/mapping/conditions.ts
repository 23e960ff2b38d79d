import type { ManifestColumn } from '../artifact/manifest.ts';
import { MalformedText, asBuffer, type Row, type SqliteValue } from '../model/values.ts';
import { encodeValue } from '../value/codec.ts';
import type { Condition } from './file/schema.ts';

/** Whether a row is to be loaded. */
export type RowFilter = (row: Row) => boolean;

/** What of a column decides how its values compare. */
type ComparedColumn = Pick<ManifestColumn, 'name' | 'affinity' | 'collation'>;

/**
 * Makes the filter that keeps rows for which all conditions hold; null when there are none. A column
 * compares with a value as it does in SQLite: by its affinity and, where that is a built-in one, its
 * collation. But NULL differs from every value: it passes `ne` and `not_in`.
 *
 * Source: https://www.sqlite.org/datatype3.html#comparison_expressions
 */
export function rowFilter(
  conditions: readonly Condition[],
  columns: readonly ComparedColumn[],
): RowFilter | null {
  if (conditions.length === 0) return null;
  const tests = conditions.flatMap((condition) => {
    const index = columns.findIndex(({ name }) => name === condition.column);
    const column = columns[index];
    if (column === undefined) return [];
    const holds = makeTest(condition, column);
    return [(row: Row) => holds(row[index] ?? null)];
  });
  return (row) => tests.every((test) => test(row));
}

/** What a condition compares with. */
type Literal = string | number | bigint;
type Test = (value: SqliteValue) => boolean;

function makeTest(condition: Condition, column: ComparedColumn): Test {
  switch (condition.op) {
    case 'is_null':
      return (value) => value === null;
    case 'is_not_null':
      return (value) => value !== null;
    case 'in':
      return oneOf(condition.value, column);
    case 'not_in': {
      const isOneOf = oneOf(condition.value, column);
      return (value) => !isOneOf(value);
    }
    default:
      return comparison(condition.op, condition.value, column);
  }
}

function oneOf(values: readonly Literal[], column: ComparedColumn): Test {
  const tests = values.map((value) => comparison('eq', value, column));
  return (value) => tests.some((test) => test(value));
}

type Comparison = Exclude<Condition['op'], 'in' | 'not_in' | 'is_null' | 'is_not_null'>;

const HOLDS: Readonly<Record<Comparison, (order: number) => boolean>> = {
  eq: (order) => order === 0,
  ne: (order) => order !== 0,
  lt: (order) => order < 0,
  le: (order) => order <= 0,
  gt: (order) => order > 0,
  ge: (order) => order >= 0,
};

function comparison(op: Comparison, given: Literal, column: ComparedColumn): Test {
  const holds = HOLDS[op];
  const literal = withAffinity(given, column.affinity);
  if (typeof literal !== 'string') {
    return (value) => (value === null ? op === 'ne' : holds(orderOfNumber(value, literal)));
  }
  const fold = FOLDS[column.collation?.toUpperCase() ?? ''] ?? asItIs;
  const bytes = fold(Buffer.from(literal));
  return (value) => (value === null ? op === 'ne' : holds(orderOfText(value, bytes, fold)));
}

const NUMERIC = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i;

/** SQLite applies a column's affinity to what it is compared with. */
function withAffinity(literal: Literal, affinity: ComparedColumn['affinity']): Literal {
  switch (affinity) {
    case 'text':
      if (typeof literal === 'string') return literal;
      return Number.isInteger(literal) ? String(literal) : encodeValue(literal);
    case 'integer':
    case 'real':
    case 'numeric':
      return typeof literal === 'string' && NUMERIC.test(literal) ? numberOf(literal) : literal;
    case 'blob':
      return literal;
    default:
      return affinity satisfies never;
  }
}

function numberOf(text: string): number | bigint {
  if (!/^\s*[+-]?\d+\s*$/.test(text)) return Number(text);
  const integer = BigInt(text.trim().replace('+', ''));
  return BigInt.asIntN(64, integer) === integer ? integer : Number(text);
}

function orderOfNumber(value: Exclude<SqliteValue, null>, literal: number | bigint): number {
  // Text and BLOBs are greater than any number.
  if (typeof value !== 'bigint' && typeof value !== 'number') return 1;
  // JavaScript compares a bigint and a number by value, exactly.
  return value < literal ? -1 : value > literal ? 1 : 0;
}

function orderOfText(value: Exclude<SqliteValue, null>, literal: Buffer, fold: Fold): number {
  if (typeof value === 'string') return Buffer.compare(fold(Buffer.from(value)), literal);
  if (value instanceof MalformedText) return Buffer.compare(fold(asBuffer(value.bytes)), literal);
  return value instanceof Uint8Array ? 1 : -1;
}

/** Makes bytes of text such that those which a collation calls equal are the same. */
type Fold = (bytes: Buffer) => Buffer;

const asItIs: Fold = (bytes) => bytes;
const BLANK = 0x20;

/** Source: https://www.sqlite.org/datatype3.html#collation */
const FOLDS: Readonly<Record<string, Fold>> = {
  NOCASE: (bytes) =>
    asBuffer(bytes.map((byte) => (byte >= 0x41 && byte <= 0x5a ? byte + BLANK : byte))),
  RTRIM: (bytes) => {
    let end = bytes.length;
    while (end > 0 && bytes[end - 1] === BLANK) end -= 1;
    return bytes.subarray(0, end);
  },
};
