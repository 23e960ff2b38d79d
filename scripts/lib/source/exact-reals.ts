import { encodeValue } from '../value/codec.ts';
import { uncertainRealsFinder } from './uncertain-reals.ts';

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
  const findUncertain = uncertainRealsFinder(columnNames);
  return (lines) => {
    const replacements: Replacement[] = [];
    for (const { start, end, column } of findUncertain(lines)) {
      const real = Number(lines.toString('latin1', start, end));
      if (real === 0) onZero(column);
      else replacements.push({ start, end, text: encodeValue(real) });
    }
    return replacements.length === 0 ? lines : replaced(lines, replacements);
  };
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
