import { describe, expect, it } from 'vitest';
import { MalformedText } from '../../../../scripts/lib/model/values.ts';
import { typeUnderTest } from '../../../support/converted.ts';

describe.each(['json', 'jsonb'])('%s', (name) => {
  const { converted, misfit, remedied } = typeUnderTest(name);

  it.each([
    '{}',
    ' {"a" : 1, "a" : 2}\n',
    '12345678901234567890.10',
    '"\\ud83d\\ude00"',
    '"😀\u2028\u007f"',
    '"\\\\u0000"',
    '{"\\u0041":"\\u0001"}',
    'null',
    `${'['.repeat(5000)}${']'.repeat(5000)}`,
  ])('keeps %.40j as it is', (text) => {
    expect(converted(text)).toBe(text);
  });

  it('takes numbers that SQLite made of numbers', () => {
    expect(converted(2n ** 63n - 1n)).toBe('9223372036854775807');
    expect(converted(0.1)).toBe('0.1');
    expect(converted(-0)).toBe('-0.0');
    expect(converted(Infinity)).toBe('value-format');
  });

  it('refuses text that is not JSON, and BLOBs', () => {
    for (const text of ['', 'abc', "{'a':1}", '[1,]', 'NaN', '01', '"\n"', '\uFEFF{}', '"\\x"']) {
      expect(converted(text)).toBe('value-format');
    }
    expect(converted(new Uint8Array([0x7b, 0x7d]))).toBe('value-class');
  });

  it.each([
    ['"\\u0000"', '$, character 2', '""'],
    ['{"a":["x","y\\u0000z"]}', '$.a[1], character 13', '{"a":["x","yz"]}'],
    ['{"😀":"\\u0000"}', '$["😀"], character 7', '{"😀":""}'],
    ['{"a\\u0000":1}', 'the key of $["a\\u0000"], character 4', '{"a":1}'],
    ['{"a":"\\u0000","a":1}', '$.a, character 7', '{"a":"","a":1}'],
    ['["\\\\\\u0000"]', '$[0], character 5', '["\\\\"]'],
    ['"\\u0000\\\\u0000\\u0000"', '$, character 2', '"\\\\u0000"'],
  ])('refuses U+0000 in %s and says where, and could strip it', (text, place, stripped) => {
    expect(misfit(text)).toMatchObject({
      code: 'value-nul',
      reason: `holds \\u0000 at ${place}, which PostgreSQL cannot store`,
    });
    expect(remedied(text)).toBe(`strip_nul ${stripped}`);
  });

  it.each([
    ['"\\ud800"', '$, character 2', '"\\ufffd"'],
    ['["ok","\\uDC00\\uD800"]', '$[1], character 8', '["ok","\\ufffd\\ufffd"]'],
    ['"\\ud83dx\\ude00"', '$, character 2', '"\\ufffdx\\ufffd"'],
    ['["\\ud83d","\\ude00"]', '$[0], character 3', '["\\ufffd","\\ufffd"]'],
    ['"\\ud83d\\ud83d\\ude00"', '$, character 2', '"\\ufffd\\ud83d\\ude00"'],
  ])('refuses half a character in %s and says where', (text, place, replaced) => {
    expect(misfit(text)).toMatchObject({
      code: 'value-nul',
      reason: `holds a lone surrogate at ${place}, which is no character`,
    });
    expect(remedied(text)).toBe(`replace_invalid_utf8 ${replaced}`);
  });

  it('could mend what is wrong one after the other', () => {
    expect(remedied('["\\u0000","\\ud800"]')).toBe('strip_nul replace_invalid_utf8 ["","\\ufffd"]');
    // What was apart because of U+0000 comes together.
    expect(remedied('"\\ud83d\\u0000\\ude00"')).toBe(
      'replace_invalid_utf8 strip_nul "\\ufffd\\ufffd"',
    );
    const malformed = new MalformedText(Buffer.from('"a\u00FF"', 'latin1'));
    expect(remedied(malformed)).toBe('replace_invalid_utf8 "a\uFFFD"');
  });

  it('finds U+0000 at any depth', () => {
    const depth = 50_000;
    expect(converted(`${'['.repeat(depth)}"\\u0000"${']'.repeat(depth)}`)).toBe('value-nul');
  });
});

describe('a number that numeric cannot hold', () => {
  it('is refused for jsonb, which keeps numbers as numeric, with its place', () => {
    const { misfit } = typeUnderTest('jsonb');
    expect(misfit('{"a":[1,1e131072]}')).toMatchObject({
      code: 'value-range',
      reason: 'holds a number at $.a[1], character 9, that jsonb cannot hold',
    });
    expect(misfit(`0.${'1'.repeat(16_384)}`).code).toBe('value-range');
    expect(misfit('-1e-16384').code).toBe('value-range');
  });

  it('is kept in json, which keeps text, and may stand in a string', () => {
    expect(typeUnderTest('json').converted('1e131072')).toBe('1e131072');
    expect(typeUnderTest('jsonb').converted('["1e131072", 1e131071]')).toBe(
      '["1e131072", 1e131071]',
    );
  });
});
