import { JsonScanner, type JsonToken } from '../json-scan.ts';
import { Misfit, type Converter, type MisfitPolicy, type NonNullValue } from './converter.ts';

/** The digits of 2^63, with a sign. */
const MAX_INTEGER_LENGTH = 20;
/** PostgreSQL's arrays have no more dimensions (MAXDIM). */
const MAX_DIMENSIONS = 6;

const NOT_AN_ARRAY = new Misfit('value-format', 'is not a JSON array');
const UNEVEN = new Misfit('value-format', 'holds arrays of different lengths or depths');

/** What the elements of an array are turned into. */
export interface ArrayElements {
  readonly convert: Converter;
  /** json and jsonb take any JSON value as an element, and null as JSON's own null. */
  readonly isJson: boolean;
  /** False for a domain that is NOT NULL. */
  readonly takesNull: boolean;
  /** The type takes JSON's true and false, as those words. */
  readonly takesWords: boolean;
  /** Of a number that is no INTEGER the type gets the digits, as TEXT; else a REAL. */
  readonly takesDigits: boolean;
}

/**
 * TEXT that is a JSON array, as Prisma's scalar lists are kept: each element as its type takes it, null
 * as NULL, arrays of arrays as dimensions where all have the same length.
 */
export function arrayText(elements: ArrayElements): (value: string) => string | Misfit {
  return (value) => {
    try {
      JSON.parse(value);
    } catch {
      return NOT_AN_ARRAY;
    }
    return readArray(value, elements, new Set());
  };
}

/** @param policies whose remedies elements have been allowed */
function readArray(
  text: string,
  elements: ArrayElements,
  policies: ReadonlySet<MisfitPolicy>,
): string | Misfit {
  const result = new ArrayReader(text, elements, policies).read();
  if (!(result instanceof Misfit) || result.remedy === undefined) return result;
  const { policy } = result.remedy;
  const apply = (): string | Misfit => readArray(text, elements, new Set([...policies, policy]));
  return new Misfit(result.code, result.reason, { policy, apply });
}

/** An array literal and the length of each of its dimensions. */
interface Literal {
  readonly text: string;
  readonly lengths: readonly number[];
}

class ArrayReader {
  readonly #text: string;
  readonly #elements: ArrayElements;
  readonly #policies: ReadonlySet<MisfitPolicy>;
  readonly #scanner: JsonScanner;

  constructor(text: string, elements: ArrayElements, policies: ReadonlySet<MisfitPolicy>) {
    this.#text = text;
    this.#elements = elements;
    this.#policies = policies;
    this.#scanner = new JsonScanner(text);
  }

  read(): string | Misfit {
    const first = this.#scanner.next();
    if (first === null || !this.#opensArray(first)) return NOT_AN_ARRAY;
    const literal = this.#array(1);
    return literal instanceof Misfit ? literal : literal.text;
  }

  /** What stands between a bracket that has been read and the one that closes it. */
  #array(depth: number): Literal | Misfit {
    const texts: string[] = [];
    let inner: readonly number[] | null = null;
    for (;;) {
      const token = this.#scanner.next();
      if (token === null || token.kind === 'close') break;
      const element = this.#element(token, depth);
      if (element instanceof Misfit) return element;
      inner ??= element.lengths;
      if (inner.join() !== element.lengths.join()) return UNEVEN;
      texts.push(element.text);
    }
    if (texts.length === 0 && depth > 1) return UNEVEN;
    return { text: `{${texts.join(',')}}`, lengths: [texts.length, ...(inner ?? [])] };
  }

  #element(token: JsonToken, depth: number): Literal | Misfit {
    if (this.#opensArray(token) && !this.#elements.isJson) {
      return depth < MAX_DIMENSIONS
        ? this.#array(depth + 1)
        : new Misfit('value-format', `has more than ${MAX_DIMENSIONS} dimensions`);
    }
    const value = this.#elements.isJson ? this.#source(token) : this.#value(token);
    if (value === null) return { text: 'NULL', lengths: [] };
    const converted = this.#settled(
      value instanceof Misfit ? value : this.#elements.convert(value),
    );
    if (!(converted instanceof Misfit)) return { text: quoted(converted), lengths: [] };
    const reason = `holds an element at ${this.#scanner.path(token)} that ${converted.reason}`;
    return new Misfit(converted.code, reason, converted.remedy);
  }

  /** What the allowed remedies make of it. */
  #settled(result: string | Misfit): string | Misfit {
    let settled = result;
    while (settled instanceof Misfit && settled.remedy !== undefined) {
      if (!this.#policies.has(settled.remedy.policy)) return settled;
      settled = settled.remedy.apply();
    }
    return settled;
  }

  #opensArray(token: JsonToken): boolean {
    return token.kind === 'open' && this.#text[token.start] === '[';
  }

  /** The element as JSON, with all that stands in it. */
  #source(token: JsonToken): string {
    let last = token;
    while (token.kind === 'open' && !(last.kind === 'close' && last.depth === token.depth)) {
      last = this.#scanner.next() ?? { ...token, kind: 'close', end: this.#text.length };
    }
    return this.#text.slice(token.start, last.end);
  }

  #value(token: JsonToken): NonNullValue | null | Misfit {
    const text = this.#text.slice(token.start, token.end);
    switch (token.kind) {
      case 'string':
        return this.#string(JSON.parse(text) as string);
      case 'number':
        return this.#number(text);
      case 'word':
        if (text === 'null' && this.#elements.takesNull) return null;
        return text !== 'null' && this.#elements.takesWords
          ? text
          : new Misfit('value-class', `is ${text}`);
      case 'open':
        return new Misfit('value-class', 'is an object');
      case 'key':
      case 'close':
        throw new Error('no element of an array begins with that');
      default:
        return token.kind satisfies never;
    }
  }

  /** JSON can say half a character, and TEXT cannot. */
  #string(value: string): string | Misfit {
    if (value.isWellFormed()) return value;
    return new Misfit('value-nul', 'holds a lone surrogate, which is no character', {
      policy: 'replace_invalid_utf8',
      apply: () => this.#elements.convert(value.toWellFormed()),
    });
  }

  /** Never by way of a JavaScript number where digits could be lost. */
  #number(digits: string): NonNullValue {
    const isInteger = /^-?\d+$/.test(digits);
    const isMinusZero = digits === '-0' && this.#elements.takesDigits;
    if (isInteger && digits.length <= MAX_INTEGER_LENGTH && !isMinusZero) {
      const integer = BigInt(digits);
      if (BigInt.asIntN(64, integer) === integer) return integer;
    }
    return isInteger || this.#elements.takesDigits ? digits : Number(digits);
  }
}

/** Always in quotes: an unquoted NULL is none, and blanks, commas and braces mean something. */
function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}
