/** What a declared type says to people. */
export type DeclaredKind =
  | 'boolean'
  | 'json'
  | 'uuid'
  | 'date'
  | 'datetime'
  | 'time'
  | 'decimal'
  | 'bytes'
  | 'float'
  | 'bigint'
  | 'integer'
  | 'text'
  | 'unknown';

/** The first that matches counts. */
const BY_NAME: readonly (readonly [RegExp, DeclaredKind])[] = [
  [/BOOL|^TINYINT\s*\(\s*1\s*\)/, 'boolean'],
  [/JSON/, 'json'],
  [/UUID|GUID|UNIQUEIDENTIFIER/, 'uuid'],
  [/^DATE$/, 'date'],
  [/DATE|TIMESTAMP/, 'datetime'],
  [/^TIME/, 'time'],
  [/DEC|NUM|MONEY|CURRENCY/, 'decimal'],
  [/BLOB|BINARY|BYTEA/, 'bytes'],
  [/REAL|FLOA|DOUB/, 'float'],
  [/BIGINT|INT8|BIG\s+INT/, 'bigint'],
  [/INT|SERIAL/, 'integer'],
  [/CHAR|CLOB|TEXT|STRING/, 'text'],
];

/** What a declared type says; SQLite itself takes any word for one. */
export function declaredKind(declaredType: string): DeclaredKind {
  const upper = declaredType.trim().toUpperCase();
  return BY_NAME.find(([pattern]) => pattern.test(upper))?.[1] ?? 'unknown';
}

/** The n of `VARCHAR(n)`, `CHAR(n)` and the like; null without. */
export function declaredLength(declaredType: string): number | null {
  const match = /CHAR\w*(?:\s+\w+)*\s*\(\s*(\d{1,8})\s*\)/i.exec(declaredType);
  return match === null ? null : Number(match[1]);
}

/** Precision and scale of `DECIMAL(p,s)`, scale 0 where it is not said; null without. */
export function declaredPrecision(
  declaredType: string,
): { readonly precision: number; readonly scale: number } | null {
  const match = /\(\s*(\d{1,4})\s*(?:,\s*(\d{1,4})\s*)?\)/.exec(declaredType);
  if (match === null) return null;
  return { precision: Number(match[1]), scale: Number(match[2] ?? 0) };
}
