import { wallClock, type WallClock } from '../wall-clock.ts';

/** A pattern of dates and times, ready to read text by. */
export interface DateFormat {
  /** What the text says; null when it is not in the form; 'no-such-time' when there is no such day or time. */
  readonly read: (text: string) => WallClock | 'no-such-time' | null;
}

type Part = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second' | 'fraction' | 'offset';

const OFFSET = String.raw`[+-]\d{2}:\d{2}|Z`;
const COMPACT_OFFSET = String.raw`[+-]\d{4}|Z`;

/** What stands in a pattern for a part of a date; longer words before those that they begin with. */
const TOKENS: readonly (readonly [token: string, part: Part, pattern: string])[] = [
  ['YYYY', 'year', String.raw`\d{4}`],
  ['MM', 'month', String.raw`\d{2}`],
  ['M', 'month', String.raw`\d{1,2}`],
  ['DD', 'day', String.raw`\d{2}`],
  ['D', 'day', String.raw`\d{1,2}`],
  ['HH', 'hour', String.raw`\d{2}`],
  ['H', 'hour', String.raw`\d{1,2}`],
  ['mm', 'minute', String.raw`\d{2}`],
  ['ss', 'second', String.raw`\d{2}`],
  ['ZZ', 'offset', COMPACT_OFFSET],
  ['Z', 'offset', OFFSET],
];

/** A part that a pattern has needs those that are greater. */
const NEEDS: readonly (readonly [part: Part, needed: Part])[] = [
  ['year', 'month'],
  ['month', 'day'],
  ['day', 'year'],
  ['hour', 'minute'],
  ['minute', 'hour'],
  ['second', 'minute'],
  ['fraction', 'second'],
  ['offset', 'hour'],
];

/**
 * Reads a pattern such as `DD.MM.YYYY HH:mm`: `YYYY`, `MM` or `M`, `DD` or `D`, `HH` or `H` (0 to 23),
 * `mm`, `ss`, as many `S` as the fraction of a second has digits, `Z` for `+01:00` or `Z`, `ZZ` for
 * `+0100` or `Z`. Other letters stand in brackets, `[at]`; everything else stands for itself.
 *
 * @returns what is wrong with it, as a sentence, when it is no pattern
 */
export function parseDateFormat(pattern: string): DateFormat | string {
  const parts: Part[] = [];
  let source = '';
  let rest = pattern;
  while (rest !== '') {
    const piece = nextPiece(rest);
    if (typeof piece === 'string') return `the date format ${pattern} ${piece}`;
    if (piece.part !== null) {
      if (parts.includes(piece.part)) return `the date format ${pattern} has two ${piece.part}s`;
      parts.push(piece.part);
    }
    source += piece.source;
    rest = rest.slice(piece.length);
  }
  const missing = NEEDS.find(([part, needed]) => parts.includes(part) && !parts.includes(needed));
  if (missing !== undefined) {
    return `the date format ${pattern} has a ${missing[0]}, and no ${missing[1]}`;
  }
  if (parts.length === 0) return `the date format ${pattern} has no part of a date or time`;
  return { read: reader(new RegExp(`^${source}$`), parts) };
}

interface Piece {
  readonly part: Part | null;
  /** What matches it, as the source of a regular expression. */
  readonly source: string;
  /** How much of the pattern it takes. */
  readonly length: number;
}

function nextPiece(rest: string): Piece | string {
  const quoted = /^\[([^\]]*)\]/.exec(rest);
  if (quoted !== null) {
    return { part: null, source: escaped(quoted[1] ?? ''), length: quoted[0].length };
  }
  const fraction = /^S+/.exec(rest)?.[0];
  if (fraction !== undefined) {
    const source = String.raw`(\d{${fraction.length}})`;
    return { part: 'fraction', source, length: fraction.length };
  }
  const token = TOKENS.find(([name]) => rest.startsWith(name));
  if (token !== undefined) {
    return { part: token[1], source: `(${token[2]})`, length: token[0].length };
  }
  const [character = ''] = rest;
  if (character === '[') return 'has a [ without a ]';
  if (/\p{L}/u.test(character)) {
    return `has ${character}, which stands for nothing (letters that stand for themselves go into [brackets])`;
  }
  return { part: null, source: escaped(character), length: character.length };
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}

function reader(form: RegExp, parts: readonly Part[]): DateFormat['read'] {
  return (text) => {
    const match = form.exec(text);
    if (match === null) return null;
    const found = Object.fromEntries(parts.map((part, index) => [part, match[index + 1]]));
    return wallClock(found);
  };
}
