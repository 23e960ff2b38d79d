import type { ManifestColumn, ManifestTable } from '../artifact/manifest.ts';
import type { FindingCollector } from '../model/findings.ts';
import type { TargetCatalog, TargetColumn, TargetTable } from '../model/target-catalog.ts';
import type { ByteEncoder } from '../value/bytes/byte-encoder.ts';
import type { TypeEncoders } from '../value/bytes/index.ts';
import type { ConversionContext, Converter } from '../value/convert/converter.ts';
import type { CellConverter } from './cell.ts';
import type { RowFilter } from './conditions.ts';
import type { Mapping } from './file/read.ts';
import type { Policy } from './file/schema.ts';
import type { OutwardReference, ResolvedMapping } from './resolved-mapping.ts';
import type { PlannedSource, PlannedTable } from './source-shape.ts';

/** How the values of one column of the target come about. */
export interface ColumnPlan {
  /** Null for a constant of the mapping. */
  readonly source: ManifestColumn | null;
  /** The source column's place in a row; -1 for a constant. */
  readonly sourceIndex: number;
  readonly target: TargetColumn;
  readonly convert: CellConverter;
  /** How the values are read; null for a constant. */
  readonly context: ConversionContext | null;
  /** The values of the source are not changed before they meet the target's type. */
  readonly isPlain: boolean;
  /** The two forms of the values in lines, and what writes them from the bytes of a token. */
  readonly encoders: TypeEncoders;
  /** Integers stand for times, and nothing but all of them together can say in which unit. */
  readonly needsIntegerRange: boolean;
  /** What the mapping lets be done to values that do not fit, and to references without a parent. */
  readonly policies: ReadonlySet<Policy>;
}

/** A column that the target computes and the source has too: both must say the same. */
export interface GeneratedPlan {
  readonly source: ManifestColumn;
  readonly sourceIndex: number;
  readonly target: TargetColumn;
  /** What the source says, as text of the target's type. */
  readonly convert: Converter;
  /** That in its canonical form, from the bytes of a token. */
  readonly encode: ByteEncoder;
}

/** Where one source table goes, and how. */
export interface TablePlan<Table extends PlannedTable = ManifestTable> {
  readonly source: Table;
  readonly target: TargetTable;
  readonly columns: readonly ColumnPlan[];
  readonly generated: readonly GeneratedPlan[];
  /** The rows that the mapping's conditions keep; null for all. */
  readonly keeps: RowFilter | null;
  /** The mapping may leave rows out. */
  readonly mayLoseRows: boolean;
  /** What the mapping sets in every row of this source: by it they are told from those of others. */
  readonly scope: readonly ColumnPlan[];
  /** References whose parents are rows of the target that this source does not bring. */
  readonly outward: readonly OutwardReference[];
}

/** The smallest and the largest integer of a column but 0; null when there is none. */
export type IntegerRange = { readonly min: bigint; readonly max: bigint } | null;

export interface PlanOptions<Table extends PlannedTable> {
  readonly source: PlannedSource<Table>;
  readonly target: TargetCatalog;
  /** Null for matching by names alone. */
  readonly mapping: { readonly file: Mapping; readonly tables: ResolvedMapping } | null;
  /** Ranges by {@link columnId}, of the columns that an earlier plan asked for. */
  readonly ranges: ReadonlyMap<string, IntegerRange>;
  readonly findings: FindingCollector;
}

/** The key of a source column in a map. */
export function columnId(table: string, column: string): string {
  return JSON.stringify([table, column]);
}

/** Whether the conditions or a policy may leave rows out. */
export function mayLoseRows(columns: readonly ColumnPlan[], keeps: RowFilter | null): boolean {
  return keeps !== null || columns.some(({ policies }) => policies.has('skip_row'));
}
