import { MalformedText, asBuffer, type SqliteValue } from '../model/values.ts';

/** `{"first":`, `,"second":`, … : what stands before each value of a line. */
export function linePrefixes(columnNames: readonly string[]): string[] {
  return columnNames.map((name, index) => `${index === 0 ? '{' : ','}${JSON.stringify(name)}:`);
}

/**
 * Writes one value as the artifact's JSON (FORMAT.md, "Values"). INTEGER is a JSON integer, REAL a
 * JSON number with a fraction or an exponent, TEXT a string; what JSON cannot say is a tagged object.
 */
export function encodeValue(value: SqliteValue): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'bigint':
      return value.toString();
    case 'number':
      return encodeReal(value);
    case 'object':
      if (value === null) return 'null';
      if (value instanceof MalformedText) return tagged('$text', value.bytes);
      return tagged('$blob', value);
    default:
      return value satisfies never;
  }
}

/** The shortest digits that read back to the same double, always with a fraction or an exponent. */
function encodeReal(value: number): string {
  if (!Number.isFinite(value)) return `{"$real":"${value}"}`;
  if (Object.is(value, -0)) return '-0.0';
  const digits = String(value);
  return /[.e]/.test(digits) ? digits : `${digits}.0`;
}

function tagged(tag: '$blob' | '$text', bytes: Uint8Array): string {
  return `{"${tag}":"${asBuffer(bytes).toString('base64')}"}`;
}

/** A multiple of three, so that the base64 of pieces is that of the whole. */
const PIECE_BYTES = 48 * 1024;

/**
 * What {@link encodeValue} writes of a BLOB, piece by piece: a text of more than a megabyte lies outside
 * of the heap, where V8 lets tens of megabytes gather before it frees them.
 */
export function* encodeBlobInPieces(blob: Uint8Array): Generator<string, void> {
  yield `{"$blob":"`;
  for (let start = 0; start < blob.length; start += PIECE_BYTES) {
    yield asBuffer(blob).toString('base64', start, start + PIECE_BYTES);
  }
  yield `"}`;
}

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;
const INTEGER = /^(?:0|-?[1-9][0-9]*)$/;
const REAL = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+(?:[eE][+-]?[0-9]+)?|[eE][+-]?[0-9]+)$/;

/** Reads a number token back: an INTEGER or a REAL by its form, or null when it is neither. */
export function decodeNumber(token: string): bigint | number | null {
  if (INTEGER.test(token)) {
    // Up to 15 digits no range check is needed.
    const integer = BigInt(token);
    if (token.length > 15 && (integer < INT64_MIN || integer > INT64_MAX)) return null;
    return integer;
  }
  if (!REAL.test(token)) return null;
  const real = Number(token);
  return Number.isFinite(real) ? real : null;
}

/** A shape of a tagged object: one key that begins with `$`, and a string without escapes. */
const TAGGED = /^\{"(\$[a-z]+)":"([^"\\]*)"\}$/;

/** Reads a tagged object back, or null when it is in no known form. */
export function decodeTaggedObject(object: string): SqliteValue {
  const [, tag, content] = TAGGED.exec(object) ?? [];
  return tag === undefined || content === undefined ? null : decodeTagged(tag, content);
}

/** Reads the inside of a tagged object back, or null when it is in no known form. */
export function decodeTagged(tag: string, content: string): SqliteValue {
  switch (tag) {
    case '$real':
      if (content === 'Infinity') return Infinity;
      return content === '-Infinity' ? -Infinity : null;
    case '$blob':
      return decodeBase64(content);
    case '$text': {
      const bytes = decodeBase64(content);
      return bytes === null ? null : new MalformedText(bytes);
    }
    default:
      return null;
  }
}

/** Canonical, padded base64 (RFC 4648, section 4) only: Node alone would skip over anything else. */
function decodeBase64(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : null;
}
