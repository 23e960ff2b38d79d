import { TOKEN } from '../../artifact/scanned-rows.ts';
import { asBuffer } from '../../model/values.ts';
import { SIX_BITS, afterBase64 } from './base64.ts';
import type { ByteEncoder } from './byte-encoder.ts';
import type { ByteWriter } from './byte-writer.ts';
import { hexDigit } from './floats.ts';

const BACKSLASH = 0x5c;
const LOWER_B = 0x62;
const LOWER_X = 0x78;
const PADDING = 0x3d;

const QUOTE = 0x22;
const CLOSE_BRACE = 0x7d;

const OPENING = Buffer.from('{"$blob":"');
const BEFORE = OPENING.length;
const AFTER = '"}'.length;
/** Where the tags `$blob`, `$text` and `$real` begin to differ. */
const TAG_LETTER = 3;

/** Characters of base64 from which it is long; those of a piece make whole bytes. */
const LONG = 256;
const PIECE = 64 * 1024;

/** What a piece is decoded into. */
const decoded = Buffer.allocUnsafeSlow((PIECE / 4) * 3);

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

/**
 * Where the BLOB ends whose tagged object begins there, without reading it; -1 for everything else,
 * of which this says nothing.
 */
export function afterBlob(bytes: Uint8Array, start: number): number {
  for (let index = 0; index < BEFORE; index++) {
    if (bytes[start + index] !== OPENING[index]) return -1;
  }
  const end = afterBase64(bytes, start + BEFORE);
  return end !== -1 && bytes[end] === QUOTE && bytes[end + 1] === CLOSE_BRACE ? end + AFTER : -1;
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
    const sizeBytes = decoded.write(piece, 'base64');
    out.position += out.bytes.write(decoded.toString('hex', 0, sizeBytes), out.position, 'latin1');
  }
}
