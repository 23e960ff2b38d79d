import { describe, expect, it } from 'vitest';
import { renderDocument } from '../../../scripts/lib/docs/documents.ts';
import { generatedSections } from '../../../scripts/lib/docs/generated-sections.ts';
import { fillSections } from '../../../scripts/lib/docs/sections.ts';
import { documents } from './documents.ts';

describe('the generated parts of the documents', () => {
  it.each(documents)('are up to date in $file', async ({ file, text }) => {
    expect(text, 'run: npm run docs').toBe(await renderDocument(file));
  });

  it('stand in some document each', () => {
    const all = documents.map(({ text }) => text).join('\n');
    const unused = [...generatedSections().keys()].filter(
      (name) => !all.includes(`<!-- generated: ${name} -->`),
    );
    expect(unused).toEqual([]);
  });
});

describe('fillSections', () => {
  const sections = new Map([['numbers', 'one\ntwo\n']]);

  it('replaces what stands between the markers and nothing else', () => {
    const text = 'before\n<!-- generated: numbers -->\nold\n<!-- end -->\nafter\n';
    const filled = 'before\n<!-- generated: numbers -->\n\none\ntwo\n\n<!-- end -->\nafter\n';
    expect(fillSections(text, sections)).toBe(filled);
    expect(fillSections(filled, sections)).toBe(filled);
  });

  it.each([
    ['a name that it does not know', '<!-- generated: letters -->\n<!-- end -->'],
    ['a section without an end', '<!-- generated: numbers -->\n'],
    ['a section inside another', '<!-- generated: numbers -->\n<!-- generated: numbers -->'],
    ['an end without a section', '<!-- end -->'],
  ])('refuses %s', (_case, text) => {
    expect(() => fillSections(text, sections)).toThrow(/section/);
  });
});
