import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { afterBase64 } from '../../../../scripts/lib/value/bytes/base64.ts';
import { afterBlob } from '../../../../scripts/lib/value/bytes/blobs.ts';
import { decodeTaggedObject } from '../../../../scripts/lib/value/codec.ts';

const anyBytes = fc.uint8Array({ maxLength: 40 });

/** Base64, its beginning or something in between: much of it not in its form, or not canonical. */
const nearlyBase64 = fc
  .tuple(anyBytes, fc.nat({ max: 60 }), fc.constantFrom('', '=', '==', 'A', 'B=', '-', '\n', 'é'))
  .map(([bytes, at, piece]) => {
    const text = Buffer.from(bytes).toString('base64');
    return text.slice(0, at) + piece + text.slice(at + piece.length);
  });

describe('base64', () => {
  it('ends where its padding does', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        const text = Buffer.from(bytes).toString('base64');
        expect(afterBase64(Buffer.from(`__${text}"`), 2)).toBe(2 + text.length);
      }),
    );
  });

  it.each(['A', 'AA', 'AB==', 'AA=', 'AAB=', 'AAA', 'AAAAA', 'AAAAAA='])('is none: %s', (text) => {
    expect(afterBase64(Buffer.from(`${text}"`), 0)).toBe(-1);
  });

  it('of a BLOB is taken exactly where the whole object is read as one', () => {
    fc.assert(
      fc.property(nearlyBase64, fc.constantFrom('$blob', '$text', '$real'), (text, tag) => {
        const object = `{"${tag}":"${text}"}`;
        const end = afterBlob(Buffer.from(`${object},"next":"AAAA"}\n`), 0);
        const isBlob = tag === '$blob' && decodeTaggedObject(object) !== null;
        expect(end).toBe(isBlob ? Buffer.byteLength(object) : -1);
      }),
      { numRuns: 2000 },
    );
  });
});
