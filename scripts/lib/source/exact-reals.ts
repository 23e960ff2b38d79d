import { encodeValue, linePrefixes } from '../value/codec.ts';

const NEWLINE_LENGTH = 1;
const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const BACKSLASH = 0x5c;
const LOWER_N = 0x6e;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

const NULL_LENGTH = 'null'.length;
/** Two decimals of so many digits are never the same double, so there is one way to write it. */
const MOST_CERTAIN_DIGITS = 15;

interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Makes the function that gives the REALs in lines that SQLite made the digits that an artifact has.
 *
 * @param onZero called with a column's place where SQLite wrote 0.0, which may stand for -0.0
 */
export function realsCorrector(
  columnNames: readonly string[],
  onZero: (column: number) => void,
): (lines: Buffer) => Buffer {
  const prefixLengths = linePrefixes(columnNames).map((prefix) => Buffer.byteLength(prefix));
  return (lines) => {
    const replacements: Replacement[] = [];
    let position = 0;
    while (position < lines.length) {
      for (let column = 0; column < prefixLengths.length; column++) {
        const start = position + (prefixLengths[column] ?? 0);
        position = endOfValue(lines, start);
        const first = lines[start] ?? 0;
        if (first > NINE || first === QUOTE) continue;
        if (isCertain(lines, start, position)) continue;
        const real = Number(lines.toString('latin1', start, position));
        if (real === 0) onZero(column);
        else replacements.push({ start, end: position, text: encodeValue(real) });
      }
      position += 1 + NEWLINE_LENGTH;
    }
    return replacements.length === 0 ? lines : replaced(lines, replacements);
  };
}

/** The byte after a value. This sees every byte of an export. */
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
      while (lines[position] !== COMMA && lines[position] !== CLOSE_BRACE) position += 1;
      return position;
  }
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

function replaced(lines: Buffer, replacements: readonly Replacement[]): Buffer {
  const pieces: Buffer[] = [];
  let position = 0;
  for (const { start, end, text } of replacements) {
    pieces.push(lines.subarray(position, start), Buffer.from(text));
    position = end;
  }
  pieces.push(lines.subarray(position));
  return Buffer.concat(pieces);
}
