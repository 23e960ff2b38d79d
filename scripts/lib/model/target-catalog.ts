/** A CHECK, as SQL that is true, false or null. */
export interface TargetCheck {
  readonly name: string;
  /** Names that the search path of the introspecting session does not see are qualified. */
  readonly sql: string;
}

/** What a domain, and every domain below it down to the base type, demands. */
interface TargetDomain {
  /** Quoted for SQL, with its schema where the search path does not see it. */
  readonly name: string;
  /** Over `VALUE`, in the order in which PostgreSQL tries them: the innermost domain's first. */
  readonly checks: readonly TargetCheck[];
  readonly notNull: boolean;
}

/**
 * A column's type, reduced to what a conversion needs. Of a domain, name, kind, labels, modifier and
 * element are those of the type at the end of its chain.
 */
export interface TargetType {
  /** `pg_type.typname`, e.g. `int4`, `timestamptz`; of an enum its own name. */
  readonly name: string;
  /** For people, e.g. `numeric(10,2)`; of a domain `price (numeric(10,2))`. */
  readonly display: string;
  /** `base` are the types of `pg_catalog` and `citext`; `other` ranges, composite types and the like. */
  readonly kind: 'base' | 'enum' | 'array' | 'other';
  /** Labels in their order; empty unless it is an enum. */
  readonly enumLabels: readonly string[];
  /** `atttypmod`: length, precision and scale, in the type's own encoding; -1 when there is none. */
  readonly modifier: number;
  /** Ready for a cast in SQL, with modifier; of a domain the domain. */
  readonly sql: string;
  /** Ready for a cast in SQL, with modifier; of a domain the type at the end of its chain. */
  readonly baseSql: string;
  readonly domain: TargetDomain | null;
  /** The type of an array's elements, with the array's modifier; null unless it is an array. */
  readonly element: TargetType | null;
}

export interface TargetColumn {
  readonly name: string;
  readonly type: TargetType;
  /** The column, or the domain that it is of, refuses NULL. */
  readonly notNull: boolean;
  /** A default (its own or its domain's), an identity or a generation expression fills it when a row does not. */
  readonly hasDefault: boolean;
  readonly identity: 'always' | 'by-default' | null;
  readonly isGenerated: boolean;
  /** The expression of a generated column, stored or virtual. */
  readonly generatedSql: string | null;
  /** Values that differ in their bytes may be equal to its collation. */
  readonly hasNondeterministicCollation: boolean;
}

/** A primary key, a unique constraint or a unique index over whole columns and all rows. */
export interface TargetUniqueKey {
  readonly name: string;
  readonly columns: readonly string[];
  /** Two NULLs are two values; else they are one. */
  readonly nullsDistinct: boolean;
  readonly isPrimary: boolean;
  readonly isDeferrable: boolean;
}

/** A CHECK that new rows must pass, whether or not old rows were held against it. */
export interface TargetTableCheck extends TargetCheck {
  /** The columns that it speaks of, in the table's order. */
  readonly columns: readonly string[];
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
  /** Not among them: partial and expression indexes and exclusion constraints, which only PostgreSQL can judge. */
  readonly uniqueKeys: readonly TargetUniqueKey[];
  readonly checks: readonly TargetTableCheck[];
  readonly foreignKeys: readonly TargetForeignKey[];
  /** Triggers that users made; PostgreSQL's own for constraints are not among them. */
  readonly triggers: readonly TargetTrigger[];
  readonly sequences: readonly TargetSequence[];
  /** Unique, primary-key or exclusion constraints that are checked by triggers. */
  readonly hasDeferrableKeys: boolean;
}

export interface TargetCatalog {
  readonly schema: string;
  /** `server_version_num`, e.g. 180004. */
  readonly serverVersion: number;
  readonly tables: readonly TargetTable[];
}
