import type { Random } from '../../model/random.ts';

/** What a column is in each of the places that a case is written for. */
export const COLUMN_KINDS = {
  integer: { sqlite: 'INTEGER', prisma: 'Int' },
  bigint: { sqlite: 'BIGINT', prisma: 'BigInt' },
  decimal: { sqlite: 'DECIMAL', prisma: 'Decimal @db.Decimal(12, 2)' },
  double: { sqlite: 'REAL', prisma: 'Float' },
  text: { sqlite: 'TEXT', prisma: 'String' },
  boolean: { sqlite: 'BOOLEAN', prisma: 'Boolean' },
  date: { sqlite: 'DATE', prisma: 'DateTime @db.Date' },
  datetime: { sqlite: 'DATETIME', prisma: 'DateTime' },
  blob: { sqlite: 'BLOB', prisma: 'Bytes' },
} as const satisfies Record<string, { readonly sqlite: string; readonly prisma: string }>;

export type ColumnKind = keyof typeof COLUMN_KINDS;

export interface CaseColumn {
  readonly name: string;
  readonly kind: ColumnKind;
  readonly isNullable: boolean;
}

/** A foreign key to the primary key of another table. */
export interface CaseReference {
  readonly columns: readonly string[];
  readonly parent: string;
}

/** A value as better-sqlite3 binds it. */
export type CaseValue = number | string | Buffer | null;

/** A table of a case: the one definition from which source, Prisma schema and rows are made. */
export interface CaseTable {
  readonly name: string;
  readonly columns: readonly CaseColumn[];
  readonly primaryKey: readonly string[];
  readonly uniqueKeys: readonly (readonly string[])[];
  readonly references: readonly CaseReference[];
  readonly rowCount: number;
  /** The values of one row in the order of the columns. @param index from 0 */
  readonly row: (index: number, random: Random) => CaseValue[];
}

/** A kind of database to measure with. */
export interface BenchCase {
  readonly name: string;
  readonly summary: string;
  /** The tables at a scale, parents before children. */
  readonly tables: (scale: number) => CaseTable[];
}

/** Columns by their names and kinds; a kind that ends with `?` may be NULL. */
export function columns(
  kinds: Readonly<Record<string, ColumnKind | `${ColumnKind}?`>>,
): CaseColumn[] {
  return Object.entries(kinds).map(([name, text]) => ({
    name,
    // Cutting the question mark off leaves a kind.
    kind: text.replace('?', '') as ColumnKind,
    isNullable: text.endsWith('?'),
  }));
}

/** So many of something at a scale, and at least one. */
export function scaled(count: number, scale: number): number {
  return Math.max(1, Math.round(count * scale));
}
