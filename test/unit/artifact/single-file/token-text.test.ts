import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineEncoder } from '../../../../scripts/lib/artifact/line.ts';
import { requireRow } from '../../../../scripts/lib/artifact/single-file/exact-parts.ts';
import {
  TokenText,
  layOut,
  tokenizer,
} from '../../../../scripts/lib/artifact/single-file/token-text.ts';
import { manifestTable } from '../../../support/catalogs.ts';
import { anyText, anyValue } from '../../../support/values.ts';

/** The text that the tokens of these pieces make, and how many values were complete. */
function written(pieces: readonly string[], indent = ''): { text: string; values: number } {
  const tokensOf = tokenizer();
  const writer = new TokenText(indent);
  let text = '';
  let values = 0;
  for (const token of pieces.flatMap((piece) => tokensOf(piece))) {
    text += writer.next(token);
    if (writer.isComplete) values += 1;
  }
  return { text, values };
}

describe('tokens written as text', () => {
  it.each(['', '  '])('are what JSON.stringify writes with the indent %j', (indent) => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        const expected = JSON.stringify(value, null, indent);
        expect(layOut(JSON.stringify(value, null, 4), indent)).toBe(expected);
      }),
    );
  });

  it('are the line of a row again, whatever its values and column names', () => {
    const table = manifestTable('t', ['a']);
    fc.assert(
      fc.property(fc.array(fc.tuple(anyText, anyValue), { minLength: 1 }), (columns) => {
        const line = lineEncoder(columns.map(([name]) => name))(columns.map(([, value]) => value));
        expect(layOut(line, '')).toBe(line);
        requireRow(line, table, 1);
      }),
    );
  });

  it('are the same wherever the text is cut', () => {
    const text = String.raw`{"a":[1.50,-0.0,1E+2,"x\u00e9\n\ud83d\ude00",true,{}],"\u0000":{"b":[[],null]}}`;
    const whole = written([`${text}\n`]);
    expect(whole.values).toBe(1);
    for (let cut = 0; cut <= text.length; cut++) {
      const inTwo = written([text.slice(0, cut), `${text.slice(cut)}\n`]);
      expect([cut, inTwo]).toEqual([cut, whole]);
    }
    expect(written(`${text}\n`.split(''))).toEqual(whole);
  });

  it.each(['17.0', '-0', '-0.0', '1E5', '0.10', '9007199254740993', `1${'0'.repeat(40)}`])(
    'keep the digits of %s',
    (number) => {
      expect(layOut(`[${number}]`, '')).toBe(`[${number}]`);
      expect(layOut(number, '')).toBe(number);
    },
  );

  it('keep every key at its place, also one that stands twice or means something to JavaScript', () => {
    const text = '{"b":1,"10":2,"9":3,"__proto__":4,"constructor":5,"b":6}';
    expect(layOut(text, '')).toBe(text);
  });

  it('escape as JSON.stringify does, however the text was escaped', () => {
    expect(layOut(String.raw`["\/\u0041\u00e9\u001F\ud83d\ude00\b"]`, '')).toBe(
      JSON.stringify(['/Aé\u001f😀\b']),
    );
    expect(layOut(String.raw`["\ud800"]`, '')).toBe(String.raw`["\ud800"]`);
  });

  it('hold a long string in pieces, and not as a whole', () => {
    const long = `${'x'.repeat(100_000)}"\\\n😀`.repeat(3);
    const json = JSON.stringify([long]);
    const pieces = Array.from({ length: Math.ceil(json.length / 1000) }, (_, index) =>
      json.slice(index * 1000, index * 1000 + 1000),
    );
    const tokensOf = tokenizer();
    const tokens = pieces.flatMap((piece) => tokensOf(piece));
    const longest = Math.max(
      ...tokens.map((token) => ('value' in token ? String(token.value).length : 0)),
    );
    expect(longest).toBeLessThanOrEqual(1000);
    expect(written(pieces).text).toBe(json);
  });
});

it.each(['', ' ', '{', '[1', '{"a":1}}', '[1] 2', '{"a"}', '[01]', '["\u0001"]', 'nul', 'NaN'])(
  'no layout is made of %j, which is no JSON value',
  (text) => {
    expect(layOut(text, '')).toBeUndefined();
  },
);
