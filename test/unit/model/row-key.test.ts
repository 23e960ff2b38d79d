import { describe, expect, it } from 'vitest';
import { describeValue, rowKeyDescriber } from '../../../scripts/lib/model/row-key.ts';
import { MalformedText } from '../../../scripts/lib/model/values.ts';

describe('a value in short', () => {
  it.each([
    [null, 'NULL'],
    [5n, '5'],
    [1.5, '1.5'],
    ['', '""'],
    ['a"\n', '"a\\"\\n"'],
    [new Uint8Array([0, 255]), "x'00ff'"],
    [new MalformedText(new Uint8Array([255])), "malformed text x'ff'"],
  ])('%o is %s', (value, text) => {
    expect(describeValue(value)).toBe(text);
  });

  it('is cut when it is long', () => {
    expect(describeValue('x'.repeat(1000))).toBe(`"${'x'.repeat(59)}…`);
    expect(describeValue(new Uint8Array(1_000_000)).length).toBeLessThan(70);
  });
});

it('names a row by its primary key, in the order of the key', () => {
  const describeRow = rowKeyDescriber(['a', 'b', 'c'], ['c', 'a']);
  expect(describeRow([1n, 'x', null])).toBe('c=NULL, a=1');
  expect(rowKeyDescriber(['a'], [])([1n])).toBeUndefined();
});
