import type { SourceEncoding } from '../../model/source-catalog.ts';
import { asBuffer, type MalformedText } from '../../model/values.ts';
import { Misfit, malformedTextMisfit, type Remedy } from './converter.ts';

/**
 * TEXT as it is, without U+0000 and up to a length.
 *
 * @param maxCharacters the n of varchar(n), in characters (code points); null for none
 */
export function textWithin(maxCharacters: number | null): (value: string) => string | Misfit {
  const convert = (value: string): string | Misfit => {
    const nul = value.indexOf('\u0000');
    if (nul === -1) return withinLength(value, maxCharacters);
    const position = countCharacters(value.slice(0, nul)) + 1;
    return new Misfit(
      'value-nul',
      `holds U+0000 at character ${position}, which PostgreSQL cannot store`,
      { policy: 'strip_nul', apply: () => convert(value.replaceAll('\u0000', '')) },
    );
  };
  return convert;
}

/** An INTEGER as its digits. */
export function digitsWithin(maxCharacters: number | null): (value: bigint) => string | Misfit {
  return (value) => withinLength(value.toString(), maxCharacters);
}

/** Malformed text, refused; its remedy puts U+FFFD where bytes are no text, for `convert` to take. */
export function replacedBy(
  convert: (value: string) => string | Misfit,
  encoding: SourceEncoding,
): (value: MalformedText) => Misfit {
  return ({ bytes }) =>
    malformedTextMisfit({
      policy: 'replace_invalid_utf8',
      apply: () => convert(decodeWithReplacement(asBuffer(bytes), encoding)),
    });
}

function decodeWithReplacement(bytes: Buffer, encoding: SourceEncoding): string {
  if (encoding === 'UTF-8') return bytes.toString('utf8');
  const whole = bytes.subarray(0, bytes.length - (bytes.length % 2));
  const littleEndian = encoding === 'UTF-16le' ? whole : Buffer.from(whole).swap16();
  const text = littleEndian.toString('utf16le').toWellFormed();
  return whole.length === bytes.length ? text : `${text}\uFFFD`;
}

function withinLength(text: string, maxCharacters: number | null): string | Misfit {
  // A string has at most as many code points as UTF-16 units: only longer ones need the exact count.
  if (maxCharacters === null || text.length <= maxCharacters) return text;
  const length = countCharacters(text);
  if (length <= maxCharacters) return text;
  const truncate: Remedy = {
    policy: 'truncate',
    apply: () => firstCharacters(text, maxCharacters),
  };
  const reason = `has ${length} characters, and the column takes ${maxCharacters}`;
  return new Misfit('value-length', reason, truncate);
}

/** PostgreSQL counts code points, JavaScript UTF-16 units. */
export function countCharacters(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

function firstCharacters(text: string, count: number): string {
  let kept = '';
  let left = count;
  for (const character of text) {
    if (left === 0) break;
    kept += character;
    left -= 1;
  }
  return kept;
}

/** TEXT as its bytes in UTF-8. */
export function textBytes(value: string): string {
  return hexOf(Buffer.from(value, 'utf8'));
}

/** The bytes of a BLOB. */
export function blobBytes(value: Uint8Array): string {
  return hexOf(asBuffer(value));
}

/** Malformed text as the bytes that the source holds. */
export function malformedBytes(value: MalformedText): string {
  return hexOf(asBuffer(value.bytes));
}

function hexOf(bytes: Buffer): string {
  return `\\x${bytes.toString('hex')}`;
}

const UUID_WRITTEN = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const UUID_DIGITS = /^[0-9a-f]{4}(?:-?[0-9a-f]{4}){7}$/i;
const UUID_GROUPS = /^(.{8})(.{4})(.{4})(.{4})(.{12})$/;

/** TEXT that is a UUID in one of its usual spellings: any case, with or without hyphens, in braces, as a URN. */
export function uuidText(value: string): string | Misfit {
  if (UUID_WRITTEN.test(value)) return value;
  const inner = /^\{(.*)\}$/.exec(value)?.[1] ?? value.replace(/^urn:uuid:/i, '');
  if (!UUID_DIGITS.test(inner)) return new Misfit('value-format', 'is not a UUID');
  return hyphenated(inner.replaceAll('-', '').toLowerCase());
}

/** A BLOB of 16 bytes. */
export function uuidBlob(value: Uint8Array): string | Misfit {
  return value.length === 16
    ? hyphenated(asBuffer(value).toString('hex'))
    : new Misfit('value-format', `has ${value.length} bytes, and a UUID has 16`);
}

function hyphenated(digits: string): string {
  return digits.replace(UUID_GROUPS, '$1-$2-$3-$4-$5');
}

/** TEXT that is a label of an enum, exactly. */
export function enumLabel(
  typeName: string,
  labels: readonly string[],
): (value: string) => string | Misfit {
  const known = new Set(labels);
  return (value) =>
    known.has(value)
      ? value
      : new Misfit('value-label', `is no label of the enum ${typeName} (${labels.join(', ')})`);
}
