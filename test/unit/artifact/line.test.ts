import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineFault, LineParser, lineEncoder } from '../../../scripts/lib/artifact/line.ts';
import type { Row } from '../../../scripts/lib/model/values.ts';
import { anyText, anyValue, exactRow } from '../../support/values.ts';

function parse(columns: readonly string[], line: string | Uint8Array): Row {
  return new LineParser(columns).parse(Buffer.from(line));
}

describe('a row written and read again', () => {
  it('is the same to the last bit, whatever its values and column names', () => {
    const columns = fc.uniqueArray(anyText, { minLength: 1, maxLength: 6 });
    const table = columns.chain((names) =>
      fc.tuple(
        fc.constant(names),
        fc.array(fc.tuple(...names.map(() => anyValue)), { minLength: 1, maxLength: 3 }),
      ),
    );
    fc.assert(
      fc.property(table, ([names, rows]) => {
        const encode = lineEncoder(names);
        const parser = new LineParser(names);
        for (const row of rows) {
          const line = encode(row);
          expect(line).not.toContain('\n');
          expect(exactRow(parser.parse(Buffer.from(line)))).toEqual(exactRow(row));
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('is JSON that any reader understands, with the column names as keys', () => {
    const line = lineEncoder(['id', 'a "b"', 'note'])([1n, 1.5, 'x\u2028\u0000']);
    expect(line).toBe('{"id":1,"a \\"b\\"":1.5,"note":"x\u2028\\u0000"}');
    expect(JSON.parse(line)).toEqual({ id: 1, 'a "b"': 1.5, note: 'x\u2028\u0000' });
  });

  it('keeps 9223372036854775807 exact', () => {
    const line = lineEncoder(['n'])([9_223_372_036_854_775_807n]);
    expect(parse(['n'], line)).toEqual([9_223_372_036_854_775_807n]);
  });
});

describe('a line in another spelling of the same values', () => {
  it.each([
    ['escapes that are not needed', String.raw`{"a":"\u0041\/","b":null}`, ['A/', null]],
    ['a surrogate pair as escapes', String.raw`{"a":"\ud83d\ude00","b":null}`, ['😀', null]],
    ['a REAL with more zeros', '{"a":1.500,"b":1E2}', [1.5, 100]],
    ['a backslash at the end of a string', String.raw`{"a":"\\","b":"\\\\\""}`, ['\\', '\\\\"']],
    ['braces and commas within a string', '{"a":"}{,","b":"{\\"}"}', ['}{,', '{"}']],
  ])('is read: %s', (_, line, row) => {
    expect(parse(['a', 'b'], line)).toEqual(row);
  });
});

describe('a line of another form is refused:', () => {
  const columns = ['a', 'b'];

  it.each([
    ['nothing', ''],
    ['keys out of order', '{"b":1,"a":2}'],
    ['a key too many', '{"a":1,"b":2,"c":3}'],
    ['a key too few', '{"a":1}'],
    ['a key twice', '{"a":1,"a":2}'],
    ['a key in other case', '{"A":1,"b":2}'],
    ['a key in another spelling', String.raw`{"\u0061":1,"b":2}`],
    ['an array', '[1,2]'],
    ['a blank before', ' {"a":1,"b":2}'],
    ['a blank behind', '{"a":1,"b":2} '],
    ['a blank within', '{"a": 1,"b":2}'],
    ['a blank before a comma', '{"a":1 ,"b":2}'],
    ['a carriage return behind', '{"a":1,"b":2}\r'],
    ['a byte order mark', '\uFEFF{"a":1,"b":2}'],
    ['garbage behind', '{"a":1,"b":2}x'],
    ['two rows', '{"a":1,"b":2}{"a":1,"b":2}'],
    ['a comma at the end', '{"a":1,"b":2,}'],
    ['a line cut off within a key', '{"a":1,"b'],
    ['a line cut off before a value', '{"a":1,"b":'],
    ['a line cut off within null', '{"a":1,"b":nul'],
    ['a line cut off within a string', '{"a":1,"b":"x'],
    ['a line cut off behind an escape', '{"a":1,"b":"x\\'],
    ['a line cut off behind an escaped quote', '{"a":1,"b":"x\\"'],
    ['a line cut off before its end', '{"a":1,"b":2'],
    ['a line cut off within a tagged object', '{"a":1,"b":{"$blob":"AP8="'],
    ['true', '{"a":true,"b":2}'],
    ['NULL in capitals', '{"a":NULL,"b":2}'],
    ['more behind null', '{"a":nulls,"b":2}'],
    ['a nested array', '{"a":[],"b":2}'],
    ['a nested object', '{"a":{"x":1},"b":2}'],
    ['an empty object', '{"a":{},"b":2}'],
    ['a tagged object with a blank', '{"a":{"$blob": "AP8="},"b":2}'],
    ['a tagged object with two keys', '{"a":{"$blob":"AP8=","x":"y"},"b":2}'],
    ['a tagged object with an escape', String.raw`{"a":{"$blob":"\u0041P8="},"b":2}`],
    ['a tagged object of an unknown kind', '{"a":{"$date":"AP8="},"b":2}'],
    ['base64 without its padding', '{"a":{"$blob":"AP8"},"b":2}'],
    ['a single-quoted string', `{"a":'x',"b":2}`],
    ['a tab within a string', '{"a":"x\ty","b":2}'],
    ['a control character within a string that has escapes', '{"a":"x\\n\u0001","b":2}'],
    ['U+0000 within a string', '{"a":"\u0000","b":2}'],
    ['an escape that JSON does not have', String.raw`{"a":"\x41","b":2}`],
    ['an escape that is cut off', String.raw`{"a":"\u00","b":2}`],
    ['a lone high surrogate', String.raw`{"a":"\ud800","b":2}`],
    ['a lone low surrogate', String.raw`{"a":"\udc00x","b":2}`],
    ['a leading zero', '{"a":01,"b":2}'],
    ['a plus sign', '{"a":+1,"b":2}'],
    ['a point at the end', '{"a":1.,"b":2}'],
    ['a point at the start', '{"a":.5,"b":2}'],
    ['NaN', '{"a":NaN,"b":2}'],
    ['an integer of 65 bits', '{"a":9223372036854775808,"b":2}'],
    ['a REAL beyond the largest double', '{"a":1e999,"b":2}'],
    ['no value at all', '{"a":,"b":2}'],
  ])('%s', (_, line) => {
    expect(() => parse(columns, line)).toThrow(LineFault);
  });

  it.each([
    ['a byte that is never UTF-8', [0xff]],
    ['a letter cut off', [0xc3]],
    ['an overlong form', [0xc0, 0x80]],
    ['a surrogate as bytes', [0xed, 0xa0, 0x80]],
    ['a code point beyond U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
  ])('%s', (_, bytes) => {
    const line = Buffer.concat([Buffer.from('{"a":"'), Buffer.from(bytes), Buffer.from('"}')]);
    expect(() => parse(['a'], line)).toThrow('is not valid UTF-8');
  });

  it('any line with one byte taken out of its frame', () => {
    const line = Buffer.from('{"a":null,"b":{"$blob":"AP8="}}');
    const bare = [...line.keys()].filter((index) => ![24, 25, 26, 27].includes(index));
    for (const index of bare) {
      const shorter = Buffer.concat([line.subarray(0, index), line.subarray(index + 1)]);
      expect(() => parse(columns, shorter)).toThrow(LineFault);
    }
  });
});

const fault = (line: string): unknown => {
  try {
    return parse(['a', 'b'], line);
  } catch (error) {
    return error instanceof LineFault ? [error.message, error.column] : error;
  }
};

it('names the column at which a line goes wrong', () => {
  expect(fault('{"a":1,"b":x}')).toEqual(['has a value in no known form', 'b']);
  expect(fault('{"a":1,"c":2}')).toEqual([
    'does not have the key "b" where the manifest has it',
    'b',
  ]);
  expect(fault('{"a":1,"b":2,"c":3}')).toEqual([
    'holds more than the columns of the manifest',
    undefined,
  ]);
});

it('goes on after a line that was refused', () => {
  const parser = new LineParser(['a']);
  expect(() => parser.parse(Buffer.from('{"a":"x'))).toThrow(LineFault);
  expect(parser.parse(Buffer.from('{"a":1}'))).toEqual([1n]);
});
