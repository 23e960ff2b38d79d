import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openKeyDatabase } from '../../../scripts/lib/check/key-set.ts';
import { MetKeys, storedKey } from '../../../scripts/lib/check/met-keys.ts';

const forms = fc.array(
  fc.option(fc.oneof(fc.constantFrom('', '-', '1:-', '0:', '1:a'), fc.string({ maxLength: 150 }))),
  { minLength: 3, maxLength: 3 },
);

describe('a stored key', () => {
  it('is one with another exactly when all their forms are', () => {
    fc.assert(
      fc.property(forms, forms, (a, b) => {
        const isSame = a.every((form, index) => form === b[index]);
        expect(isSame).toBe(String(storedKey(a)) === String(storedKey(b)));
        expect(storedKey([...a])).toEqual(storedKey(a));
      }),
      { numRuns: 500 },
    );
  });

  it('tells NULL from the text that stands for it', () => {
    expect(storedKey([null])).not.toEqual(storedKey(['-']));
  });

  it('takes no more room than a digest, however long the values are', () => {
    expect(storedKey(['x'.repeat(1_000_000)])).toHaveLength(32);
  });
});

describe('the keys that were met', () => {
  it('know each key once, with the first row that had it', () => {
    const keys = new MetKeys(openKeyDatabase(), 1);
    expect(keys.add('a', { line: 3, rowKey: 'id=3' })).toBe(true);
    expect(keys.add('a', { line: 9, rowKey: 'id=9' })).toBe(false);
    expect(keys.placeOf('a')).toEqual({ line: 3, rowKey: 'id=3' });
    expect([keys.has('a'), keys.has('b')]).toEqual([true, false]);
  });

  it('keep rows apart that have no line or no key', () => {
    const keys = new MetKeys(openKeyDatabase(), 1);
    keys.add('a', { line: 3 });
    keys.add('b', { rowKey: 'id=4' });
    keys.add('c', {});
    expect(['a', 'b', 'c'].map((key) => keys.placeOf(key))).toEqual([
      { line: 3 },
      { rowKey: 'id=4' },
      {},
    ]);
  });

  it('do not take a text for the bytes of a digest', () => {
    const keys = new MetKeys(openKeyDatabase(), 1);
    keys.add(Buffer.from('abc'), {});
    expect(keys.has('abc')).toBe(false);
  });
});
