/** What stands at a place of a line. */
export const TOKEN = {
  null: 0,
  integer: 1,
  real: 2,
  /** TEXT whose bytes are those between the quotes. */
  text: 3,
  /** TEXT with escapes in it. */
  escapedText: 4,
  /** A tagged object: a BLOB, malformed TEXT or an infinite REAL. */
  tagged: 5,
} as const;

/** The values of consecutive rows of a table, found in the bytes of its data file and not yet read. */
export interface ScannedRows {
  /** Whole lines; the tokens point into it. Valid until the next batch. */
  readonly bytes: Buffer;
  /** Line number of the first row, from 1. */
  readonly firstLine: number;
  readonly rowCount: number;
  readonly columnCount: number;
  /** One of TOKEN for each value, row by row, column by column: at `row * columnCount + column`. */
  readonly kinds: Uint8Array;
  /** Of text: the first byte after the quote, and the closing quote. Of the others: first byte, byte after the last. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** Row r is bytes[lineStarts[r], lineStarts[r + 1] - 1): without its newline. */
  readonly lineStarts: Int32Array;
}

/** The bytes of the rows, with their newlines. */
export function sizeOf({ lineStarts, rowCount }: ScannedRows): number {
  return (lineStarts[rowCount] ?? 0) - (lineStarts[0] ?? 0);
}
