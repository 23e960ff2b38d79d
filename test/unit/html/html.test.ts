import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { code, html, inline, nothing, textOf } from '../../../scripts/lib/html/html.ts';
import { clip } from '../../../scripts/lib/html/text.ts';

describe('a template', () => {
  it('escapes what is put into it', () => {
    const text = `</p><script>alert("1" + '2') && 3</script>`;
    expect(textOf(html`<p title="${text}">${text}</p>`)).toBe(
      '<p title="&lt;/p&gt;&lt;script&gt;alert(&quot;1&quot; + &#39;2&#39;) &amp;&amp; 3&lt;/script&gt;">' +
        '&lt;/p&gt;&lt;script&gt;alert(&quot;1&quot; + &#39;2&#39;) &amp;&amp; 3&lt;/script&gt;</p>',
    );
  });

  it('takes pieces and lists of them as they are', () => {
    const items = ['a', '<b>'].map((item) => html`<li>${item}</li>`);
    expect(textOf(html`<i>${items}</i>${nothing}${7}`)).toBe(
      '<i><li>a</li><li>&lt;b&gt;</li></i>7',
    );
  });

  it('takes no object for a piece that only looks like one', () => {
    const forged = JSON.parse('["<i>", ["<b>"]]') as string[];
    expect(textOf(html`${forged}`)).toBe('&lt;i&gt;&lt;b&gt;');
  });

  it('shows what cannot be seen, and what turns text round', () => {
    expect(textOf(html`${'a\u0000b\u202Ec\u200Bd\uFEFF\ne'}`)).toBe(
      'a⟨U+0000⟩b⟨U+202E⟩c⟨U+200B⟩d⟨U+FEFF⟩\ne',
    );
    expect(textOf(html`${'\uD800'}`)).toBe('\uFFFD');
  });

  it('lets no text out of its place, whatever it is', () => {
    const check = fc.check(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const inside = textOf(html`<p>${text}</p>`).slice(3, -4);
        return !/[<>"']|&(?!(?:amp|lt|gt|quot|#39);)/.test(inside);
      }),
    );
    expect(check.failed, `seed ${check.seed}`).toBe(false);
  });
});

it('puts code into its element without a blank more', () => {
  expect(textOf(inline('style', code`a{b:c}`))).toBe('<style>a{b:c}</style>');
});

describe('a long text', () => {
  it('is clipped to whole characters', () => {
    expect(clip('😀😀😀😀', 3)).toBe('😀😀…');
    expect(clip('😀😀😀', 3)).toBe('😀😀😀');
    expect(clip('x'.repeat(10_000), 5)).toBe('xxxx…');
  });
});
