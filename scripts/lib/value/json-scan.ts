/** One token of a JSON text: where it stands, and what it is. */
export interface JsonToken {
  readonly kind: 'string' | 'key' | 'number' | 'word' | 'open' | 'close';
  /** First UTF-16 unit of the token, and the one after its last. */
  readonly start: number;
  readonly end: number;
  /** How many arrays and objects it stands in; of a bracket, those around the one it belongs to. */
  readonly depth: number;
}

/** Where a token stands in an array or an object, for telling its path. */
type Frame = { readonly kind: 'array'; index: number } | { readonly kind: 'object'; key: string };

/**
 * Goes through a JSON text token by token. The text must be valid, which `JSON.parse` says faster;
 * what a parsed value does not have any more is here: duplicate keys, the digits of numbers, places.
 * Any depth is safe.
 */
export class JsonScanner {
  readonly #text: string;
  readonly #frames: Frame[] = [];
  #position = 0;
  /** The next string is a key. */
  #awaitsKey = false;

  constructor(text: string) {
    this.#text = text;
  }

  /** The next token; null at the end. */
  next(): JsonToken | null {
    for (;;) {
      const start = this.#position;
      const character = this.#text[start];
      switch (character) {
        case undefined:
          return null;
        case '{':
          return this.#open({ kind: 'object', key: '' });
        case '[':
          return this.#open({ kind: 'array', index: 0 });
        case '}':
        case ']':
          this.#frames.pop();
          return this.#token('close', start + 1);
        case '"':
          return this.#string();
        case ',':
          this.#nextMember();
          break;
        case ':':
        case ' ':
        case '\t':
        case '\n':
        case '\r':
          break;
        default:
          return this.#scalar();
      }
      this.#position += 1;
    }
  }

  /** Path of a token, the last or the last of that depth, such as `$.tags[2]`; a long one without its middle. */
  path({ depth }: JsonToken): string {
    const steps = this.#frames.slice(0, depth).map((frame) => {
      if (frame.kind === 'array') return `[${frame.index}]`;
      return /^[A-Za-z_$][\w$]*$/.test(frame.key)
        ? `.${frame.key}`
        : `[${JSON.stringify(frame.key)}]`;
    });
    const path = `$${steps.join('')}`;
    return path.length <= MAX_PATH_LENGTH
      ? path
      : `${path.slice(0, MAX_PATH_LENGTH / 2)}…${path.slice(-MAX_PATH_LENGTH / 2)}`;
  }

  #open(frame: Frame): JsonToken {
    const token = this.#token('open', this.#position + 1);
    this.#frames.push(frame);
    this.#awaitsKey = frame.kind === 'object';
    return token;
  }

  #nextMember(): void {
    const frame = this.#frames.at(-1);
    if (frame?.kind === 'array') frame.index += 1;
    this.#awaitsKey = frame?.kind === 'object';
  }

  #string(): JsonToken {
    const start = this.#position;
    let end = start + 1;
    for (let unit = 0; unit !== QUOTE; end += unit === BACKSLASH ? 2 : 1) {
      unit = this.#text.charCodeAt(end);
    }
    const frame = this.#frames.at(-1);
    if (!this.#awaitsKey || frame?.kind !== 'object') return this.#token('string', end);
    this.#awaitsKey = false;
    frame.key = JSON.parse(this.#text.slice(start, end)) as string;
    return this.#token('key', end);
  }

  #scalar(): JsonToken {
    WORD.lastIndex = this.#position;
    const length = WORD.exec(this.#text)?.[0].length ?? 1;
    const isWord = /[tfn]/.test(this.#text[this.#position] ?? '');
    return this.#token(isWord ? 'word' : 'number', this.#position + length);
  }

  #token(kind: JsonToken['kind'], end: number): JsonToken {
    const token = { kind, start: this.#position, end, depth: this.#frames.length };
    this.#position = end;
    return token;
  }
}

const MAX_PATH_LENGTH = 160;
const QUOTE = '"'.charCodeAt(0);
const BACKSLASH = '\\'.charCodeAt(0);
const WORD = /[-+.\w]+/y;
