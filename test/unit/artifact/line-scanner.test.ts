import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineFault, LineParser, lineEncoder } from '../../../scripts/lib/artifact/line.ts';
import { LineScanner } from '../../../scripts/lib/artifact/line-scanner.ts';
import {
  compareBytes,
  integerOf,
  readRow,
  readToken,
} from '../../../scripts/lib/artifact/token.ts';
import type { ScannedRows } from '../../../scripts/lib/artifact/scanned-rows.ts';
import type { Row } from '../../../scripts/lib/model/values.ts';
import { anyText, anyValue, exactRow, exactly } from '../../support/values.ts';

/** What became of each line: its row, or what is wrong with it. */
type Reading = readonly string[] | string;

function parsed(columns: readonly string[], lines: readonly Buffer[]): Reading[] {
  const parser = new LineParser(columns);
  return lines.map((line) => {
    try {
      return exactRow(parser.parse(line));
    } catch (error) {
      if (error instanceof LineFault) return `${error.message} ${error.column ?? ''}`;
      throw error;
    }
  });
}

function scanned(
  columns: readonly string[],
  lines: readonly Buffer[],
  batchTokens = 10,
): Reading[] {
  const scanner = new LineScanner(columns, batchTokens);
  const bytes = joined(lines);
  const readings: Reading[] = [];
  for (const part of scanner.scan(bytes, 1)) {
    expect('fault' in part ? part.line : part.firstLine).toBe(readings.length + 1);
    if ('fault' in part) {
      readings.push(`${part.fault.message} ${part.fault.column ?? ''}`);
      continue;
    }
    for (let row = 0; row < part.rowCount; row++) {
      const [start, next] = [part.lineStarts[row] ?? 0, part.lineStarts[row + 1] ?? 0];
      expect(part.bytes.subarray(start, next - 1)).toEqual(lines[readings.length]);
      readings.push(exactRow(readRow(part, row)));
    }
  }
  return readings;
}

function joined(lines: readonly Buffer[]): Buffer {
  return Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')]));
}

const anyColumns = fc.uniqueArray(anyText, { minLength: 1, maxLength: 5 });

const anyTable = anyColumns.chain((names) =>
  fc.record({
    names: fc.constant(names),
    rows: fc.array(fc.tuple(...names.map(() => anyValue)), { minLength: 1, maxLength: 5 }),
  }),
);

/** Pieces that a line is made of, and some that it never is. */
const PIECES = [
  '{}[]",:\\-+.eE 0123456789ntruealsu/\r\t\u0000\u001f\u007f'.split(''),
  ['null', '\\u', '\\ud83d', '\\ude00', '\\ud800', '\\u00e9', '\\u00G0', '\\n', '\\/', '\\x'],
  ['1e999', '1e5', '1E-7', '-0', '-0.0', '0.5', '00', '01', '1.', '9223372036854775807'],
  ['-9223372036854775808', '9223372036854775808', '123456789012345678901234567890'],
  ['{"$blob":"AP8="}', '{"$text":"/w=="}', '{"$real":"Infinity"}', '{"$blob":"AP8"}', '{}'],
  ['é', '😀', '\u2028'],
  ['"a":', ',"b":'],
]
  .flat()
  .map((piece) => Buffer.from(piece));

const anyPiece = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom(...PIECES) },
  { weight: 1, arbitrary: fc.uint8Array({ minLength: 1, maxLength: 2 }).map(withoutNewline) },
);

function withoutNewline(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.map((byte) => (byte === 0x0a ? 0xff : byte)));
}

interface Change {
  readonly at: number;
  readonly removed: number;
  readonly piece: Buffer;
}

const anyChange: fc.Arbitrary<Change> = fc.record({
  at: fc.nat(),
  removed: fc.nat({ max: 4 }),
  piece: fc.oneof(anyPiece, fc.constant(Buffer.alloc(0))),
});

function changed(line: Buffer, { at, removed, piece }: Change): Buffer {
  const place = at % (line.length + 1);
  return Buffer.concat([line.subarray(0, place), piece, line.subarray(place + removed)]);
}

