import * as z from 'zod';

import { didYouMean } from '../../model/nearest.ts';
import { comparableSchema } from './scalars.ts';

const COMPARISONS = ['eq', 'ne', 'lt', 'le', 'gt', 'ge'] as const;
const MEMBERSHIPS = ['in', 'not_in'] as const;
const NULL_TESTS = ['is_null', 'is_not_null'] as const;

const column = z.string().describe('a column of the source table');

const explained = {
  error: ({ input }: z.core.$ZodRawIssue): string => conditionFault(input),
};

/** One condition of `where`, as a mapping file has it. */
export const conditionSchema = z
  .union(
    [
      z.strictObject({ column, op: z.enum(COMPARISONS), value: comparableSchema }, explained),
      z.strictObject(
        { column, op: z.enum(MEMBERSHIPS), value: z.array(comparableSchema).min(1) },
        explained,
      ),
      z.strictObject({ column, op: z.enum(NULL_TESTS) }, explained),
    ],
    explained,
  )
  .meta({
    id: 'condition',
    description:
      'compares as SQLite does, by affinity and collation of the column; but NULL passes ne and not_in',
  });

export type Condition = z.infer<typeof conditionSchema>;

const ALL_OPERATORS: readonly string[] = [...COMPARISONS, ...MEMBERSHIPS, ...NULL_TESTS];
const KEYS: readonly string[] = ['column', 'op', 'value'];

/** What is wrong with something that is no condition. */
function conditionFault(input: unknown): string {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    return 'a condition is an object, such as {"column": "status", "op": "eq", "value": "open"}';
  }
  const given: Readonly<Record<string, unknown>> = { ...input };
  const unknown = Object.keys(given).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) {
    return `a condition has column, op and value, and no ${unknown}${didYouMean(unknown, KEYS)}`;
  }
  const { column, op, value } = given;
  if (typeof column !== 'string') return 'a condition names its column, as text';
  if (typeof op !== 'string' || !ALL_OPERATORS.includes(op)) {
    return `there is no operator ${String(op)}${didYouMean(String(op), ALL_OPERATORS)} (${ALL_OPERATORS.join(', ')})`;
  }
  return valueFault(op, value);
}

function valueFault(op: string, value: unknown): string {
  if (isOneOf(op, NULL_TESTS)) return `${op} takes no value`;
  if (value === null) return `no value compares with null: use is_null or is_not_null`;
  if (isOneOf(op, MEMBERSHIPS)) {
    return `${op} takes a list of at least one text or number as its value`;
  }
  return Array.isArray(value)
    ? `${op} takes one text or number as its value; in and not_in take a list`
    : `${op} takes a text or a number as its value`;
}

function isOneOf(op: string, operators: readonly string[]): boolean {
  return operators.includes(op);
}
