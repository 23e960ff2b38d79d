import { lineEncoder } from '../../artifact/line.ts';
import type { Row } from '../../model/values.ts';
import type { LineStream } from './side.ts';

/** Lines with some of their columns only, in another order if need be. */
export async function* projectedLines(
  stream: LineStream,
  parse: (line: Buffer) => Row,
  columnNames: readonly string[],
  kept: readonly string[],
): LineStream {
  const indexes = kept.map((name) => columnNames.indexOf(name));
  const encode = lineEncoder(kept);
  const project = (line: Buffer): Buffer => {
    const row = parse(line);
    return Buffer.from(encode(indexes.map((index) => row[index] ?? null)));
  };
  try {
    for (;;) {
      const step = await stream.next();
      if (step.done === true) return step.value;
      yield step.value.map(project);
    }
  } finally {
    await stream.return({ rowCount: 0, sha256: '' });
  }
}
