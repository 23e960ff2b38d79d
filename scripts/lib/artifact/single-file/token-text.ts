import { jsonParser, type Token } from 'stream-json/core/parser.js';

/** How the parser has to speak here: numbers by their own digits, strings in pieces of any length. */
const PARSER_OPTIONS = {
  streamKeys: false,
  streamNumbers: false,
  packStrings: false,
} as const;

/**
 * Makes a function that takes a JSON document in pieces and gives the tokens that each completes.
 *
 * @throws an Error, from that function, when a piece cannot be part of one JSON document
 */
export function tokenizer(): (piece: string) => readonly Token[] {
  const parse = jsonParser(PARSER_OPTIONS);
  return (piece) => {
    const found = parse(piece);
    return typeof found === 'symbol' ? [] : found.values;
  };
}

/**
 * Writes the tokens of JSON values as text: what `JSON.stringify` would make of them, but with the
 * digits of each number as they were, and every key at its place, also one that stands twice.
 */
export class TokenText {
  readonly #indent: string;
  /** For each open object or array, whether it is empty as yet. */
  readonly #empty: boolean[] = [];
  #isAfterKey = false;
  #isInString = false;

  /** @param indent as for `JSON.stringify`; '' for text on one line */
  constructor(indent: string) {
    this.#indent = indent;
  }

  /** Whether a whole value has been written. */
  get isComplete(): boolean {
    return this.#empty.length === 0 && !this.#isInString;
  }

  /** The text of the next token, with what has to stand before it. */
  next(token: Token): string {
    switch (token.name) {
      case 'startObject':
        return this.#open('{');
      case 'startArray':
        return this.#open('[');
      case 'endObject':
        return this.#close('}');
      case 'endArray':
        return this.#close(']');
      case 'keyValue':
        return this.#key(token.value);
      case 'startString':
        this.#isInString = true;
        return `${this.#separator()}"`;
      case 'stringChunk':
        return escape(token.value);
      case 'endString':
        this.#isInString = false;
        return '"';
      case 'numberValue':
        return this.#separator() + token.value;
      case 'nullValue':
      case 'trueValue':
      case 'falseValue':
        return this.#separator() + String(token.value);
      case 'startKey':
      case 'endKey':
      case 'startNumber':
      case 'endNumber':
      case 'numberChunk':
      case 'stringValue':
      case 'whitespace':
        throw new Error(`the parser was told not to give ${token.name}`);
      default:
        return token satisfies never;
    }
  }

  #open(bracket: string): string {
    const before = this.#separator();
    this.#empty.push(true);
    return before + bracket;
  }

  #close(bracket: string): string {
    const wasEmpty = this.#empty.pop();
    return wasEmpty === true ? bracket : this.#lineBreak() + bracket;
  }

  #key(key: string): string {
    const before = this.#separator();
    this.#isAfterKey = true;
    return `${before}"${escape(key)}"${this.#indent === '' ? ':' : ': '}`;
  }

  /** What has to stand between the token before and a value or a key. */
  #separator(): string {
    const level = this.#empty.length - 1;
    if (this.#isAfterKey || level < 0) {
      this.#isAfterKey = false;
      return '';
    }
    const comma = this.#empty[level] === true ? '' : ',';
    this.#empty[level] = false;
    return comma + this.#lineBreak();
  }

  #lineBreak(): string {
    return this.#indent === '' ? '' : `\n${this.#indent.repeat(this.#empty.length)}`;
  }
}

// oxlint-disable-next-line no-control-regex -- these are what JSON.stringify escapes
const MAY_NEED_ESCAPES = /["\\\u0000-\u001f\ud800-\udfff]/;

/** What `JSON.stringify` writes between the quotes; most strings have nothing to escape. */
function escape(text: string): string {
  return MAY_NEED_ESCAPES.test(text) ? JSON.stringify(text).slice(1, -1) : text;
}

/** A JSON text laid out anew with this indent; undefined when it is not one JSON value. */
export function layOut(json: string, indent: string): string | undefined {
  const text = new TokenText(indent);
  try {
    // A number is complete only when something follows it.
    const pieces = tokenizer()(`${json}\n`).map((token) => text.next(token));
    return text.isComplete && pieces.length > 0 ? pieces.join('') : undefined;
  } catch {
    return undefined;
  }
}
