import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeyOrderCheck, compareValues } from '../../../scripts/lib/check/key-order.ts';
import {
  SOURCE_ENCODINGS,
  type SourceEncoding,
} from '../../../scripts/lib/model/source-catalog.ts';
import { MalformedText, type Row, type SqliteValue } from '../../../scripts/lib/model/values.ts';
import { decodeText, encodeText } from '../../../scripts/lib/source/text.ts';
import { scannedRows } from '../../support/scanned.ts';
import { memoryDatabase } from '../../support/sqlite.ts';
import { anyValue, exactly } from '../../support/values.ts';

/** Values that stand close to each other, where orders go wrong. */
const near: fc.Arbitrary<SqliteValue> = fc.constantFrom<SqliteValue>(
  2n ** 53n,
  2n ** 53n + 1n,
  2 ** 53,
  2n ** 63n - 1n,
  2 ** 63,
  -(2 ** 63),
  -(2n ** 63n),
  0n,
  0,
  -0,
  5e-324,
  1n,
  1.5,
  Infinity,
  'a',
  'A',
  'a ',
  'a\u0000',
  '\uFFFF',
  '😀',
  '\uE000',
  new MalformedText(Buffer.from('00d8', 'hex')),
  new MalformedText(Buffer.from('d800', 'hex')),
  new MalformedText(Buffer.from('61ff', 'hex')),
);

describe.each(SOURCE_ENCODINGS)('the order of values in %s', { timeout: 60_000 }, (encoding) => {
  /** Malformed text of any encoding, as this one would have it: UTF-16 comes by pairs of bytes. */
  const storable = fc.oneof(near, anyValue).filter((value) => {
    if (!(value instanceof MalformedText)) return true;
    const bytes = Buffer.from(value.bytes);
    return decodeText(bytes, encoding) === null && (encoding === 'UTF-8' || bytes.length % 2 === 0);
  });

  it('is that of ORDER BY … COLLATE BINARY', () => {
    const db = memoryDatabase('CREATE TABLE t (place INTEGER PRIMARY KEY, x)', encoding);
    const insert = db.prepare('INSERT INTO t VALUES (?, ?)');
    const insertText = db.prepare('INSERT INTO t VALUES (?, CAST(? AS TEXT))');
    // Equal values share a rank; SQLite itself says which are equal.
    const ranks = db
      .prepare<[], [bigint, bigint]>(
        'SELECT place, dense_rank() OVER (ORDER BY x COLLATE BINARY) FROM t ORDER BY place',
      )
      .raw();
    fc.assert(
      fc.property(fc.array(storable, { minLength: 2, maxLength: 12 }), (values) => {
        db.exec('DELETE FROM t');
        for (const [place, value] of values.entries()) {
          if (typeof value === 'string') insertText.run(place, encodeText(value, encoding));
          else if (value instanceof MalformedText) insertText.run(place, value.bytes);
          else insert.run(place, value);
        }
        const rankOf = ranks.all().map(([, rank]) => Number(rank));
        for (const [i, a] of values.entries()) {
          for (const [j, b] of values.entries()) {
            const expected = Math.sign((rankOf[i] ?? 0) - (rankOf[j] ?? 0));
            const order = Math.sign(compareValues(a, b, encoding));
            expect([exactly(a), exactly(b), order]).toEqual([exactly(a), exactly(b), expected]);
          }
        }
      }),
      { numRuns: 150 },
    );
  });
});

/** @param batchTokens so that keys are compared within a batch and from one to the next */
function faults(
  primaryKey: readonly string[],
  rows: readonly Row[],
  batchTokens = 4,
  encoding: SourceEncoding = 'UTF-8',
): (string | null)[] {
  const check = new KeyOrderCheck(['a', 'b'], primaryKey, encoding);
  const faults: (string | null)[] = [];
  for (const batch of scannedRows(['a', 'b'], rows, batchTokens)) {
    for (let row = 0; row < batch.rowCount; row++) faults.push(check.next(batch, row));
  }
  return faults;
}

describe('a watch over keys', () => {
  it('is content with ascending keys', () => {
    expect(
      faults(
        ['a'],
        [
          [null, 1n],
          [1n, 1n],
          [1.5, 1n],
          ['1', 1n],
          [Buffer.from('1'), 1n],
        ],
      ),
    ).toEqual([null, null, null, null, null]);
  });

  it('finds a key twice, also as INTEGER and REAL', () => {
    expect(
      faults(
        ['a'],
        [
          [1n, 1n],
          [1n, 2n],
          [1, 3n],
          [2n, 3n],
        ],
      ),
    ).toEqual([null, 'duplicate', 'duplicate', null]);
  });

  it('finds a key that comes too late, and goes on from there', () => {
    expect(
      faults(
        ['a'],
        [
          ['b', 1n],
          ['a', 1n],
          ['b', 1n],
        ],
      ),
    ).toEqual([null, 'out-of-order', null]);
  });

  it('compares composite keys in the order of the key', () => {
    expect(
      faults(
        ['b', 'a'],
        [
          [2n, 1n],
          [1n, 2n],
          [1n, 2n],
          [0n, 2n],
        ],
      ),
    ).toEqual([null, null, 'duplicate', 'out-of-order']);
  });

  it('lets keys repeat that hold NULL, as SQLite does', () => {
    expect(
      faults(
        ['a', 'b'],
        [
          [null, 1n],
          [null, 1n],
          [1n, null],
          [1n, null],
        ],
      ),
    ).toEqual([null, null, null, null]);
  });

  it('has nothing to say without a primary key', () => {
    expect(
      faults(
        [],
        [
          [2n, 1n],
          [1n, 1n],
          [1n, 1n],
        ],
      ),
    ).toEqual([null, null, null]);
  });
});

it('compares keys in their bytes as it does their values', () => {
  const anyKey = fc.tuple(fc.oneof(near, anyValue), fc.oneof(near, anyValue));
  const keys = fc.array(anyKey, { maxLength: 12 });
  fc.assert(
    fc.property(keys, fc.constantFrom(...SOURCE_ENCODINGS), (rows, encoding) => {
      const expected = rows.map((row, index) => {
        const before = rows[index - 1];
        if (before === undefined) return null;
        const order =
          compareValues(before[0], row[0], encoding) || compareValues(before[1], row[1], encoding);
        if (order > 0) return 'out-of-order';
        return order < 0 || row.includes(null) ? null : 'duplicate';
      });
      expect(faults(['a', 'b'], rows, 4, encoding)).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});
