/** A column's type, reduced to what a conversion needs. */
export interface TargetType {
  /** `pg_type.typname`, e.g. `int4`, `timestamptz`; of an enum its own name. */
  readonly name: string;
  /** As PostgreSQL shows it, e.g. `numeric(10,2)`. */
  readonly display: string;
  readonly kind: 'base' | 'enum' | 'array' | 'other';
  /** Labels in their order; empty unless it is an enum. */
  readonly enumLabels: readonly string[];
  /** `atttypmod`: length, precision and scale, in the type's own encoding; -1 when there is none. */
  readonly modifier: number;
}

export interface TargetColumn {
  readonly name: string;
  readonly type: TargetType;
  readonly notNull: boolean;
  /** A default, an identity or a generation expression fills it when a row does not. */
  readonly hasDefault: boolean;
  readonly isGenerated: boolean;
}

export interface TargetForeignKey {
  readonly name: string;
  readonly columns: readonly string[];
  readonly parentSchema: string;
  readonly parentTable: string;
  readonly parentColumns: readonly string[];
  /** For each column pair the operator that compares parent with child, ready for SQL. */
  readonly operators: readonly string[];
  readonly match: 'simple' | 'full';
  readonly isValidated: boolean;
  readonly isEnforced: boolean;
  /** Temporal keys (PERIOD) compare by containment. */
  readonly isTemporal: boolean;
  readonly isDeferrable: boolean;
  readonly isDeferred: boolean;
}

export interface TargetTrigger {
  readonly name: string;
  /** The table itself or a partition of it, quoted for SQL. */
  readonly standsOn: string;
  /** `pg_trigger.tgenabled`: O origin, A always, R replica, D disabled. */
  readonly state: 'O' | 'A' | 'R' | 'D';
}

export interface TargetSequence {
  readonly column: string;
  /** Schema-qualified and quoted, ready for SQL. */
  readonly sql: string;
  /** The column is a smallint, integer or bigint. */
  readonly feedsInteger: boolean;
  readonly start: bigint;
  readonly increment: bigint;
  readonly max: bigint;
}

export interface TargetTable {
  readonly name: string;
  readonly columns: readonly TargetColumn[];
  readonly foreignKeys: readonly TargetForeignKey[];
  /** Triggers that users made; PostgreSQL's own for constraints are not among them. */
  readonly triggers: readonly TargetTrigger[];
  readonly sequences: readonly TargetSequence[];
  /** Unique, primary-key or exclusion constraints that are checked by triggers. */
  readonly hasDeferrableKeys: boolean;
}

export interface TargetCatalog {
  readonly schema: string;
  readonly tables: readonly TargetTable[];
}
