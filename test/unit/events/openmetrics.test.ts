import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeLabel, renderFamilies } from '../../../scripts/lib/events/openmetrics.ts';

describe('metrics as text', () => {
  it('have type, unit and help before their samples, and an end', () => {
    const text = renderFamilies([
      {
        name: 'a_seconds',
        type: 'gauge',
        help: 'how long',
        samples: [
          { labels: { table: 'users' }, value: 1.5 },
          { labels: {}, value: 0 },
        ],
      },
      {
        name: 'b_bytes',
        type: 'counter',
        help: 'how many',
        samples: [{ labels: {}, value: 7 }],
      },
      { name: 'c', type: 'gauge', help: 'has none', samples: [] },
    ]);
    expect(text.split('\n')).toEqual([
      '# TYPE a_seconds gauge',
      '# UNIT a_seconds seconds',
      '# HELP a_seconds how long',
      'a_seconds{table="users"} 1.5',
      'a_seconds 0',
      '# TYPE b_bytes counter',
      '# UNIT b_bytes bytes',
      '# HELP b_bytes how many',
      'b_bytes_total 7',
      '# EOF',
      '',
    ]);
  });

  it.each([
    ['a "quoted" name', String.raw`a \"quoted\" name`],
    [String.raw`C:\data`, String.raw`C:\\data`],
    ['two\nlines', String.raw`two\nlines`],
    [String.raw`\n`, String.raw`\\n`],
    ['Größe 😀 {x="y"},', String.raw`Größe 😀 {x=\"y\"},`],
    ['half \ud83d', 'half \ufffd'],
    ['', ''],
  ])('escape the label %j', (value, escaped) => {
    expect(escapeLabel(value)).toBe(escaped);
  });

  it('let every label be read again, and keep each sample on its line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (value) => {
        const escaped = escapeLabel(value);
        const read = escaped.replaceAll(/\\(.)/g, (_, letter: string) =>
          letter === 'n' ? '\n' : letter,
        );
        expect(read).toBe(value.toWellFormed());
        expect(escaped).not.toMatch(/\n|(?<!\\)(?:\\\\)*"/);
      }),
    );
  });
});
