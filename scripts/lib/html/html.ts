const MARKUP = Symbol('markup');

/** A piece of a page. Only {@link html} makes one, so that nothing gets into a page unescaped. */
export interface Html {
  readonly [MARKUP]: string;
}

export type Part = Html | string | number | readonly Part[];

/** A template whose parts are escaped, unless they are pieces themselves. Attributes must be quoted. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const pieces = unindented(strings);
  const text = pieces.map((piece, index) => piece + markupOf(parts[index] ?? '')).join('');
  return { [MARKUP]: text };
}

const known = new WeakMap<TemplateStringsArray, readonly string[]>();

/** A template without the indentation of this program's own lines, of which thousands of rows would be full. */
function unindented(strings: TemplateStringsArray): readonly string[] {
  const done = known.get(strings) ?? strings.map((text) => text.replaceAll(/\n\s+/g, '\n'));
  known.set(strings, done);
  return done;
}

/** The text of a piece, as it stands in the file. */
export function textOf(piece: Html): string {
  return piece[MARKUP];
}

/** A style or a script: text of this program alone, without any part. */
export function code(strings: TemplateStringsArray): Html {
  return { [MARKUP]: strings.join('') };
}

/** A style or a script in the page: not a blank is added, for the policy of the page names its hash. */
export function inline(element: 'style' | 'script', piece: Html): Html {
  return { [MARKUP]: `<${element}>${piece[MARKUP]}</${element}>` };
}

function markupOf(part: Part): string {
  if (typeof part === 'string') return escape(part);
  if (typeof part === 'number') return String(part);
  return MARKUP in part ? part[MARKUP] : part.map(markupOf).join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** What steers the direction of text, or cannot be seen, would make a name look like another one. */
const UNSEEN = /(?![\n\t])[\p{Cc}\p{Bidi_Control}\u00AD\u200B\u2028\u2029\u2060\uFEFF]/gu;

function escape(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(UNSEEN, describeCodePoint)
    .replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

function describeCodePoint(character: string): string {
  const digits = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return `⟨U+${digits}⟩`;
}

export const nothing = html``;
