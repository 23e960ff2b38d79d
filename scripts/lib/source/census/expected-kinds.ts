import type { SourceColumn } from '../../model/source-catalog.ts';
import { KINDS_OF_CLASS, type ValueKind } from './kinds.ts';

const { integer: INTEGERS, real: REALS, text: TEXTS } = KINDS_OF_CLASS;
const FINITE = REALS.filter((kind) => kind !== 'real-infinite');
const UUIDS = ['uuid', 'uuid-or-integer'] as const;
const NUMBERS_IN_TEXT = ['text-integer', 'text-decimal', 'uuid-or-integer'] as const;
const TIMES = ['date', 'time-with-zone', 'time-without-zone'] as const;
const JSON_TEXTS = ['json-object', 'json-array', 'json-scalar', 'text-boolean'] as const;

/**
 * What goes with a declared type, by what its name says to people; null: anything. The first that
 * matches counts.
 */
const BY_NAME: readonly (readonly [RegExp, readonly ValueKind[] | null])[] = [
  [/BOOL/, ['zero-or-one', 'text-boolean']],
  // SQLite makes numbers of JSON numbers where the type is not one of text.
  [/JSON/, [...JSON_TEXTS, ...NUMBERS_IN_TEXT, ...INTEGERS, ...FINITE]],
  [/UUID|GUID|UNIQUEIDENTIFIER/, [...UUIDS, 'blob']],
  [/DATE|TIMESTAMP/, [...TIMES, ...INTEGERS, ...FINITE]],
  // A time of day has no form of its own in SQLite, and POINT is no integer, though SQLite thinks so.
  [/^TIME|POINT/, null],
  [/DEC|NUM|MONEY|CURRENCY/, [...INTEGERS, ...FINITE, ...NUMBERS_IN_TEXT]],
  [/BLOB|BINARY|BYTEA/, ['blob']],
];

/** The kinds of values that go with a column's declared type, NULL aside; null when any do. */
export function expectedKinds(column: SourceColumn): ReadonlySet<ValueKind> | null {
  const declared = column.declaredType.toUpperCase();
  const rule = BY_NAME.find(([pattern]) => pattern.test(declared));
  const kinds = rule === undefined ? byAffinity(column) : rule[1];
  return kinds === null ? null : new Set(['null', ...kinds]);
}

function byAffinity({ affinity }: SourceColumn): readonly ValueKind[] | null {
  switch (affinity) {
    case 'integer':
      return INTEGERS;
    case 'real':
      return [...REALS, ...INTEGERS];
    case 'text':
      return TEXTS;
    case 'blob':
    case 'numeric':
      return null;
    default:
      return affinity satisfies never;
  }
}

/** Whether the declared type says that the column holds days or times. */
export function isDeclaredAsTime({ declaredType }: SourceColumn): boolean {
  return /DATE|TIMESTAMP/i.test(declaredType);
}

/** Names of columns of times, as people choose them: created_at, createdAt, birth_date, timestamp. */
const TIME_NAME = /(?:^|_)(?:at|on|date|time|timestamp|ts)$|[a-z](?:At|On|Date|Time|Timestamp)$/;

/** Whether a column's name says that it holds days or times. */
export function isNamedAsTime({ name }: Pick<SourceColumn, 'name'>): boolean {
  return TIME_NAME.test(name);
}
