import { TOKEN, type ScannedRows } from '../artifact/scanned-rows.ts';
import { readToken } from '../artifact/token.ts';
import type { Row } from '../model/values.ts';
import { FIELD_MARGIN } from '../value/bytes/byte-encoder.ts';
import type { ByteWriter } from '../value/bytes/byte-writer.ts';
import { COPY_NULL, escapeCopyText } from '../value/copy-text.ts';
import type { LineField } from './line-fields.ts';
import type { TablePlan } from './plan.ts';
import { NOTHING_LOST, type LostReferences } from './references.ts';
import type { ConvertedRow } from './row.ts';
import type { PlannedTable } from './source-shape.ts';

const TAB = 0x09;
const NEWLINE = 0x0a;
const BACKSLASH = 0x5c;
const UPPER_N = 0x4e;

/** PostgreSQL holds no text like it: a value that does not fit equals nothing. */
export const UNFIT = '\u0000';

/** Whether what becomes of a row depends on more than each value for itself. */
export function needsWholeRows(
  { keeps }: Pick<TablePlan<PlannedTable>, 'keeps'>,
  lostReferences: LostReferences,
): boolean {
  return keeps !== null || lostReferences !== NOTHING_LOST;
}

/** A line of COPY's text format, in memory that may be written over. */
export interface WrittenLine {
  readonly bytes: Buffer;
  readonly start: number;
  /** After the newline. */
  readonly end: number;
  /** Where each field ends: at a tab or the newline. */
  readonly fieldEnds: Int32Array;
}

/**
 * Writes rows as lines of COPY's text format. From the bytes of a data file, which makes no object of
 * a row; what is not certain there goes by way of its value, and of the row. All ways lead to the
 * same bytes.
 */
export class LineWriter {
  /** Where each field of the line written last ends: at a tab or the newline. */
  readonly fieldEnds: Int32Array;
  readonly #fields: readonly LineField[];

  constructor(fields: readonly LineField[]) {
    this.#fields = fields;
    this.fieldEnds = new Int32Array(fields.length);
  }

  /**
   * Writes the line of a row from its tokens.
   *
   * @returns false when only the row as a whole says what becomes of it; nothing is written then
   */
  writeScanned(rows: ScannedRows, row: number, out: ByteWriter): boolean {
    const fields = this.#fields;
    const first = row * rows.columnCount;
    const lineStart = out.position;
    for (let index = 0; index < fields.length; index++) {
      const field = fields[index] as LineField;
      if (!this.#writeField(rows, first + field.sourceIndex, field, out)) {
        out.position = lineStart;
        return false;
      }
      this.fieldEnds[index] = out.position;
      out.byte(TAB);
    }
    this.#endLine(out);
    return true;
  }

  /** Writes the line of a row as it was converted. */
  writeRow(row: Row, values: ConvertedRow, out: ByteWriter): void {
    for (const [index, field] of this.#fields.entries()) {
      const text = field.textIn(row, values);
      out.text(text === null ? COPY_NULL : escapeCopyText(text ?? UNFIT));
      this.fieldEnds[index] = out.position;
      out.reserve(1);
      out.byte(TAB);
    }
    this.#endLine(out);
  }

  /** In the place of the last field's tab. */
  #endLine(out: ByteWriter): void {
    if (this.#fields.length > 0) out.position -= 1;
    out.reserve(1);
    out.byte(NEWLINE);
  }

  #writeField(rows: ScannedRows, place: number, field: LineField, out: ByteWriter): boolean {
    const isConstant = field.sourceIndex < 0;
    const kind = rows.kinds[place] ?? TOKEN.null;
    const start = rows.starts[place] ?? 0;
    const end = rows.ends[place] ?? 0;
    out.reserve(2 * (end - start) + FIELD_MARGIN);
    if (kind !== TOKEN.null || isConstant) {
      const fieldStart = out.position;
      if (field.encode(rows.bytes, kind, start, end, out)) return true;
      out.position = fieldStart;
    } else if (field.takesNull) {
      out.byte(BACKSLASH);
      out.byte(UPPER_N);
      return true;
    }
    const text = field.textOf(isConstant ? null : readToken(rows, place));
    if (text === undefined) return false;
    out.text(text === null ? COPY_NULL : escapeCopyText(text));
    out.reserve(FIELD_MARGIN);
    return true;
  }
}
