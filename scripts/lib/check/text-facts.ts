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
  #characters = 0;
  #hasNul = false;
  /** Some form is still possible. */
  #hasForm = true;
  #isUuid = true;
  #isTime = true;
  #decimals = 0;
  #isZoned = true;
  #isMidnight = true;

  /** A text without escapes. */
  look(bytes: Buffer, start: number, end: number): void {
    if (end - start > this.#characters) {
      this.#characters = Math.max(this.#characters, countCharacters(bytes, start, end));
    }
    if (this.#hasForm) this.#lookForm(bytes, start, end);
  }

  lookEscaped(bytes: Buffer, start: number, end: number): void {
    this.#isUuid = false;
    this.#isTime = false;
    this.#hasForm = false;
    let characters = countCharacters(bytes, start, end);
    for (let position = start; position < end;) {
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

  result(): Omit<NonNullable<ColumnFacts['texts']>, 'count'> {
    return {
      characters: this.#characters,
      hasNul: this.#hasNul,
      isUuid: this.#isUuid,
      times: this.#isTime
        ? { decimals: this.#decimals, isZoned: this.#isZoned, isMidnight: this.#isMidnight }
        : null,
    };
  }

  #lookForm(bytes: Buffer, start: number, end: number): void {
    if (this.#isUuid) this.#isUuid = isWrittenUuid(bytes, start, end);
    if (this.#isTime) this.#isTime = this.#lookTime(bytes, start, end);
    this.#hasForm = this.#isUuid || this.#isTime;
  }

  #lookTime(bytes: Buffer, start: number, end: number): boolean {
    const clock = this.#clock;
    if (!clock.read(bytes, start, end)) return false;
    if (clock.decimals > this.#decimals) this.#decimals = clock.decimals;
    if (!clock.hasZone) this.#isZoned = false;
    if (!clock.isMidnight) this.#isMidnight = false;
    return true;
  }
}

/** Whether the unit that a backslash begins is U+0000. */
function isNul(bytes: Buffer, backslash: number): boolean {
  for (let at = backslash + 2; at < backslash + UNIT_LENGTH; at++) {
    if (bytes[at] !== ZERO) return false;
  }
  return true;
}
