import { TOKEN } from '../../artifact/scanned-rows.ts';
import { escapeCopyText } from '../copy-text.ts';
import type { ByteEncoder } from './byte-encoder.ts';
import { writeUnescaped } from './escapes.ts';

const HYPHEN = 0x2d;
const BLANK = 0x20;
const ZERO = 0x30;
const NINE = 0x39;
const LOWER_A = 0x61;
const LOWER_F = 0x66;

/**
 * TEXT, and INTEGER as its digits, into text and varchar. Text without escapes needs none in COPY
 * either: JSON escapes every control character and the backslash.
 *
 * @param maxCharacters the n of varchar(n), in code points; null for none
 */
export function textEncoder(maxCharacters: number | null): ByteEncoder {
  const limit = maxCharacters ?? Infinity;
  return (bytes, kind, start, end, out) => {
    switch (kind) {
      case TOKEN.text:
        if (end - start > limit && countCharacters(bytes, start, end) > limit) return false;
        out.copy(bytes, start, end);
        return true;
      case TOKEN.escapedText:
        return end - start <= limit && writeUnescaped(bytes, start, end, out);
      case TOKEN.integer:
        if (end - start > limit) return false;
        out.copy(bytes, start, end);
        return true;
      default:
        return false;
    }
  };
}

/** Of char(n), whose canonical form has no blanks at the end. */
export function paddedTextEncoder(maxCharacters: number | null): ByteEncoder {
  const encode = textEncoder(maxCharacters);
  return (bytes, kind, start, end, out) =>
    kind !== TOKEN.escapedText && bytes[end - 1] !== BLANK && encode(bytes, kind, start, end, out);
}

/** Code points: bytes that do not continue one. */
export function countCharacters(bytes: Uint8Array, start: number, end: number): number {
  let count = 0;
  for (let index = start; index < end; index++) {
    if (((bytes[index] ?? 0) & 0xc0) !== 0x80) count += 1;
  }
  return count;
}

const UUID_LENGTH = 36;
const UUID_HYPHENS: ReadonlySet<number> = new Set([8, 13, 18, 23]);
const IS_UUID_HYPHEN = Array.from({ length: UUID_LENGTH }, (_, index) => UUID_HYPHENS.has(index));

/** TEXT that is a UUID as PostgreSQL writes it. */
export const uuidEncoder: ByteEncoder = (bytes, kind, start, end, out) => {
  if (kind !== TOKEN.text || !isWrittenUuid(bytes, start, end)) return false;
  out.copy(bytes, start, end);
  return true;
};

/** Whether these bytes are a UUID as PostgreSQL writes it: in lower case, with hyphens. */
export function isWrittenUuid(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start !== UUID_LENGTH) return false;
  for (let index = 0; index < UUID_LENGTH; index++) {
    const byte = bytes[start + index] ?? 0;
    const isRight = IS_UUID_HYPHEN[index] === true ? byte === HYPHEN : isLowerHexDigit(byte);
    if (!isRight) return false;
  }
  return true;
}

function isLowerHexDigit(byte: number): boolean {
  return (byte >= ZERO && byte <= NINE) || (byte >= LOWER_A && byte <= LOWER_F);
}

/** TEXT that is a label of an enum. */
export function labelEncoder(labels: readonly string[]): ByteEncoder {
  const known = labels
    .filter((label) => escapeCopyText(label) === label)
    .map((label) => Buffer.from(label));
  return (bytes, kind, start, end, out) => {
    if (kind !== TOKEN.text || !known.some((label) => isSame(label, bytes, start, end)))
      return false;
    out.copy(bytes, start, end);
    return true;
  };
}

function isSame(label: Buffer, bytes: Uint8Array, start: number, end: number): boolean {
  if (label.length !== end - start) return false;
  for (let index = 0; index < label.length; index++) {
    if (label[index] !== bytes[start + index]) return false;
  }
  return true;
}
