const BLANK = 0x20;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const ZERO = 0x30;
const NINE = 0x39;

/** What stands for itself in a string: all but control characters, quotes and backslashes. */
const IS_ORDINARY = new Uint8Array(256).fill(1, BLANK);
IS_ORDINARY[QUOTE] = 0;
IS_ORDINARY[BACKSLASH] = 0;

/**
 * Where the first byte is from there on that does not stand for itself in a string; there has to be one.
 * This runs for every byte of every text: by four as long as that goes.
 *
 * @param view of the same bytes
 */
export function afterOrdinary(bytes: Buffer, view: DataView, from: number): number {
  const lastWord = bytes.length - 4;
  let position = from;
  while (position <= lastWord && isOrdinaryWord(view.getInt32(position, true))) position += 4;
  while (IS_ORDINARY[bytes[position] ?? 0] === 1) position += 1;
  return position;
}

/**
 * Whether each of four bytes stands for itself. Of each thing that is looked for, the highest bit of a
 * byte that it is in is set: it borrows there and did not have that bit before.
 *
 * Source: https://graphics.stanford.edu/~seander/bithacks.html#HasLessInWord
 */
function isOrdinaryWord(word: number): boolean {
  const quotes = word ^ 0x22222222;
  const backslashes = word ^ 0x5c5c5c5c;
  const found =
    ((quotes - 0x01010101) & ~quotes) |
    ((backslashes - 0x01010101) & ~backslashes) |
    ((word - 0x20202020) & ~word);
  return (found & 0x80808080) === 0;
}

/** What may follow a backslash, besides `u`: 1 at its byte. */
export const IS_ESCAPABLE = new Uint8Array(256);
for (const byte of Buffer.from('"\\/bfnrt')) IS_ESCAPABLE[byte] = 1;

/** The UTF-16 unit of four hexadecimal digits; -1 when they are none. */
export function hexUnit(bytes: Buffer, from: number): number {
  let unit = 0;
  for (let position = from; position < from + 4; position++) {
    const digit = hexDigit(bytes[position] ?? 0);
    if (digit === -1) return -1;
    unit = unit * 16 + digit;
  }
  return unit;
}

function hexDigit(byte: number): number {
  if (byte >= ZERO && byte <= NINE) return byte - ZERO;
  const letter = byte | BLANK;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
