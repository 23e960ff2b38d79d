import { quoteIdentifier, quoteLiteral } from '../../model/sql.ts';
import type { TargetCatalog, TargetTable } from '../../model/target-catalog.ts';
import { quoteTable } from '../../target/introspect.ts';
import { sortsAsInteger, type ComparedColumn, type RowFormat } from './row-format.ts';

export interface RowsOfTable {
  readonly catalog: TargetCatalog;
  readonly table: TargetTable;
  readonly format: RowFormat;
}

/**
 * The statement whose output is the canonical rows of a table, in the order of their key. The
 * SHA-256 of that output is the table's digest (FORMAT.md, "Table digest").
 *
 * @param condition SQL that chooses some of the rows; null for all
 */
export function copyRows(
  { catalog, table, format }: RowsOfTable,
  condition: string | null = null,
): string {
  const columns = format.columns.map((column) => canonicalSql(column)).join(', ');
  const where = condition === null ? '' : ` WHERE ${condition}`;
  const terms = format.key.flatMap((index) => orderTerm(format.columns[index]) ?? []);
  const order = terms.length === 0 ? '' : ` ORDER BY ${terms.join(', ')}`;
  return `COPY (SELECT ${columns} FROM ${quoteTable(catalog, table.name)}${where}${order}) TO STDOUT (FORMAT text, ENCODING 'UTF8')`;
}

function canonicalSql({ target, form }: ComparedColumn): string {
  return form.sql(quoteIdentifier(target.name));
}

function canonicalText(column: ComparedColumn): string {
  return `(${canonicalSql(column)})::pg_catalog.text`;
}

/** Values of these sort as the bytes of their canonical texts do, and their index can serve. */
const SORTS_AS_TEXT: ReadonlySet<string> = new Set(['uuid', 'bytea']);

function orderTerm(column: ComparedColumn | undefined): string | null {
  if (column === undefined) return null;
  const { target } = column;
  const isPlain =
    sortsAsInteger(target) || (target.type.kind === 'base' && SORTS_AS_TEXT.has(target.type.name));
  return isPlain ? quoteIdentifier(target.name) : `${canonicalText(column)} COLLATE "C"`;
}

/** Values of a row's key, as texts of the columns' types. */
export type KeyTexts = readonly (string | null)[];

/**
 * A condition that these rows meet, and perhaps others: the target's own collation may take several
 * keys for one.
 */
export function rowsWithKeys(format: RowFormat, keys: readonly KeyTexts[]): string {
  const columns = format.key.flatMap((index) => format.columns[index] ?? []);
  if (format.isKeyed) {
    const names = columns.map(({ target }) => quoteIdentifier(target.name));
    return rowIn(names, keys);
  }
  // A mark before each text keeps it apart from NULL.
  const marked = columns.map((column) => `coalesce('=' || ${canonicalText(column)}, '')`);
  const texts = keys.map((key) =>
    key.map((text, place) => {
      const form = columns[place]?.form;
      return text === null || form === undefined ? '' : `=${form.text(text)}`;
    }),
  );
  return rowIn(marked, texts);
}

function rowIn(terms: readonly string[], keys: readonly KeyTexts[]): string {
  const rows = keys.map(
    (key) => `(${key.map((text) => (text === null ? 'NULL' : quoteLiteral(text))).join(', ')})`,
  );
  return `(${terms.join(', ')}) IN (${rows.join(', ')})`;
}
