import { SAME, type CanonicalForm } from './form.ts';

/** What PostgreSQL must put in quotes. Source: array_out in PostgreSQL's utils/adt/arrayfuncs.c */
const NEEDS_QUOTES = /^$|["\\{}, \t\n\v\f\r]|^null$/i;

/**
 * Arrays as PostgreSQL writes them. Where their elements' own output is not canonical, the dimensions
 * and, after them, the canonical texts of all elements in a row.
 */
export function arrayForm(element: CanonicalForm): CanonicalForm {
  if (element.sql === SAME.sql) {
    return { ...SAME, text: (converted) => nestedText(readLiteral(converted), element) };
  }
  return {
    ...SAME,
    sql: (value) =>
      `CASE WHEN ${value} IS NOT NULL THEN pg_catalog.concat(pg_catalog.array_dims(${value}), ` +
      `(SELECT pg_catalog.array_agg(${element.sql('u.e')} ORDER BY u.n) ` +
      `FROM pg_catalog.unnest(${value}) WITH ORDINALITY AS u (e, n))) END`,
    text: (converted) => {
      const array = readLiteral(converted);
      if (array.length === 0) return '';
      return dimensions(array) + nestedText(leavesOf(array), element);
    },
  };
}

type Nested = string | null | readonly Nested[];

function nestedText(items: readonly Nested[], element: CanonicalForm): string {
  const texts = items.map((item) => {
    if (item === null) return 'NULL';
    return typeof item === 'string' ? quoted(element.text(item)) : nestedText(item, element);
  });
  return `{${texts.join(',')}}`;
}

function quoted(text: string): string {
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"` : text;
}

function leavesOf(items: readonly Nested[]): Nested[] {
  return items.flatMap((item) => (Array.isArray(item) ? leavesOf(item) : [item]));
}

/** `[1:2][1:3]` */
function dimensions(array: readonly Nested[]): string {
  const [first] = array;
  const inner = typeof first === 'object' && first !== null ? dimensions(first) : '';
  return `[1:${array.length}]${inner}`;
}

/** Reads an array as the converters write it: every element in quotes but NULL, no white space between. */
function readLiteral(text: string): readonly Nested[] {
  const open: Nested[][] = [];
  let last: readonly Nested[] = [];
  for (const [token] of text.matchAll(/[{}]|"(?:[^"\\]|\\.)*"|NULL/gs)) {
    if (token === '{') {
      open.push([]);
    } else if (token === '}') {
      last = open.pop() ?? [];
      open.at(-1)?.push(last);
    } else {
      open.at(-1)?.push(token === 'NULL' ? null : unquoted(token));
    }
  }
  return last;
}

function unquoted(token: string): string {
  return token.slice(1, -1).replaceAll(/\\(.)/gs, '$1');
}
