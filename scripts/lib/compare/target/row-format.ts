import { UNFIT } from '../../mapping/line-writer.ts';
import type { TablePlan } from '../../mapping/plan.ts';
import type { PlannedTable } from '../../mapping/source-shape.ts';
import type { ConvertedRow } from '../../mapping/row.ts';
import { describeKey } from '../../model/row-key.ts';
import type { TargetColumn } from '../../model/target-catalog.ts';
import type { Row } from '../../model/values.ts';
import { canonicalForm, computedForm } from '../../value/canonical/index.ts';
import type { CanonicalForm } from '../../value/canonical/form.ts';
import { Misfit } from '../../value/convert/converter.ts';
import { COPY_NULL, escapeCopyText, readCopyLine } from '../../value/copy-text.ts';

/** A column of the target for which the archive has a value in every row. */
export interface ComparedColumn {
  readonly target: TargetColumn;
  readonly form: CanonicalForm;
  /** The text of the target's type that the archive gives; undefined for a value that does not fit. */
  readonly textOf: (row: Row, values: ConvertedRow) => string | null | undefined;
}

/** How the rows of a table are written for a comparison, and what tells one from another. */
export interface RowFormat {
  /** In the order of the target's columns. */
  readonly columns: readonly ComparedColumn[];
  /** Places in `columns`, in the order by which rows are sorted. */
  readonly key: readonly number[];
  /** Rows have a key; else all their columns are, and rows may repeat. */
  readonly isKeyed: boolean;
}

/** What of a plan says how its rows will look. */
type TargetRows = Pick<TablePlan<PlannedTable>, 'columns' | 'generated' | 'target'>;

/** The canonical texts of a row's columns. */
export type Cells = readonly (string | null)[];

/**
 * Chooses the columns that are compared, those that the import fills and those that the target
 * computes and the source has too, and the key: the primary key, else a unique key without NULL, of
 * which every column is compared; else all columns.
 */
export function rowFormat(plan: TargetRows): RowFormat {
  const columns = plan.target.columns.flatMap((target) => comparedColumn(plan, target) ?? []);
  const places = new Map(columns.map(({ target }, index) => [target.name, index]));
  for (const { columns: names } of plan.target.uniqueKeys) {
    const key = names.flatMap((name) => places.get(name) ?? []);
    const isComplete = key.length === names.length;
    if (isComplete && key.every((index) => columns[index]?.target.notNull === true)) {
      return { columns, key, isKeyed: true };
    }
  }
  return { columns, key: [...columns.keys()], isKeyed: false };
}

function comparedColumn(plan: TargetRows, target: TargetColumn): ComparedColumn | null {
  const index = plan.columns.findIndex((column) => column.target === target);
  if (index !== -1) {
    return { target, form: canonicalForm(target.type), textOf: (_, values) => values[index] };
  }
  const generated = plan.generated.find((column) => column.target === target);
  if (generated === undefined) return null;
  const textOf = (row: Row): string | null | undefined => {
    const value = row[generated.sourceIndex] ?? null;
    const text = value === null ? null : generated.convert(value);
    return text instanceof Misfit ? undefined : text;
  };
  return { target, form: computedForm(target.type), textOf };
}

/** What PostgreSQL should write of a row, in COPY's text format, with the newline. */
export function expectedLine({ columns }: RowFormat, row: Row, values: ConvertedRow): string {
  let line = '';
  for (let index = 0; index < columns.length; index++) {
    const column = columns[index];
    if (column === undefined) continue;
    if (index > 0) line += '\t';
    const text = cellOf(column, row, values);
    line += text === null ? COPY_NULL : escapeCopyText(text);
  }
  return `${line}\n`;
}

function cellOf(column: ComparedColumn, row: Row, values: ConvertedRow): string | null {
  const text = column.textOf(row, values);
  if (text === undefined) return UNFIT;
  return text === null ? null : column.form.text(text);
}

/** The canonical texts of a line of COPY's text format. */
export function cellsOf(line: string): Cells {
  return readCopyLine(line.endsWith('\n') ? line.slice(0, -1) : line);
}

/** The bytes by which a row is sorted: they compare as PostgreSQL sorts by `orderTerms`. */
export function keyOfCells({ columns, key }: RowFormat, cells: Cells): Buffer {
  return Buffer.concat(key.map((index) => keyPart(columns[index], cells[index] ?? null)));
}

const NULL_IS_LAST = Buffer.from([0xff]);
const VALUE = 1;
const INTEGERS: ReadonlySet<string> = new Set(['int2', 'int4', 'int8']);

/** Whether rows are sorted by the column's numbers. */
export function sortsAsInteger({ type }: TargetColumn): boolean {
  return type.kind === 'base' && INTEGERS.has(type.name);
}

/** Texts end with a byte that no text of PostgreSQL holds, so that `ab` stands before `abc`. */
function keyPart(column: ComparedColumn | undefined, cell: string | null): Buffer {
  if (cell === null || column === undefined) return NULL_IS_LAST;
  if (!sortsAsInteger(column.target) || cell === UNFIT) {
    const part = Buffer.allocUnsafe(Buffer.byteLength(cell) + 2);
    part[0] = VALUE;
    part.write(cell, 1);
    part[part.length - 1] = 0;
    return part;
  }
  const part = Buffer.allocUnsafe(9);
  part[0] = VALUE;
  part.writeBigInt64BE(BigInt(cell), 1);
  // Negative numbers come first.
  part[1] = (part[1] ?? 0) ^ 0x80;
  return part;
}

/** Names a row by its key, `id=5`; null when it has none. */
export function describeRow({ columns, key, isKeyed }: RowFormat, cells: Cells): string | null {
  if (!isKeyed) return null;
  const compared = key.map((index) => columns[index]);
  const values = key.map((index, place) => {
    const cell = cells[index] ?? null;
    const column = compared[place];
    if (cell === null || column === undefined) return null;
    const isInteger = sortsAsInteger(column.target) && cell !== UNFIT;
    return isInteger ? BigInt(cell) : shownCell(column, cell);
  });
  return describeKey(
    compared.map((column) => column?.target.name ?? ''),
    values,
  );
}

/** A canonical text for people. */
export function shownCell({ form }: ComparedColumn, cell: string): string {
  return cell === UNFIT ? 'a value that the type does not take' : form.show(cell);
}
