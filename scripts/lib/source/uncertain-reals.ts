import { linePrefixes } from '../value/codec.ts';

const NEWLINE_LENGTH = 1;
const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const LOWER_N = 0x6e;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

const NULL_LENGTH = 'null'.length;
/** Two decimals of so many digits are never the same double, so there is one way to write it. */
const MOST_CERTAIN_DIGITS = 15;

/** A REAL for which SQLite and JavaScript may write other digits: its bytes, and its column's place. */
interface UncertainReal {
  readonly start: number;
  readonly end: number;
  readonly column: number;
}

/** Finds these REALs in whole lines of `json_object`, in their order. */
type UncertainRealsFinder = (lines: Buffer) => UncertainReal[];

/** Takes the faster of the two ways to find them, where the names of the columns allow it. */
export function uncertainRealsFinder(columnNames: readonly string[]): UncertainRealsFinder {
  return columnNames.every(isPlainName) ? finderByPoints(columnNames) : finderByValues(columnNames);
}

/** Whether a name stands in a line as it is, and has no colon after the quote before it. */
function isPlainName(name: string): boolean {
  return !name.startsWith(':') && JSON.stringify(name) === `"${name}"`;
}

/** Looks at every value: the way for any names. */
export function finderByValues(columnNames: readonly string[]): UncertainRealsFinder {
  const prefixLengths = linePrefixes(columnNames).map((prefix) => Buffer.byteLength(prefix));
  return (lines) => {
    const found: UncertainReal[] = [];
    let position = 0;
    while (position < lines.length) {
      for (let column = 0; column < prefixLengths.length; column++) {
        const start = position + (prefixLengths[column] ?? 0);
        position = endOfValue(lines, start);
        const first = lines[start] ?? 0;
        if (first > NINE || first === QUOTE) continue;
        if (!isCertain(lines, start, position)) found.push({ start, end: position, column });
      }
      position += 1 + NEWLINE_LENGTH;
    }
    return found;
  };
}

function endOfValue(lines: Buffer, start: number): number {
  let position = start;
  switch (lines[start]) {
    case QUOTE:
      position += 1;
      for (let byte = lines[position]; byte !== QUOTE; byte = lines[position]) {
        position += byte === BACKSLASH ? 2 : 1;
      }
      return position + 1;
    case LOWER_N:
      return start + NULL_LENGTH;
    case OPEN_BRACE:
      return lines.indexOf(CLOSE_BRACE, start) + 1;
    default:
      return endOfNumber(lines, start);
  }
}

function endOfNumber(lines: Buffer, start: number): number {
  let position = start;
  while (lines[position] !== COMMA && lines[position] !== CLOSE_BRACE) position += 1;
  return position;
}

/**
 * Looks at points alone, which costs next to nothing: each REAL that SQLite writes has one, and has a
 * quote and a colon before it. So may a number in a text have, but a quote in a text has a backslash
 * before it, and before a quote that begins a text there is no name but the colon after it.
 *
 * @param columnNames plain ones: they stand in a line as they are, and none begins with a colon
 */
export function finderByPoints(columnNames: readonly string[]): UncertainRealsFinder {
  const columns = new Map(columnNames.map((name, column) => [bytesOf(name), column]));
  return (lines) => {
    const found: UncertainReal[] = [];
    let point = lines.indexOf(POINT);
    while (point !== -1) {
      const start = startOfNumber(lines, point);
      if (start < point && isAfterName(lines, start)) {
        const end = endOfNumber(lines, point);
        const column = isCertain(lines, start, end)
          ? undefined
          : columns.get(nameBefore(lines, start));
        if (column !== undefined) found.push({ start, end, column });
      }
      point = lines.indexOf(POINT, point + 1);
    }
    return found;
  };
}

/** The bytes of a name as a string that is quickly made of the bytes of a line. */
function bytesOf(name: string): string {
  return Buffer.from(name).toString('latin1');
}

/** The first byte of digits, and of a sign before them, that end here. */
function startOfNumber(lines: Buffer, end: number): number {
  let start = end;
  for (let byte = lines[start - 1] ?? 0; byte >= ZERO && byte <= NINE; byte = lines[start - 1] ?? 0)
    start -= 1;
  return lines[start - 1] === MINUS ? start - 1 : start;
}

function isAfterName(lines: Buffer, start: number): boolean {
  return lines[start - 1] === COLON && lines[start - 2] === QUOTE && lines[start - 3] !== BACKSLASH;
}

function nameBefore(lines: Buffer, start: number): string {
  const end = start - 2;
  return lines.toString('latin1', lines.lastIndexOf(QUOTE, end - 1) + 1, end);
}

/** Whether a number is an INTEGER, or a REAL of which SQLite and JavaScript write the same digits. */
function isCertain(lines: Buffer, start: number, end: number): boolean {
  let digits = 0;
  let isInteger = true;
  let isZero = true;
  for (let position = start; position < end; position++) {
    const byte = lines[position] ?? 0;
    if (byte === POINT) isInteger = false;
    else if (byte >= ZERO && byte <= NINE) {
      digits += 1;
      if (byte !== ZERO) isZero = false;
    } else if (byte !== MINUS || position > start) return false;
  }
  return isInteger || (digits <= MOST_CERTAIN_DIGITS && !isZero);
}
