import { lineEncoder } from '../../scripts/lib/artifact/line.ts';
import { LineScanner } from '../../scripts/lib/artifact/line-scanner.ts';
import type { ScannedRows } from '../../scripts/lib/artifact/scanned-rows.ts';
import type { Row } from '../../scripts/lib/model/values.ts';

/** Rows as a scan of their lines gives them, some at a time; each batch is valid until the next. */
export function* scannedRows(
  columnNames: readonly string[],
  rows: Iterable<Row>,
  batchTokens?: number,
): Generator<ScannedRows, void> {
  const encode = lineEncoder(columnNames);
  const bytes = Buffer.from([...rows].map((row) => `${encode(row)}\n`).join(''));
  for (const part of new LineScanner(columnNames, batchTokens).scan(bytes, 1)) {
    if ('fault' in part) throw part.fault;
    yield part;
  }
}
