const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const PADDING = 0x3d;

/** In the place of the six bits of a byte that is no such character. */
const NONE = 0x40;

/** The six bits that a character of base64 stands for, at its byte. */
export const SIX_BITS = new Uint8Array(256).fill(NONE);
for (let value = 0; value < ALPHABET.length; value++) SIX_BITS[ALPHABET.charCodeAt(value)] = value;

/**
 * Where padded base64 that begins there ends; -1 where it is not in its canonical form, in which the
 * bits behind the last byte are zero. It may be long: no text is made of it.
 *
 * Source: https://www.rfc-editor.org/rfc/rfc4648#section-3.5
 */
export function afterBase64(bytes: Uint8Array, start: number): number {
  let end = start;
  // Four at a time: nearly all of a BLOB's bytes pass here.
  while (end + 4 <= bytes.length) {
    const bits =
      (SIX_BITS[bytes[end] ?? 0] ?? NONE) |
      (SIX_BITS[bytes[end + 1] ?? 0] ?? NONE) |
      (SIX_BITS[bytes[end + 2] ?? 0] ?? NONE) |
      (SIX_BITS[bytes[end + 3] ?? 0] ?? NONE);
    if (bits >= NONE) break;
    end += 4;
  }
  while (end < bytes.length && SIX_BITS[bytes[end] ?? 0] !== NONE) end += 1;
  const lastBits = SIX_BITS[bytes[end - 1] ?? 0] ?? NONE;
  switch ((end - start) % 4) {
    case 0:
      return end;
    case 2: {
      const isPadded = bytes[end] === PADDING && bytes[end + 1] === PADDING;
      return isPadded && (lastBits & 0b1111) === 0 ? end + 2 : -1;
    }
    case 3:
      return bytes[end] === PADDING && (lastBits & 0b11) === 0 ? end + 1 : -1;
    default:
      return -1;
  }
}
