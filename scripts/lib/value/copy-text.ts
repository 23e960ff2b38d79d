/** NULL in COPY's text format. */
export const COPY_NULL = '\\N';

const NEEDS_ESCAPE = /[\\\n\r\t\b\f\v]/;
const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\b': '\\b',
  '\f': '\\f',
  '\v': '\\v',
};

/**
 * A field in COPY's text format, to the byte as PostgreSQL itself writes it.
 *
 * Source: https://www.postgresql.org/docs/current/sql-copy.html#SQL-COPY-FILE-FORMATS-TEXT
 */
export function escapeCopyText(text: string): string {
  if (!NEEDS_ESCAPE.test(text)) return text;
  return text.replaceAll(/[\\\n\r\t\b\f\v]/g, (character) => ESCAPES[character] ?? character);
}

/** The fields of a row in COPY's text format, as PostgreSQL writes it; the line has no newline. */
export function readCopyLine(line: string): (string | null)[] {
  return line.split('\t').map((field) => (field === COPY_NULL ? null : unescapeCopyText(field)));
}

const UNESCAPED = new Map(
  Object.entries(ESCAPES).map(([character, escape]) => [escape[1], character]),
);

function unescapeCopyText(field: string): string {
  if (!field.includes('\\')) return field;
  return field.replaceAll(/\\(.)/gs, (_, letter: string) => UNESCAPED.get(letter) ?? letter);
}