describe('a scan of lines says the same as the parser of lines:', () => {
  const numRuns = 150;

  it('of rows as they are written', () => {
    fc.assert(
      fc.property(anyTable, ({ names, rows }) => {
        const encode = lineEncoder(names);
        const lines = rows.map((row) => Buffer.from(encode(row)));
        expect(scanned(names, lines)).toEqual(rows.map((row) => exactRow(row)));
      }),
      { numRuns },
    );
  });

  it('of a text with any byte at any place of it', () => {
    const lines = Array.from({ length: 256 }, (_, byte) => byte)
      .filter((byte) => byte !== 0x0a)
      .flatMap((byte) =>
        Array.from({ length: 10 }, (_, place) => {
          const text = Buffer.from('abcdefghi');
          const parts = ['{"a":"', text.subarray(0, place), Buffer.of(byte), text.subarray(place)];
          return Buffer.concat([...parts, '"}'].map((part) => Buffer.from(part)));
        }),
      );
    for (const line of lines) expect(scanned(['a'], [line])).toEqual(parsed(['a'], [line]));
    expect(scanned(['a'], lines)).toEqual(parsed(['a'], lines));
  });

  it('of rows in which bytes were changed, taken out and put in', () => {
    const anyChanges = fc.array(fc.array(anyChange, { maxLength: 2 }), { maxLength: 5 });
    fc.assert(
      fc.property(anyTable, anyChanges, ({ names, rows }, changes) => {
        const encode = lineEncoder(names);
        const lines = rows.map((row, index) =>
          (changes[index] ?? []).reduce(changed, Buffer.from(encode(row))),
        );
        expect(scanned(names, lines)).toEqual(parsed(names, lines));
      }),
      { numRuns: 3 * numRuns },
    );
  });

  it('of values put together from pieces', () => {
    const anyToken = fc
      .array(anyPiece, { minLength: 1, maxLength: 4 })
      .map((pieces) => Buffer.concat(pieces));
    const anyQuoted = anyToken.map((token) =>
      Buffer.concat([Buffer.from('"'), token, Buffer.from('"')]),
    );
    const anyLine = fc
      .tuple(fc.oneof(anyToken, anyQuoted), fc.oneof(anyToken, anyQuoted))
      .map(([a, b]) =>
        Buffer.concat([Buffer.from('{"a":'), a, Buffer.from(',"b":'), b, Buffer.from('}')]),
      );
    fc.assert(
      fc.property(fc.array(anyLine, { minLength: 1, maxLength: 4 }), (lines) => {
        expect(scanned(['a', 'b'], lines)).toEqual(parsed(['a', 'b'], lines));
      }),
      { numRuns: 5 * numRuns },
    );
  });
});

it('a line cut off anywhere is refused, and so is the end of a file within it', () => {
  const line = Buffer.from(
    lineEncoder(['a', 'b', 'c'])(['é\\"\u0000😀', -12.5, new Uint8Array([1, 2])]),
  );
  for (const length of line.keys()) {
    const lines = [line.subarray(0, length)];
    expect(scanned(['a', 'b', 'c'], lines)).toEqual(parsed(['a', 'b', 'c'], lines));
  }
});

it('gives more rows than a batch takes in several, none lost', () => {
  const lines = Array.from({ length: 100_000 }, (_, index) => Buffer.from(`{"n":${index}}`));
  const scanner = new LineScanner(['n']);
  let sum = 0;
  let rowCount = 0;
  let batchCount = 0;
  for (const part of scanner.scan(joined(lines), 8)) {
    if ('fault' in part) throw part.fault;
    expect(part.firstLine).toBe(8 + rowCount);
    for (let place = 0; place < part.rowCount; place++) sum += integerOf(part, place);
    rowCount += part.rowCount;
    batchCount += 1;
  }
  expect(rowCount).toBe(100_000);
  expect(sum).toBe((100_000 * 99_999) / 2);
  expect(batchCount).toBeGreaterThan(1);
});

function scan(...rows: Row[]): ScannedRows {
  const names = rows[0]?.map((_, index) => `c${index}`) ?? [];
  const encode = lineEncoder(names);
  const [batch] = new LineScanner(names).scan(
    joined(rows.map((row) => Buffer.from(encode(row)))),
    1,
  );
  if (batch === undefined || 'fault' in batch) throw new Error('no rows');
  return batch;
}

describe('a token', () => {
  it('of an INTEGER is a number where a double holds it for certain', () => {
    const row = [0n, -7n, 999_999_999_999_999n, 2n ** 53n, 1.5, '1', null];
    expect(row.map((_, place) => integerOf(scan(row), place))).toEqual([
      0,
      -7,
      999_999_999_999_999,
      NaN,
      NaN,
      NaN,
      NaN,
    ]);
  });

  it('comes before another by its bytes, and a beginning before the whole', () => {
    const batch = scan(['ab', 'ab', 'abc', 'b', 'é']);
    expect([0, 1, 2, 3, 4].map((place) => Math.sign(compareBytes(batch, 1, place)))).toEqual([
      0, 0, -1, -1, -1,
    ]);
    expect(compareBytes(batch, 4, 3)).toBeGreaterThan(0);
  });

  it('reads as its value', () => {
    const row = [null, 5n, 2.5, 'x', 'a"b', new Uint8Array([7]), -Infinity];
    const batch = scan(row);
    expect(row.map((_, place) => exactly(readToken(batch, place)))).toEqual(exactRow(row));
  });
});
