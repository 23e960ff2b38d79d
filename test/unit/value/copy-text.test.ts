import { expect, it } from 'vitest';
import { COPY_NULL, escapeCopyText, readCopyLine } from '../../../scripts/lib/value/copy-text.ts';

it.each([
  ['plain text', 'abc é 😀', 'abc é 😀'],
  ['the empty string, which is not NULL', '', ''],
  ['a backslash', '\\', '\\\\'],
  ['a newline', 'a\nb', 'a\\nb'],
  ['a carriage return', 'a\rb', 'a\\rb'],
  ['a tab', 'a\tb', 'a\\tb'],
  ['the end-of-data mark', '\\.', '\\\\.'],
  ['text that looks like an escape', '\\n', '\\\\n'],
  ['several at once', '\\\t\\\n', '\\\\\\t\\\\\\n'],
  ['a backspace, a form feed and a vertical tab', '\b\f\v', '\\b\\f\\v'],
  [
    'other control characters, which COPY takes as they are',
    '\u0001\u001f\u007f',
    '\u0001\u001f\u007f',
  ],
])('writes %s', (_, text, written) => {
  expect(escapeCopyText(text)).toBe(written);
});

it('keeps the text \\N apart from NULL', () => {
  expect(COPY_NULL).toBe('\\N');
  expect(escapeCopyText('\\N')).toBe('\\\\N');
});

it.each([
  ['a', null, ''],
  ['\\N', '\\', '\t\n\r\b\f\v'],
  ['é😀', '\\n', 'x y'],
])('reads a line back, field by field', (...fields) => {
  const line = fields.map((field) => (field === null ? COPY_NULL : escapeCopyText(field)));
  expect(readCopyLine(line.join('\t'))).toEqual(fields);
});
