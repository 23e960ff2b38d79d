import fc from 'fast-check';
import { MalformedText, type Row, type SqliteValue } from '../../scripts/lib/model/values.ts';

/**
 * A value as text that differs whenever storage class or any bit differs, so that plain equality of
 * these texts is equality of the values to the last bit.
 */
export function exactly(value: SqliteValue): string {
  if (value === null) return 'null';
  if (typeof value === 'bigint') return `integer ${value}`;
  if (typeof value === 'string') return `text ${Buffer.from(value, 'utf16le').toString('hex')}`;
  if (value instanceof MalformedText)
    return `malformed ${Buffer.from(value.bytes).toString('hex')}`;
  if (value instanceof Uint8Array) return `blob ${Buffer.from(value).toString('hex')}`;
  const bits = Buffer.alloc(8);
  bits.writeDoubleBE(value);
  return `real ${bits.toString('hex')}`;
}

/** {@link exactly} for each value of a row. */
export function exactRow(row: Row): string[] {
  return row.map(exactly);
}

export const INT64_MIN = -(2n ** 63n);
export const INT64_MAX = 2n ** 63n - 1n;

/** Texts that trip encoders: quotes, escapes, U+0000, line separators, astral characters, BOM. */
const oddTexts = [
  '',
  '\u0000',
  'a\u0000b',
  '\u2028\u2029',
  '😀',
  '\uFEFF',
  '\uFFFD',
  '"\\/\b\f\n\r\t\u001f\u007f',
  '\\',
  '\\"',
  '{"$blob":"AAA="}',
  '}',
  ',',
  '__proto__',
];

/** Any well-formed text. */
export const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom(...oddTexts),
);

export const anyInteger = fc.oneof(
  fc.bigInt({ min: INT64_MIN, max: INT64_MAX }),
  fc.constantFrom(0n, -1n, INT64_MIN, INT64_MAX, 2n ** 53n, 2n ** 53n + 1n, -(2n ** 53n) - 1n),
);

/** Any REAL that SQLite can hold: every double but NaN, which it stores as NULL. */
export const anyReal = fc.oneof(
  fc.double({ noNaN: true }),
  fc.constantFrom(0, -0, Infinity, -Infinity, 5e-324, 1.7976931348623157e308, 1e21, 0.1 + 0.2, 17),
);

export const anyBytes = fc.uint8Array({ maxLength: 20 });

/** Any value of any storage class. */
export const anyValue: fc.Arbitrary<SqliteValue> = fc.oneof(
  fc.constant(null),
  anyInteger,
  anyReal,
  anyText,
  anyBytes,
  anyBytes.map((bytes) => new MalformedText(bytes)),
);
