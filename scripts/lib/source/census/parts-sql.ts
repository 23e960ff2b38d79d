import { quoteIdentifier } from '../../model/sql.ts';
import type { SourceEncoding, SourceTable } from '../../model/source-catalog.ts';
import type { StorageClass } from '../../model/values.ts';
import { kindCode } from './kinds.ts';
import { textKindSql } from './text-kind-sql.ts';
import { selectStretch } from './stretches.ts';

/** What is computed once of each value, as a column of a subquery. */
export type Part =
  /** What typeof() says. */
  | 'class'
  /** The value itself, without affinity and collation; NULL for a BLOB, which is not read. */
  | 'value'
  /** Length in bytes, of text and BLOB. */
  | 'bytes'
  /** Length of a text in characters, up to U+0000. */
  | 'characters'
  /** A text's first code point. */
  | 'first'
  /** A REAL with a fraction, written with 15 significant digits at most. */
  | 'digits'
  /** The code of the value's kind. */
  | 'kind';

/** The name of a part of the column that has this number in a query. */
export function partName(part: Part, index: number): string {
  return `${part}${index}`;
}

/** A column of a query. */
export interface QueriedColumn {
  readonly name: string;
  /** Its place in the query. */
  readonly index: number;
  /** The storage classes that are looked for in it. */
  readonly classes: ReadonlySet<StorageClass>;
  /** The parts that are measured, beside the kind. */
  readonly measured: ReadonlySet<Part>;
}

/** More that is to be taken from each row, beside the parts. */
export interface Extra {
  readonly sql: string;
  readonly name: string;
}

/**
 * A SELECT over a stretch of a table: the rowid as `r`, of each column its kind and what is measured
 * of it, and more. Its parameters are those of a stretch.
 */
export function selectParts(
  table: SourceTable,
  columns: readonly QueriedColumn[],
  encoding: SourceEncoding,
  extras: readonly Extra[] = [],
): string {
  const rows = selectStretch(table, [
    ...columns.flatMap(rawPartsSql),
    ...extras.map(({ sql, name }) => `${sql} AS ${name}`),
  ]);
  const selected = [
    'r',
    ...columns.flatMap((column) => measuredPartsSql(column, encoding)),
    ...extras.map(({ name }) => name),
  ];
  // LIMIT keeps SQLite from merging this into a query around it, which would make a kind again and again.
  return `SELECT ${selected.join(', ')} FROM (${rows}) LIMIT -1`;
}

/** SQL of what the kind of a value is made from, out of the table's column. */
function rawPartsSql({ name, index, classes }: QueriedColumn): string[] {
  const column = quoteIdentifier(name);
  const value = classes.has('blob') ? `iif(typeof(${column}) = 'blob', NULL, ${column})` : column;
  const isFraction = `typeof(${column}) = 'real' AND floor(${column}) <> ${column}`;
  const parts: [Part, string, needed: boolean][] = [
    ['class', `typeof(${column})`, true],
    ['value', `+${value} COLLATE BINARY`, true],
    ['bytes', `octet_length(${column})`, classes.has('text') || classes.has('blob')],
    ['characters', `length(${value})`, classes.has('text')],
    ['first', `unicode(${value})`, classes.has('text')],
    ['digits', `iif(${isFraction}, printf('%!.15g', ${column}), NULL)`, classes.has('real')],
  ];
  return parts.flatMap(([part, sql, needed]) =>
    needed ? [`${sql} AS ${partName(part, index)}`] : [],
  );
}

/** SQL of the parts that are counted and measured, out of those that {@link rawPartsSql} makes. */
function measuredPartsSql(column: QueriedColumn, encoding: SourceEncoding): string[] {
  const { index, measured } = column;
  const kind = `${kindSql(column, encoding)} AS ${partName('kind', index)}`;
  return [kind, ...[...measured].map((part) => partName(part, index))];
}

/** The kind of a value; NULL for one of a class that is not looked for. */
function kindSql({ index, classes }: QueriedColumn, encoding: SourceEncoding): string {
  const value = partName('value', index);
  const cases = [...classes].map((name) => {
    switch (name) {
      case 'null':
      case 'blob':
        return `WHEN '${name}' THEN ${kindCode(name)}`;
      case 'integer':
        return `WHEN 'integer' THEN iif(${value} BETWEEN 0 AND 1, ${kindCode('zero-or-one')}, ${kindCode('integer')})`;
      case 'real':
        return `WHEN 'real' THEN ${realKindSql(value, partName('digits', index))}`;
      case 'text':
        return `WHEN 'text' THEN ${textKindSql(
          {
            text: value,
            bytes: partName('bytes', index),
            characters: partName('characters', index),
            first: partName('first', index),
          },
          encoding,
        )}`;
    }
  });
  return `CASE ${partName('class', index)} ${cases.join(' ')} END`;
}

/** Doubles nearer to 0 keep fewer than 15 digits (DBL_MIN of C, and a little more). */
const SMALLEST_WITH_ALL_DIGITS = '2.3e-308';

function realKindSql(value: string, digits: string): string {
  return `CASE
    WHEN CAST(${digits} AS REAL) = ${value} AND abs(${value}) >= ${SMALLEST_WITH_ALL_DIGITS} THEN ${kindCode('real-decimal')}
    WHEN ${digits} IS NOT NULL THEN ${kindCode('real-long')}
    WHEN abs(${value}) = 9e999 THEN ${kindCode('real-infinite')}
    ELSE ${kindCode('real-whole')} END`;
}

/** How many digits stand after the point of a number as the part `digits` has it: `0.25`, `2.5e-07`. */
export function decimalsSql(digits: string): string {
  const plain = `length(${digits}) - instr(${digits}, '.')`;
  const inMantissa = `instr(${digits}, 'e') - instr(${digits}, '.') - 1 - (${digits} GLOB '*.0e*')`;
  const exponent = `CAST(substr(${digits}, instr(${digits}, 'e') + 1) AS INTEGER)`;
  return `iif(instr(${digits}, 'e') = 0, ${plain}, ${inMantissa} - ${exponent})`;
}
