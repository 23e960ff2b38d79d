import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonScanner } from '../../../scripts/lib/value/json-scan.ts';

/** Each token with its path. */
function tokens(text: string): string[] {
  const scanner = new JsonScanner(text);
  const found: string[] = [];
  for (let token = scanner.next(); token !== null; token = scanner.next()) {
    found.push(`${token.kind} ${text.slice(token.start, token.end)} ${scanner.path(token)}`);
  }
  return found;
}

describe('a JSON text', () => {
  it('is told token by token, with the path of each', () => {
    expect(tokens('{"a" : [1, -2.5e3, "x,y"], "b c":{"":null},"a":true}')).toEqual([
      'open { $',
      'key "a" $.a',
      'open [ $.a',
      'number 1 $.a[0]',
      'number -2.5e3 $.a[1]',
      'string "x,y" $.a[2]',
      'close ] $.a',
      'key "b c" $["b c"]',
      'open { $["b c"]',
      'key "" $["b c"][""]',
      'word null $["b c"][""]',
      'close } $["b c"]',
      'key "a" $.a',
      'word true $.a',
      'close } $',
    ]);
  });

  it('may be a single value', () => {
    expect(tokens(' "a\\"\\\\" ')).toEqual([String.raw`string "a\"\\" $`]);
    expect(tokens('\n-0\t')).toEqual(['number -0 $']);
  });

  it('may be nested deeply', () => {
    const depth = 100_000;
    expect(tokens('['.repeat(3) + ']'.repeat(3))).toHaveLength(6);
    const scanner = new JsonScanner('['.repeat(depth) + ']'.repeat(depth));
    let deepest = 0;
    let longest = 0;
    for (let token = scanner.next(); token !== null; token = scanner.next()) {
      deepest = Math.max(deepest, token.depth);
      if (token.depth % 10_000 === 0) longest = Math.max(longest, scanner.path(token).length);
    }
    expect([deepest, longest]).toEqual([depth - 1, 161]);
  });

  it('has every scalar of the value that it is', () => {
    const indent = fc.constantFrom(0, 2, '\t');
    fc.assert(
      fc.property(fc.jsonValue(), indent, (value, space) => {
        const text = JSON.stringify(value, null, space);
        const scalars: unknown[] = [];
        const scanner = new JsonScanner(text);
        for (let token = scanner.next(); token !== null; token = scanner.next()) {
          if (token.kind === 'open' || token.kind === 'close' || token.kind === 'key') continue;
          scalars.push(JSON.parse(text.slice(token.start, token.end)));
        }
        const expected: unknown[] = [];
        JSON.parse(text, function revive(this: unknown, _key, member: unknown) {
          if (typeof member !== 'object' || member === null) expected.push(member);
          return member;
        });
        expect(scalars).toHaveLength(expected.length);
        expect(scalars.map(String).toSorted()).toEqual(expected.map(String).toSorted());
      }),
      { numRuns: 300 },
    );
  });
});
