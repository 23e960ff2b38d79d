import type { ByteWriter } from './byte-writer.ts';

const BACKSLASH = 0x5c;
const LOWER_U = 0x75;
const SLASH = 0x2f;
const QUOTE = 0x22;

/** What COPY escapes a character with, by its code; 0 for none. */
const COPY_ESCAPES = new Uint8Array(0x80);
for (const [character, letter] of Object.entries({
  '\b': 'b',
  '\t': 't',
  '\n': 'n',
  '\v': 'v',
  '\f': 'f',
  '\r': 'r',
  '\\': '\\',
})) {
  COPY_ESCAPES[character.charCodeAt(0)] = letter.charCodeAt(0);
}

/**
 * Writes a JSON string whose escapes have been checked with the escapes of COPY's text format.
 *
 * @returns false when it holds U+0000
 */
export function writeUnescaped(
  from: Uint8Array,
  start: number,
  end: number,
  out: ByteWriter,
): boolean {
  let position = start;
  while (position < end) {
    const byte = from[position] ?? 0;
    if (byte !== BACKSLASH) {
      out.byte(byte);
      position += 1;
      continue;
    }
    const letter = from[position + 1] ?? 0;
    if (letter === LOWER_U) {
      const unit = unitAt(from, position + 2);
      if (unit === 0) return false;
      const isHigh = unit >= 0xd800 && unit <= 0xdbff;
      const low = isHigh ? unitAt(from, position + 8) - 0xdc00 : 0;
      writeCharacter(isHigh ? 0x10000 + ((unit - 0xd800) << 10) + low : unit, out);
      position += isHigh ? 12 : 6;
    } else {
      // JSON's other escapes, `\b \f \n \r \t \\`, are COPY's too.
      if (letter !== QUOTE && letter !== SLASH) out.byte(BACKSLASH);
      out.byte(letter);
      position += 2;
    }
  }
  return true;
}

/** The UTF-16 unit that four hexadecimal digits say. */
function unitAt(from: Uint8Array, start: number): number {
  let unit = 0;
  for (let index = start; index < start + 4; index++) {
    const byte = from[index] ?? 0;
    unit = unit * 16 + (byte <= 0x39 ? byte - 0x30 : (byte | 0x20) - 0x57);
  }
  return unit;
}

function writeCharacter(code: number, out: ByteWriter): void {
  if (code < 0x80) {
    const letter = COPY_ESCAPES[code] ?? 0;
    if (letter !== 0) out.byte(BACKSLASH);
    out.byte(letter === 0 ? code : letter);
    return;
  }
  if (code < 0x800) {
    out.byte(0xc0 | (code >> 6));
  } else {
    if (code < 0x10000) {
      out.byte(0xe0 | (code >> 12));
    } else {
      out.byte(0xf0 | (code >> 18));
      out.byte(0x80 | ((code >> 12) & 0x3f));
    }
    out.byte(0x80 | ((code >> 6) & 0x3f));
  }
  out.byte(0x80 | (code & 0x3f));
}
