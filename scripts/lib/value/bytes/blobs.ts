import { TOKEN } from '../../artifact/scanned-rows.ts';
import { asBuffer } from '../../model/values.ts';
import type { ByteEncoder } from './byte-encoder.ts';
import type { ByteWriter } from './byte-writer.ts';
import { hexDigit } from './floats.ts';

const BACKSLASH = 0x5c;
const LOWER_B = 0x62;
const LOWER_X = 0x78;
const PADDING = 0x3d;

const BEFORE = '{"$blob":"'.length;
const AFTER = '"}'.length;
/** Where the tags `$blob`, `$text` and `$real` begin to differ. */
const TAG_LETTER = 3;

/** Characters of base64 from which it is long; those of a piece make whole bytes. */
const LONG = 256;
const PIECE = 64 * 1024;

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const SIX_BITS = new Uint8Array(0x80);
for (let value = 0; value < ALPHABET.length; value++) SIX_BITS[ALPHABET.charCodeAt(value)] = value;

/** A BLOB into bytea: padded base64, which has been checked, to hexadecimal. */
export const blobEncoder: ByteEncoder = (bytes, kind, start, end, out) => {
  if (kind !== TOKEN.tagged || !isBlob(bytes, start)) return false;
  out.byte(BACKSLASH);
  out.byte(BACKSLASH);
  out.byte(LOWER_X);
  const last = end - AFTER;
  if (last - start > LONG) writeLong(asBuffer(bytes), start + BEFORE, last, out);
  else writeShort(bytes, start + BEFORE, last, out);
  return true;
};

/** Whether the tagged object that begins there is a BLOB. */
export function isBlob(bytes: Uint8Array, start: number): boolean {
  return bytes[start + TAG_LETTER] === LOWER_B;
}

function writeShort(bytes: Uint8Array, start: number, end: number, out: ByteWriter): void {
  let [bits, count] = [0, 0];
  for (let index = start; index < end; index++) {
    const character = bytes[index] ?? PADDING;
    if (character === PADDING) break;
    bits = ((bits << 6) | (SIX_BITS[character] ?? 0)) & 0xfff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    const byte = (bits >> count) & 0xff;
    out.byte(hexDigit(byte >> 4));
    out.byte(hexDigit(byte & 15));
  }
}

/** Node's own conversions are quicker for many bytes, and pieces keep the memory that they take small. */
function writeLong(bytes: Buffer, start: number, end: number, out: ByteWriter): void {
  for (let from = start; from < end; from += PIECE) {
    const piece = bytes.toString('latin1', from, Math.min(end, from + PIECE));
    out.position += out.bytes.write(
      Buffer.from(piece, 'base64').toString('hex'),
      out.position,
      'latin1',
    );
  }
}
