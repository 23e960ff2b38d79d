import type Database from 'better-sqlite3';

import { MAX_EXAMPLES, type FindingExample } from '../../model/findings.ts';
import { describeKey, rowKeyDescriber } from '../../model/row-key.ts';
import { quoteIdentifier } from '../../model/sql.ts';
import type { SourceEncoding, SourceTable } from '../../model/source-catalog.ts';
import type { SqliteValue } from '../../model/values.ts';
import { KINDS_OF_CLASS, classesOf, kindCode, type ValueKind } from './kinds.ts';
import { partName, selectParts } from './parts-sql.ts';
import {
  selectStretch,
  stretchParameters,
  walkStretches,
  type StretchParameters,
} from './stretches.ts';

/** Values of a column that are to be found again. */
export interface Wanted {
  readonly column: string;
  readonly kinds: readonly ValueKind[];
  /** How many there are. */
  readonly total: number;
}

const ALL_CLASSES = classesOf(new Set(Object.values(KINDS_OF_CLASS).flat()));
/** Of a longer value only the beginning is shown. */
const SHOWN_BYTES = 1000;
const SHOWN_CHARACTERS = 100;

/**
 * The rows that hold the first such values: the row's key and what the column holds there. Reads no
 * further than the last of them.
 *
 * @throws what the signal was aborted with
 */
export async function findExamples(
  db: Database.Database,
  table: SourceTable,
  wanted: Wanted,
  context: { readonly encoding: SourceEncoding; readonly signal: AbortSignal },
): Promise<FindingExample[]> {
  const measure = db
    .prepare<StretchParameters, [bigint, bigint | null]>(
      `SELECT count(*), max(r) FROM (${selectStretch(table, [])})`,
    )
    .raw(true);
  const find = db
    .prepare<StretchParameters, SqliteValue[]>(selectExamples(table, wanted, context.encoding))
    .raw(true);
  const describe = exampleDescriber(table, wanted.column);
  const examples: FindingExample[] = [];
  await walkStretches(table, context.signal, (stretch) => {
    examples.push(...find.all(...stretchParameters(stretch)).map(describe));
    if (examples.length >= Math.min(wanted.total, MAX_EXAMPLES)) return null;
    const [rows = 0n, lastRowid = null] = measure.get(...stretchParameters(stretch)) ?? [];
    return { rows: Number(rows), lastRowid };
  });
  return examples.slice(0, MAX_EXAMPLES);
}

/** Rowid, the value (the beginning of a long one), the primary key. */
function selectExamples(table: SourceTable, wanted: Wanted, encoding: SourceEncoding): string {
  const column = {
    name: wanted.column,
    index: 0,
    classes: ALL_CLASSES,
    measured: new Set<never>(),
  };
  const c = quoteIdentifier(wanted.column);
  const extras = [
    {
      sql: `iif(octet_length(${c}) > ${SHOWN_BYTES}, substr(${c}, 1, ${SHOWN_CHARACTERS}), ${c})`,
      name: 'shown',
    },
    ...table.primaryKey.map((name, index) => ({
      sql: quoteIdentifier(name),
      name: `key${index}`,
    })),
  ];
  const selected = ['r', ...extras.map(({ name }) => name)].join(', ');
  const kinds = wanted.kinds.map(kindCode).join(', ');
  return `SELECT ${selected} FROM (${selectParts(table, [column], encoding, extras)})
    WHERE ${partName('kind', 0)} IN (${kinds}) LIMIT ${MAX_EXAMPLES}`;
}

function exampleDescriber(
  table: SourceTable,
  column: string,
): (row: readonly SqliteValue[]) => FindingExample {
  const rowKey = rowKeyDescriber(table.primaryKey, table.primaryKey);
  return ([rowid = null, shown = null, ...keys]) => {
    const key = rowKey(keys) ?? (rowid === null ? undefined : describeKey(['rowid'], [rowid]));
    const detail = describeKey([column], [shown]);
    return key === undefined ? { detail } : { rowKey: key, detail };
  };
}
