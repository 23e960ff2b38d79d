import { isUtf8 } from 'node:buffer';

import type { SourceEncoding } from '../model/source-catalog.ts';

/** The text that these bytes are in the given encoding, or null when they are not well-formed in it. */
export function decodeText(bytes: Buffer, encoding: SourceEncoding): string | null {
  if (encoding === 'UTF-8') return isUtf8(bytes) ? bytes.toString('utf8') : null;
  if (bytes.length % 2 !== 0) return null;
  const littleEndian = encoding === 'UTF-16le' ? bytes : Buffer.from(bytes).swap16();
  const text = littleEndian.toString('utf16le');
  return text.isWellFormed() ? text : null;
}

/** The bytes that this text is in the given encoding. */
export function encodeText(text: string, encoding: SourceEncoding): Buffer {
  if (encoding === 'UTF-8') return Buffer.from(text, 'utf8');
  const littleEndian = Buffer.from(text, 'utf16le');
  return encoding === 'UTF-16le' ? littleEndian : littleEndian.swap16();
}
