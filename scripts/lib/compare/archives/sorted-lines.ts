import type { Row, SqliteValue } from '../../model/values.ts';
import { encodeValue } from '../../value/codec.ts';
import { ExternalSort } from '../external-sort.ts';
import type { LineStream } from './side.ts';

const BYTES_AT_ONCE = 256 * 1024;

/**
 * The same lines in the order of their keys' bytes, for sides that do not come in one order. They lie
 * in a temporary file meanwhile.
 */
export async function* sortedLines(
  stream: LineStream,
  keyOf: (line: Buffer) => Buffer,
): LineStream {
  const sort = new ExternalSort<Buffer>();
  try {
    let step = await stream.next();
    for (; step.done !== true; step = await stream.next()) {
      for (const line of step.value) sort.add(keyOf(line), line);
    }
    let lines: Buffer[] = [];
    let sizeBytes = 0;
    for (const { payload } of sort.rows()) {
      lines.push(payload);
      sizeBytes += payload.length;
      if (sizeBytes < BYTES_AT_ONCE) continue;
      yield lines;
      lines = [];
      sizeBytes = 0;
      await new Promise(setImmediate);
    }
    if (lines.length > 0) yield lines;
    return step.value;
  } finally {
    await stream.return({ rowCount: 0, sha256: '' });
    sort.close();
  }
}

/**
 * A key as bytes that are the same for all values that SQLite takes for the same: 1 and 1.0, 0 and -0.0.
 *
 * @param indexes the places of the key's columns in a row
 */
export function keyBytes(row: Row, indexes: readonly number[]): Buffer {
  const parts = indexes.map((index) => encodeValue(plainNumber(row[index] ?? null)));
  return Buffer.from(parts.join(','));
}

const TWO_TO_63 = 2 ** 63;

function plainNumber(value: SqliteValue): SqliteValue {
  const isWhole = typeof value === 'number' && Number.isInteger(value);
  return isWhole && value >= -TWO_TO_63 && value < TWO_TO_63 ? BigInt(value) : value;
}
