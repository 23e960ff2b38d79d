import { formatDecimal, parseDecimal } from '../decimal.ts';
import { JsonScanner } from '../json-scan.ts';
import { SAME, type CanonicalForm } from './form.ts';

/** A string as it is, or the zeros at the end of a number's decimals. */
const ENDING_ZEROS = String.raw`("(?:[^"\\]|\\.)*")|(\.[0-9]*[1-9])0+(?![0-9])|\.0+(?![0-9])`;

/** Texts without such zeros, nearly all, are not searched string by string, which takes long. */
const MAY_HAVE_ZEROS = String.raw`\.[0-9]*0([],}]|$)`;

/**
 * jsonb as PostgreSQL writes it, but numbers without zeros at the end of their decimals: they mean
 * nothing to jsonb's equality.
 */
export const jsonbForm: CanonicalForm = {
  ...SAME,
  sql: (value) => {
    const text = `(${value})::pg_catalog.text`;
    const without = String.raw`pg_catalog.regexp_replace(${text}, '${ENDING_ZEROS}', '\1\2', 'g')`;
    return `CASE WHEN ${text} ~ '${MAY_HAVE_ZEROS}' THEN ${without} ELSE ${text} END`;
  },
  text: jsonbText,
};

/** An array or an object whose end has not been met. */
type Open =
  | { readonly kind: 'array'; readonly items: string[] }
  | { readonly kind: 'object'; readonly members: Map<string, string>; key: string };

/** Of members with one key the last counts; keys stand by their length in bytes, then by their bytes. */
function jsonbText(text: string): string {
  const scanner = new JsonScanner(text);
  const open: Open[] = [];
  let result = '';
  const put = (item: string): void => {
    const parent = open.at(-1);
    if (parent === undefined) result = item;
    else if (parent.kind === 'array') parent.items.push(item);
    else parent.members.set(parent.key, item);
  };
  for (let token = scanner.next(); token !== null; token = scanner.next()) {
    const written = text.slice(token.start, token.end);
    switch (token.kind) {
      case 'open':
        open.push(
          written === '['
            ? { kind: 'array', items: [] }
            : { kind: 'object', members: new Map(), key: '' },
        );
        break;
      case 'close': {
        const closed = open.pop();
        if (closed !== undefined) put(closedText(closed));
        break;
      }
      case 'key': {
        const parent = open.at(-1);
        if (parent?.kind === 'object') parent.key = JSON.parse(written) as string;
        break;
      }
      case 'string':
        put(JSON.stringify(JSON.parse(written)));
        break;
      case 'number':
        put(numberText(written));
        break;
      case 'word':
        put(written);
        break;
      default:
        token.kind satisfies never;
    }
  }
  return result;
}

function closedText(closed: Open): string {
  if (closed.kind === 'array') return `[${closed.items.join(', ')}]`;
  const members = [...closed.members].toSorted(([a], [b]) => compareKeys(a, b));
  return `{${members.map(([key, item]) => `${JSON.stringify(key)}: ${item}`).join(', ')}}`;
}

/** Source: lengthCompareJsonbStringValue in PostgreSQL's utils/adt/jsonb_util.c */
function compareKeys(a: string, b: string): number {
  const [first, second] = [Buffer.from(a), Buffer.from(b)];
  return first.length - second.length || Buffer.compare(first, second);
}

function numberText(written: string): string {
  const decimal = parseDecimal(written);
  if (typeof decimal === 'string') throw new Error(`a converter let the number ${written} pass`);
  return formatDecimal(decimal);
}
