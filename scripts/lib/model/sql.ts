/** An identifier quoted for SQLite and PostgreSQL alike; any name is safe, quotes and blanks included. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A string literal with quotes doubled; backslashes stay as they are (standard_conforming_strings). */
export function quoteLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
