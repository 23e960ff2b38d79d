import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SOURCE_ENCODINGS } from '../../../scripts/lib/model/source-catalog.ts';
import { decodeText, encodeText } from '../../../scripts/lib/source/text.ts';
import { memoryDatabase } from '../../support/sqlite.ts';
import { anyText } from '../../support/values.ts';

describe.each(SOURCE_ENCODINGS)('text in %s', (encoding) => {
  it('is read back as it was written', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(decodeText(encodeText(text, encoding), encoding)).toBe(text);
      }),
      { numRuns: 500 },
    );
  });

  it('has the bytes that SQLite stores', () => {
    const db = memoryDatabase('CREATE TABLE t (x)', encoding);
    const bytesOf = db.prepare<[string], Buffer>('SELECT CAST(? AS BLOB)').pluck();
    for (const text of ['', 'a', 'é😀', 'a\u0000b', '\uFEFF']) {
      expect(bytesOf.get(text)).toEqual(encodeText(text, encoding));
    }
  });
});

it.each([
  ['a byte that is never UTF-8', 'UTF-8', 'ff'],
  ['a letter cut off', 'UTF-8', 'c3'],
  ['a surrogate as bytes', 'UTF-8', 'eda080'],
  ['an overlong form', 'UTF-8', 'c080'],
  ['an odd number of bytes', 'UTF-16le', '61'],
  ['a lone high surrogate', 'UTF-16le', '00d8'],
  ['a lone low surrogate', 'UTF-16le', '00dc6100'],
  ['a lone high surrogate', 'UTF-16be', 'd800'],
  ['surrogates in the wrong order', 'UTF-16be', 'dc00d800'],
] as const)('bytes are no text with %s: %s %s', (_, encoding, hex) => {
  expect(decodeText(Buffer.from(hex, 'hex'), encoding)).toBeNull();
});
