import type Database from 'better-sqlite3';

import { uuidText } from '../../value/convert/texts.ts';
import { readIsoDate, readIsoTime } from '../../value/wall-clock.ts';
import { kindCode, type ValueKind } from './kinds.ts';

/** The kind of a text that begins as ISO 8601 does. */
function isoKind(text: string): ValueKind {
  const read = readIsoDate(text) ?? readIsoTime(text);
  if (read === null || read === 'no-such-time') return 'text';
  if (read.epochDays === null) return 'time-of-day';
  if (read.microseconds === null) return 'date';
  return read.offsetSeconds === null ? 'time-without-zone' : 'time-with-zone';
}

function countCharacters(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

const defined = new WeakSet<Database.Database>();

/**
 * Gives a connection the functions that the census calls where SQLite's own would be slower, or
 * cannot do it.
 */
export function defineCensusFunctions(db: Database.Database): void {
  if (defined.has(db)) return;
  defined.add(db);
  // What is no text was not expected, and is counted again later. As bigint an answer is an INTEGER.
  const define = (name: string, answer: (text: string) => number): void => {
    // NULL stays NULL, so that aggregates leave it out.
    db.function(name, { deterministic: true }, (text: string | number | bigint | null) =>
      text === null ? null : BigInt(answer(String(text))),
    );
  };
  define('census_iso_kind', (text) => kindCode(isoKind(text)));
  define('census_is_uuid', (text) => (typeof uuidText(text) === 'string' ? 1 : 0));
  define('census_characters', countCharacters);
}
