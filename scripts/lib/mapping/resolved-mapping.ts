import type { TimeUnit } from '../value/convert/converter.ts';
import type { Condition, MappedReference, Policy, Scalar } from './file/schema.ts';
import type { Step } from './steps.ts';

/** How times are to be read, where the mapping says so. */
export interface TimeOptions {
  readonly timeUnit?: TimeUnit;
  readonly timeZone?: string;
  readonly dateFormat?: string;
}

/** What a mapping says of one column of the source. */
export interface ColumnMapping {
  readonly target?: string | undefined;
  /** The reason, when the column is dropped. */
  readonly drop?: string | undefined;
  readonly steps: readonly Step[];
  readonly time: TimeOptions;
  readonly policies: ReadonlySet<Policy>;
}

/** What a mapping says of one table of the source. */
export interface TableMapping {
  readonly target?: string | undefined;
  /** The reason, when the table is not loaded. */
  readonly skip?: string | undefined;
  readonly where: readonly Condition[];
  readonly columns: ReadonlyMap<string, ColumnMapping>;
  readonly add: ReadonlyMap<string, AddedColumn>;
  readonly references: readonly OutwardReference[];
}

/** A reference to rows of the target that another source brings. */
export type OutwardReference = MappedReference;

/** A column of the target without a source: a constant, or whatever the target's default gives. */
export type AddedColumn = { readonly constant: Scalar } | { readonly default: true };

/** A mapping whose names and conversions were found to exist in the source; by source table. */
export type ResolvedMapping = ReadonlyMap<string, TableMapping>;

export const NO_COLUMN_MAPPING: ColumnMapping = { steps: [], time: {}, policies: new Set() };
export const NO_TABLE_MAPPING: TableMapping = {
  where: [],
  columns: new Map(),
  add: new Map(),
  references: [],
};
