import { MalformedText, asBuffer, type Row, type SqliteValue } from './values.ts';

const MAX_SHOWN = 60;

/** A value as short readable text, for finding a row again; long values are cut. */
export function describeValue(value: SqliteValue): string {
  if (value === null) return 'NULL';
  if (typeof value === 'string') return shorten(JSON.stringify(value));
  if (value instanceof MalformedText) return shorten(`malformed text x'${hex(value.bytes)}'`);
  if (value instanceof Uint8Array) return shorten(`x'${hex(value)}'`);
  return String(value);
}

function hex(bytes: Uint8Array): string {
  return asBuffer(bytes).toString('hex', 0, MAX_SHOWN);
}

function shorten(text: string): string {
  return text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN)}…`;
}

/** `column=value, …` for the given columns of a row. */
export function describeKey(names: readonly string[], values: Row): string {
  return names.map((name, index) => `${name}=${describeValue(values[index] ?? null)}`).join(', ');
}

/** Makes the function that names a row by its primary key; undefined when the table has none. */
export function rowKeyDescriber(
  columnNames: readonly string[],
  primaryKey: readonly string[],
): (row: Row) => string | undefined {
  if (primaryKey.length === 0) return () => undefined;
  const indexes = primaryKey.map((name) => columnNames.indexOf(name));
  return (row) =>
    describeKey(
      primaryKey,
      indexes.map((index) => row[index] ?? null),
    );
}
