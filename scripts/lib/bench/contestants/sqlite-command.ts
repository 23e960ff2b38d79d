import { quoteIdentifier } from '../../model/sql.ts';
import type { CaseTable } from '../cases/shape.ts';

/** SQLite's command-line program. */
export const SQLITE_COMMAND = 'sqlite3';

/** Arguments that make it write CSV, and never change the file. https://www.sqlite.org/cli.html */
export const CSV_ARGUMENTS = ['-batch', '-readonly', '-csv'] as const;

/** Reads a table so that its CSV is what COPY takes: the CSV of a BLOB would end at its first zero byte. */
export function selectForCsv({ name, columns }: CaseTable): string {
  const values = columns.map((column) => {
    const value = quoteIdentifier(column.name);
    return column.kind === 'blob' ? String.raw`'\x' || hex(${value})` : value;
  });
  return `SELECT ${values.join(', ')} FROM ${quoteIdentifier(name)}`;
}
