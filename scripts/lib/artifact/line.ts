import { isUtf8 } from 'node:buffer';

import { decodeNumber, decodeTaggedObject, encodeValue, linePrefixes } from '../value/codec.ts';
import type { Row, SqliteValue } from '../model/values.ts';

/** Makes the function that writes a row as one line of a data file, without the newline. */
export function lineEncoder(columnNames: readonly string[]): (row: Row) => string {
  const prefixes = linePrefixes(columnNames);
  return (row) => {
    let line = '';
    for (let index = 0; index < prefixes.length; index++) {
      line += prefixes[index] + encodeValue(row[index] ?? null);
    }
    return `${line}}`;
  };
}

/** Why a line is not a row of its table. */
export class LineFault extends Error {
  readonly column: string | undefined;

  constructor(message: string, column?: string) {
    super(message);
    this.column = column;
  }
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const LOWER_N = 0x6e;

// oxlint-disable-next-line no-control-regex -- JSON forbids exactly these inside a string
const CONTROL_CHARACTER = /[\u0000-\u001f]/;

/**
 * Reads lines of one table back into rows. It knows the keys and their order, so it is both the
 * check of a line's form and the quickest way through it; it accepts what FORMAT.md allows and nothing more.
 */
export class LineParser {
  readonly #columns: readonly string[];
  readonly #prefixes: readonly Buffer[];
  #line: Buffer = Buffer.alloc(0);
  #position = 0;
  #backslash = -1;

  constructor(columnNames: readonly string[]) {
    this.#columns = columnNames;
    this.#prefixes = linePrefixes(columnNames).map((prefix) => Buffer.from(prefix));
  }

  /** @throws LineFault when the line is not exactly one row in the artifact's form. */
  parse(line: Buffer): Row {
    if (!isUtf8(line)) throw new LineFault('is not valid UTF-8');
    this.#line = line;
    this.#position = 0;
    this.#backslash = -1;
    const row: SqliteValue[] = [];
    for (let index = 0; index < this.#prefixes.length; index++) {
      this.#expectPrefix(index);
      row.push(this.#value(this.#columns[index] ?? ''));
    }
    if (line[this.#position] !== CLOSE_BRACE || this.#position !== line.length - 1) {
      throw new LineFault('holds more than the columns of the manifest');
    }
    return row;
  }

  #expectPrefix(index: number): void {
    const prefix = this.#prefixes[index];
    if (prefix === undefined) return;
    const end = this.#position + prefix.length;
    if (
      end > this.#line.length ||
      this.#line.compare(prefix, 0, prefix.length, this.#position, end) !== 0
    ) {
      throw new LineFault(
        `does not have the key ${JSON.stringify(this.#columns[index])} where the manifest has it`,
        this.#columns[index],
      );
    }
    this.#position = end;
  }

  #value(column: string): SqliteValue {
    switch (this.#line[this.#position]) {
      case QUOTE:
        return this.#text(column);
      case OPEN_BRACE:
        return this.#taggedValue(column);
      case LOWER_N:
        return this.#null(column);
      default:
        return this.#number(column);
    }
  }

  #text(column: string): string {
    const line = this.#line;
    const start = this.#position + 1;
    let end = line.indexOf(QUOTE, start);
    const hasEscapes = this.#nextBackslash(start) < end;
    if (hasEscapes) while (end !== -1 && isEscaped(line, end)) end = line.indexOf(QUOTE, end + 1);
    if (end === -1) throw new LineFault('has a string without an end', column);
    this.#position = end + 1;
    const raw = line.toString('utf8', start, end);
    if (!hasEscapes) {
      if (CONTROL_CHARACTER.test(raw))
        throw new LineFault('has an unescaped control character', column);
      return raw;
    }
    return unescape(raw, column);
  }

  /** Looked for once and remembered: most lines have none, and wide ones have many strings. */
  #nextBackslash(from: number): number {
    if (this.#backslash < from) {
      const found = this.#line.indexOf(BACKSLASH, from);
      this.#backslash = found === -1 ? Infinity : found;
    }
    return this.#backslash;
  }

  #taggedValue(column: string): SqliteValue {
    const end = this.#line.indexOf(CLOSE_BRACE, this.#position);
    const value = decodeTaggedObject(this.#line.toString('utf8', this.#position, end + 1));
    if (value === null) throw new LineFault('has an object that is no tagged value', column);
    this.#position = end + 1;
    return value;
  }

  #null(column: string): null {
    const end = this.#position + 4;
    if (this.#line.toString('latin1', this.#position, end) !== 'null') {
      throw new LineFault('has a value in no known form', column);
    }
    this.#position = end;
    return null;
  }

  #number(column: string): bigint | number {
    const start = this.#position;
    let end = start;
    for (let byte = this.#line[end]; byte !== undefined; byte = this.#line[++end]) {
      if (byte === COMMA || byte === CLOSE_BRACE) break;
    }
    const value = decodeNumber(this.#line.toString('latin1', start, end));
    if (value === null) throw new LineFault('has a value in no known form', column);
    this.#position = end;
    return value;
  }
}

function isEscaped(line: Buffer, quote: number): boolean {
  let backslashes = 0;
  while (line[quote - 1 - backslashes] === BACKSLASH) backslashes++;
  return backslashes % 2 === 1;
}

function unescape(raw: string, column: string): string {
  let text: unknown;
  try {
    text = JSON.parse(`"${raw}"`);
  } catch {
    throw new LineFault('has a string that is not valid JSON', column);
  }
  if (typeof text !== 'string' || !text.isWellFormed()) {
    throw new LineFault('has a lone surrogate in a string', column);
  }
  return text;
}
