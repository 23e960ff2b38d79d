import type { Row, SqliteValue } from '../model/values.ts';
import type { TargetColumn } from '../model/target-catalog.ts';
import { FIELD_MARGIN, NEVER_SURE, type ByteEncoder } from '../value/bytes/byte-encoder.ts';
import { canonicalForm, computedForm } from '../value/canonical/index.ts';
import { COPY_NULL, escapeCopyText } from '../value/copy-text.ts';
import { Misfit } from '../value/convert/converter.ts';
import type { ColumnPlan, GeneratedPlan, TablePlan } from './plan.ts';
import type { ConvertedRow } from './row.ts';
import type { PlannedTable } from './source-shape.ts';

/** What of a plan says how lines of its rows look. */
export type PlannedLines = Pick<TablePlan<PlannedTable>, 'columns' | 'generated' | 'target'>;

/** How one field of a row's line comes about, by each of the three ways to it. */
export interface LineField {
  readonly target: TargetColumn;
  /** The source column's place in a row; -1 for a constant. */
  readonly sourceIndex: number;
  /** NULL passes as it is. */
  readonly takesNull: boolean;
  /** From the bytes of a token. */
  readonly encode: ByteEncoder;
  /** From one value, not yet escaped; null for NULL; undefined where the whole row has to be looked at. */
  readonly textOf: (value: SqliteValue) => string | null | undefined;
  /** From the row as it was converted; undefined for a value that does not fit. */
  readonly textIn: (row: Row, values: ConvertedRow) => string | null | undefined;
}

type Form = (text: string) => string;

const asItIs: Form = (text) => text;

/** Whether the lines of {@link loadedFields} are those of {@link canonicalFields}. */
export function loadsCanonicalLines({ columns, generated }: PlannedLines): boolean {
  return generated.length === 0 && columns.every(({ encoders }) => encoders.mayLoadCanonical);
}

/** The fields that COPY gets, in the order of the target's columns: canonical as far as COPY takes them so. */
export function loadedFields(plan: PlannedLines): readonly LineField[] {
  return plan.target.columns.flatMap((target) => {
    const index = plan.columns.findIndex((column) => column.target === target);
    const column = plan.columns[index];
    if (column === undefined) return [];
    const { mayLoadCanonical, converted, canonical } = column.encoders;
    return mayLoadCanonical
      ? [plannedField(column, index, canonical, canonicalForm(target.type).text)]
      : [plannedField(column, index, converted, asItIs)];
  });
}

/** The fields that tell one row of the target from another, computed columns among them, in the order of its columns. */
export function canonicalFields(plan: PlannedLines): readonly LineField[] {
  return plan.target.columns.flatMap((target) => {
    const index = plan.columns.findIndex((column) => column.target === target);
    const column = plan.columns[index];
    if (column !== undefined) {
      const { text } = canonicalForm(target.type);
      return [plannedField(column, index, column.encoders.canonical, text)];
    }
    const generated = plan.generated.find((candidate) => candidate.target === target);
    return generated === undefined ? [] : [generatedField(generated)];
  });
}

function plannedField(
  column: ColumnPlan,
  index: number,
  encode: ByteEncoder,
  form: Form,
): LineField {
  const { sourceIndex, target, isPlain, convert } = column;
  let isChanged = false;
  const changed = (): void => {
    isChanged = true;
  };
  const textOf = (value: SqliteValue): string | null | undefined => {
    isChanged = false;
    const text = convert(value, changed);
    if (isChanged || text instanceof Misfit) return undefined;
    if (text === null) return target.notNull ? undefined : null;
    return typeof text === 'string' ? form(text) : undefined;
  };
  return {
    target,
    sourceIndex,
    takesNull: isPlain && !target.notNull,
    encode: column.source === null ? fixedEncoder(textOf(null)) : encode,
    textOf,
    textIn: (_, values) => {
      const text = values[index];
      return typeof text === 'string' ? form(text) : text;
    },
  };
}

/** The same text in every row. */
function fixedEncoder(text: string | null | undefined): ByteEncoder {
  if (text === undefined) return NEVER_SURE;
  const field = Buffer.from(text === null ? COPY_NULL : escapeCopyText(text));
  return (_bytes, _kind, _start, _end, out) => {
    out.reserve(field.length + FIELD_MARGIN);
    out.copy(field, 0, field.length);
    return true;
  };
}

function generatedField({ target, sourceIndex, convert, encode }: GeneratedPlan): LineField {
  const { text: form } = computedForm(target.type);
  const textOf = (value: SqliteValue): string | null | undefined => {
    const text = value === null ? null : convert(value);
    if (text instanceof Misfit) return undefined;
    return text === null ? null : form(text);
  };
  return {
    target,
    sourceIndex,
    takesNull: true,
    encode,
    textOf,
    textIn: (row) => textOf(row[sourceIndex] ?? null),
  };
}
