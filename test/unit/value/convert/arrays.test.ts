import { describe, expect, it } from 'vitest';
import { targetType } from '../../../support/catalogs.ts';
import { arrayType, typeUnderTest, type TypeUnderTest } from '../../../support/converted.ts';

function arrayOf(name: string, modifier = -1): TypeUnderTest {
  return typeUnderTest(arrayType(targetType(name, { modifier })));
}

describe('an array', () => {
  it.each([
    ['int8', '[]', '{}'],
    ['int8', ' [ 1 , -2 ] ', '{"1","-2"}'],
    ['int8', '[9223372036854775807, "7", 1e3]', '{"9223372036854775807","7","1000"}'],
    ['int8', '[null, 1]', '{NULL,"1"}'],
    ['text', '["a", "", "NULL", null]', '{"a","","NULL",NULL}'],
    ['text', String.raw`["b\"c", "d\\e", "{,}", "\u00e9"]`, String.raw`{"b\"c","d\\e","{,}","é"}`],
    ['text', '[1, 18446744073709551615]', '{"1","18446744073709551615"}'],
    ['bool', '[true, false, 0, 1, "Yes"]', '{"t","f","f","t","t"}'],
    [
      'numeric',
      '[12345678901234567890.1234567890123456789, 1e2, -0]',
      '{"12345678901234567890.1234567890123456789","100","0"}',
    ],
    ['float8', '[0.1, -0, 1e300]', '{"0.1","-0","1e+300"}'],
    ['timestamptz', '["2024-01-31T12:00:00Z"]', '{"2024-01-31 12:00:00+00"}'],
    ['bytea', '["é"]', String.raw`{"\\xc3a9"}`],
    [
      'jsonb',
      '[null, {"a": [1, {}]}, "x\\"", [1, 2], 1.10]',
      String.raw`{"null","{\"a\": [1, {}]}","\"x\\\"\"","[1, 2]","1.10"}`,
    ],
    ['int4', '[[1, 2], [3, null]]', '{{"1","2"},{"3",NULL}}'],
    ['int4', '[[[[[[1]]]]]]', '{{{{{{"1"}}}}}}'],
  ])('of %s makes of %s: %s', (name, text, literal) => {
    expect(arrayOf(name).converted(text)).toBe(literal);
  });

  it.each([
    ['int4', '', 'value-format', 'is not a JSON array'],
    ['int4', '{1,2}', 'value-format', 'is not a JSON array'],
    ['int4', '{"a":1}', 'value-format', 'is not a JSON array'],
    ['int4', 'null', 'value-format', 'is not a JSON array'],
    ['int4', '[1', 'value-format', 'is not a JSON array'],
    ['int4', '[[1,2],[3]]', 'value-format', 'holds arrays of different lengths or depths'],
    ['int4', '[[1],2]', 'value-format', 'holds arrays of different lengths or depths'],
    ['int4', '[[1],null]', 'value-format', 'holds arrays of different lengths or depths'],
    ['int4', '[[]]', 'value-format', 'holds arrays of different lengths or depths'],
    ['int4', '[[[[[[[1]]]]]]]', 'value-format', 'has more than 6 dimensions'],
    ['int4', '[1, 1.5]', 'value-precision', 'holds an element at $[1] that has a fraction'],
    [
      'int4',
      '[[1],[2147483648]]',
      'value-range',
      'holds an element at $[1][0] that is out of range for 32 bits',
    ],
    ['int4', '[true]', 'value-class', 'holds an element at $[0] that is true'],
    ['int4', '[{"a":1}]', 'value-class', 'holds an element at $[0] that is an object'],
    [
      'text',
      '[1.5]',
      'value-class',
      'holds an element at $[0] that is REAL, which text does not take',
    ],
    [
      'text',
      '["\\ud800"]',
      'value-nul',
      'holds an element at $[0] that holds a lone surrogate, which is no character',
    ],
    [
      'jsonb',
      '[1, "\\u0000"]',
      'value-nul',
      'holds an element at $[1] that holds \\u0000 at $, character 2, which PostgreSQL cannot store',
    ],
    [
      'numeric',
      '[1e131072]',
      'value-range',
      'holds an element at $[0] that has more digits than numeric holds',
    ],
  ])('of %s refuses %s', (name, text, code, reason) => {
    expect(arrayOf(name).misfit(text)).toMatchObject({ code, reason });
  });

  it('comes from JSON text alone', () => {
    for (const value of [1n, 1.5, new Uint8Array()]) {
      expect(arrayOf('int4').converted(value)).toBe('value-class');
    }
  });

  it('could mend each element as its type would', () => {
    expect(arrayOf('int4').remedied('[1.5, 2.4]')).toBe('round {"2","2"}');
    expect(arrayOf('varchar', 2 + 4).remedied('["abc", "d\\u0000ef", "\\ud800"]')).toBe(
      'truncate strip_nul replace_invalid_utf8 {"ab","de","\uFFFD"}',
    );
    expect(arrayOf('jsonb').remedied('["\\u0000", "\\ud800"]')).toBe(
      String.raw`strip_nul replace_invalid_utf8 {"\"\"","\"\\ufffd\""}`,
    );
  });

  it('has no NULL among elements of a domain that refuses it', () => {
    const domain = { name: 'positive', checks: [], notNull: true };
    const { converted, misfit } = typeUnderTest(arrayType(targetType('int4', { domain })));
    expect(converted('[1]')).toBe('{"1"}');
    expect(misfit('[1, null]').reason).toBe('holds an element at $[1] that is null');
  });

  it('has elements of enums', () => {
    const role = targetType('Role', { kind: 'enum', enumLabels: ['A', 'b c'] });
    const { converted } = typeUnderTest(arrayType(role));
    expect(converted('["A","b c"]')).toBe('{"A","b c"}');
    expect(converted('["a"]')).toBe('value-label');
  });
});
