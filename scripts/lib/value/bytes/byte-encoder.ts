import type { ByteWriter } from './byte-writer.ts';

/**
 * Writes one value as a field of COPY's text format, from the bytes of its token in a data file: to
 * the byte what the converter of the type, its canonical form and `escapeCopyText` make of the value.
 * False means "not sure": what has been written is to be taken back, and those three decide. Never is
 * it true for a value that the converter refuses.
 *
 * @param kind one of TOKEN, never null
 * @param start of text: the byte after the quote; of the others: the first byte
 * @param end of text: the closing quote; of the others: the byte after the last
 * @param out has room for twice the token and {@link FIELD_MARGIN} bytes
 */
export type ByteEncoder = (
  bytes: Uint8Array,
  kind: number,
  start: number,
  end: number,
  out: ByteWriter,
) => boolean;

/** More bytes than an encoder writes beyond twice its token. */
export const FIELD_MARGIN = 64;

/** Is never sure. */
export const NEVER_SURE: ByteEncoder = () => false;
