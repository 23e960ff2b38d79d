import type { ScannedRows } from '../artifact/scanned-rows.ts';
import type { ColumnFacts } from '../model/column-facts.ts';
import { ClockReader } from '../value/bytes/clock-reader.ts';
import { countCharacters, isWrittenUuid } from '../value/bytes/texts.ts';

const BACKSLASH = 0x5c;
const LOWER_U = 0x75;
const ZERO = 0x30;
/** `\uXXXX` */
const UNIT_LENGTH = 6;

/** Learns what the texts of a column have in common. A form is looked for until one is in another. */
export class TextFacts {
  readonly #clock = new ClockReader();
  #count = 0;
  #characters = 0;
  #hasNul = false;
  #isUuid = true;
  #isTime = true;
  #decimals = 0;
  #isZoned = true;
  #isMidnight = true;

  /** A text without escapes. */
  look({ bytes, starts, ends }: ScannedRows, place: number): void {
    const start = starts[place] ?? 0;
    const end = ends[place] ?? 0;
    this.#count += 1;
    if (end - start > this.#characters) {
      this.#characters = Math.max(this.#characters, countCharacters(bytes, start, end));
    }
    if (this.#isUuid) this.#isUuid = isWrittenUuid(bytes, start, end);
    if (this.#isTime) this.#lookTime(bytes, start, end);
  }

  lookEscaped({ bytes, starts, ends }: ScannedRows, place: number): void {
    const end = ends[place] ?? 0;
    this.#count += 1;
    this.#isUuid = false;
    this.#isTime = false;
    let position = starts[place] ?? 0;
    let characters = countCharacters(bytes, position, end);
    while (position < end) {
      if (bytes[position] !== BACKSLASH) {
        position += 1;
        continue;
      }
      const isUnit = bytes[position + 1] === LOWER_U;
      const length = isUnit ? UNIT_LENGTH : 2;
      if (isUnit && isNul(bytes, position)) this.#hasNul = true;
      // The two halves of a character count as two: more than there are is as good as exact.
      characters -= length - 1;
      position += length;
    }
    if (characters > this.#characters) this.#characters = characters;
  }

  result(): ColumnFacts['texts'] {
    if (this.#count === 0) return null;
    return {
      count: this.#count,
      characters: this.#characters,
      hasNul: this.#hasNul,
      isUuid: this.#isUuid,
      times: this.#isTime
        ? { decimals: this.#decimals, isZoned: this.#isZoned, isMidnight: this.#isMidnight }
        : null,
    };
  }

  #lookTime(bytes: Uint8Array, start: number, end: number): void {
    const clock = this.#clock;
    if (!clock.read(bytes, start, end)) {
      this.#isTime = false;
      return;
    }
    if (clock.decimals > this.#decimals) this.#decimals = clock.decimals;
    if (!clock.hasZone) this.#isZoned = false;
    if (!clock.isMidnight) this.#isMidnight = false;
  }
}

/** Whether the unit that a backslash begins is U+0000. */
function isNul(bytes: Uint8Array, backslash: number): boolean {
  for (let at = backslash + 2; at < backslash + UNIT_LENGTH; at++) {
    if (bytes[at] !== ZERO) return false;
  }
  return true;
}
