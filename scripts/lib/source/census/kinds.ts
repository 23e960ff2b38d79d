import type { StorageClass } from '../../model/values.ts';

/**
 * The kinds that the values of a column are sorted into, each value into one. In SQL a kind is its
 * place in this list; kinds that one measure spans stand side by side.
 */
export const VALUE_KINDS = [
  'null',
  'integer',
  'zero-or-one',
  'real-decimal',
  'real-long',
  'real-whole',
  'real-infinite',
  'blob',
  'text-with-nul',
  'text',
  'text-empty',
  'json-object',
  'json-array',
  'json-scalar',
  'date',
  'time-with-zone',
  'time-without-zone',
  'time-of-day',
  'text-boolean',
  'uuid',
  'text-decimal',
  'text-integer',
  'uuid-or-integer',
] as const;
export type ValueKind = (typeof VALUE_KINDS)[number];

/** The number that stands for a kind in SQL. */
export function kindCode(kind: ValueKind): number {
  return VALUE_KINDS.indexOf(kind);
}

/** These two kinds and all that stand between them. */
export function kindsBetween(first: ValueKind, last: ValueKind): readonly ValueKind[] {
  return VALUE_KINDS.slice(kindCode(first), kindCode(last) + 1);
}

/** The kinds of each storage class. */
export const KINDS_OF_CLASS: Readonly<Record<StorageClass, readonly ValueKind[]>> = {
  null: ['null'],
  integer: kindsBetween('integer', 'zero-or-one'),
  real: kindsBetween('real-decimal', 'real-infinite'),
  blob: ['blob'],
  text: kindsBetween('text-with-nul', 'uuid-or-integer'),
};

/** The storage classes that these kinds belong to. */
export function classesOf(kinds: ReadonlySet<ValueKind>): ReadonlySet<StorageClass> {
  const classes = Object.keys(KINDS_OF_CLASS) as StorageClass[];
  return new Set(classes.filter((name) => KINDS_OF_CLASS[name].some((kind) => kinds.has(kind))));
}
