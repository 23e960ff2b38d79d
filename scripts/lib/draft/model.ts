import type { Conversion } from '../mapping/file/schema.ts';
import type { DecisionKind } from '../model/decision-kinds.ts';
import type { SourceColumn, SourceForeignKey, SourceTable } from '../model/source-catalog.ts';
import type { DraftedType } from './types/drafted-type.ts';

/** Something that a person should look at, with the evidence. */
export interface Decision {
  readonly kind: DecisionKind;
  readonly table: string;
  /** Columns of the source that it speaks of. */
  readonly columns: readonly string[];
  readonly text: string;
  /** SQL of the source that it speaks of. */
  readonly sql?: string;
  /** Keys of rows to look at. */
  readonly rowKeys?: readonly string[];
}

export interface DraftedColumn {
  readonly source: SourceColumn;
  readonly field: string;
  readonly databaseName: string;
  readonly type: DraftedType;
  readonly isOptional: boolean;
  /** As `@default(…)` says it; null for none. */
  readonly defaultValue: string | null;
  /** PostgreSQL computes it; the expression. */
  readonly generatedSql: string | null;
  readonly isUpdatedAt: boolean;
  readonly convert: readonly Conversion[];
}

/** A primary key or a unique key, by columns of the source. */
export interface DraftedKey {
  readonly columns: readonly string[];
  readonly constraint: ConstraintName;
}

/** A constraint's or an index's name; `isDefault` when Prisma would give it anyway. */
export interface ConstraintName {
  readonly name: string;
  readonly isDefault: boolean;
}

export interface DraftedIndex extends DraftedKey {
  /** For each column. */
  readonly isDescending: readonly boolean[];
}

export interface DraftedForeignKey {
  readonly source: SourceForeignKey;
  readonly constraint: ConstraintName;
  readonly isDeferred: boolean;
}

export interface DraftedTable {
  readonly source: SourceTable;
  readonly model: string;
  readonly databaseName: string;
  readonly columns: readonly DraftedColumn[];
  readonly primaryKey: DraftedKey | null;
  readonly uniqueKeys: readonly DraftedKey[];
  readonly indexes: readonly DraftedIndex[];
  readonly foreignKeys: readonly DraftedForeignKey[];
  /** Prisma's client cannot tell its rows apart. */
  readonly isIgnored: boolean;
}

/** One side of a foreign key as a field. */
export interface DraftedRelationField {
  readonly table: string;
  readonly field: string;
  readonly model: string;
  readonly form: 'one' | 'optional' | 'list';
  /** Given where two models have more than one relation, or a model one to itself. */
  readonly relation: string | null;
  /** On the side of the foreign key. */
  readonly key: DraftedForeignKey | null;
  readonly isIgnored: boolean;
}

export interface DraftedEnum {
  readonly name: string;
  readonly databaseName: string;
  readonly labels: readonly { readonly name: string; readonly value: string }[];
}

/** A Prisma schema for PostgreSQL, with what its language cannot say. */
export interface DraftedSchema {
  readonly tables: readonly DraftedTable[];
  readonly relations: readonly DraftedRelationField[];
  readonly enums: readonly DraftedEnum[];
  /** Statements for the first migration, after Prisma's own. */
  readonly statements: readonly string[];
  /** Tables of the source that stay behind, and why. */
  readonly skipped: ReadonlyMap<string, string>;
  readonly decisions: readonly Decision[];
}
