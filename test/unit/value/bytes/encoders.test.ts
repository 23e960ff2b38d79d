import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineScanner } from '../../../../scripts/lib/artifact/line-scanner.ts';
import { readToken } from '../../../../scripts/lib/artifact/token.ts';
import type { TargetType } from '../../../../scripts/lib/model/target-catalog.ts';
import { ByteWriter } from '../../../../scripts/lib/value/bytes/byte-writer.ts';
import {
  FIELD_MARGIN,
  type ByteEncoder,
} from '../../../../scripts/lib/value/bytes/byte-encoder.ts';
import { encodersFor } from '../../../../scripts/lib/value/bytes/index.ts';
import { canonicalForm } from '../../../../scripts/lib/value/canonical/index.ts';
import { encodeValue } from '../../../../scripts/lib/value/codec.ts';
import type { ConversionContext } from '../../../../scripts/lib/value/convert/converter.ts';
import { BASE_TYPES, converterFor } from '../../../../scripts/lib/value/convert/index.ts';
import { escapeCopyText } from '../../../../scripts/lib/value/copy-text.ts';
import { targetType } from '../../../support/catalogs.ts';
import { conversionContext } from '../../../support/converted.ts';
import { anyValue } from '../../../support/values.ts';

/** `atttypmod` of numeric(p,s), and of varchar(n) and char(n). */
const numericModifier = (precision: number, scale: number): number =>
  ((precision << 16) | (scale & 0x7ff)) + 4;
const lengthModifier = (length: number): number => length + 4;

const TYPES: readonly TargetType[] = [
  ...Object.keys(BASE_TYPES).map((name) => targetType(name)),
  ...[
    [5, 0],
    [10, 2],
    [3, 5],
    [5, -2],
  ].map(([precision = 0, scale = 0]) =>
    targetType('numeric', { modifier: numericModifier(precision, scale) }),
  ),
  ...['varchar', 'bpchar'].map((name) => targetType(name, { modifier: lengthModifier(3) })),
  ...['timestamp', 'timestamptz', 'time'].flatMap((name) =>
    [0, 3].map((modifier) => targetType(name, { modifier })),
  ),
  targetType('state', { kind: 'enum', enumLabels: ['on', 'off', 'größe', 'a"b', 'a\\b', ''] }),
];

/** The token of a line, as the scanner finds it, through an encoder; null when that is not sure. */
function encoded(encode: ByteEncoder, token: string): string | null {
  const [rows] = new LineScanner(['v']).scan(Buffer.from(`{"v":${token}}\n`), 1);
  if (rows === undefined || 'fault' in rows) throw new Error(`${token} is no value`);
  const [kind = 0, start = 0, end = 0] = [rows.kinds[0], rows.starts[0], rows.ends[0]];
  const out = new ByteWriter(1);
  out.reserve(2 * (end - start) + FIELD_MARGIN);
  const isSure = encode(rows.bytes, kind, start, end, out);
  return isSure ? out.take().toString('utf8') : null;
}

type Form = 'canonical' | 'converted';

/** The same by way of the value; null when the type does not take it. */
function plain(
  type: TargetType,
  context: ConversionContext,
  form: Form,
  token: string,
): string | null {
  const [rows] = new LineScanner(['v']).scan(Buffer.from(`{"v":${token}}\n`), 1);
  if (rows === undefined || 'fault' in rows) throw new Error(`${token} is no value`);
  const value = readToken(rows, 0);
  const text = value === null ? null : converterFor(type, context)?.(value);
  if (typeof text !== 'string') return null;
  return escapeCopyText(form === 'canonical' ? canonicalForm(type).text(text) : text);
}

const twoDigits = fc.integer({ min: 0, max: 62 }).map((n) => String(n).padStart(2, '0'));
const anyDay = fc
  .tuple(
    fc.constantFrom('0000', '0001', '1900', '2000', '2024', '2100', '9999', '-001'),
    twoDigits,
    twoDigits,
  )
  .map(
    ([year, month, day]) => `${year}-${month.replace(/^[2-6]/, '0')}-${day.replace(/^[4-6]/, '2')}`,
  );
const anyClock = fc
  .tuple(
    twoDigits,
    twoDigits,
    fc.constantFrom(
      '',
      ':59',
      ':60',
      ':07.5',
      ':00.120',
      ':00.000',
      ':01.123456',
      ':01.1234567',
      ':01.',
    ),
  )
  .map(([hour, minute, rest]) => `${hour.replace(/^[3-6]/, '2')}:${minute}${rest}`);
const anyTime = fc
  .tuple(
    anyDay,
    fc.constantFrom('', 'T', ' ', 't', '_'),
    anyClock,
    fc.constantFrom('', 'Z', 'z', '+00:00', '-00:00', '+01:00', '+00', ' Z', 'Z '),
  )
  .map(([day, separator, clock, zone]) =>
    separator === '' ? day : day + separator + clock + zone,
  );
const anyDecimal = fc
  .tuple(
    fc.constantFrom('', '-', '+'),
    fc.constantFrom(
      '0',
      '1',
      '12',
      '999',
      '1000',
      '00',
      '01',
      '123456789012345',
      '12345678901234567890',
      '',
    ),
    fc.constantFrom(
      '',
      '.',
      '.0',
      '.5',
      '.50',
      '.05',
      '.123',
      '.12345',
      '.000',
      '.00000001',
      '.123456789012345',
    ),
    fc.constantFrom('', 'e0', 'E3', 'e-7', 'e+21'),
  )
  .map((parts) => parts.join(''));
const anyUuid = fc
  .tuple(fc.uuid(), fc.constantFrom('', '{', 'x', ' '), fc.boolean())
  .map(([uuid, before, isUpper]) => before + (isUpper ? uuid.toUpperCase() : uuid));
const otherTexts = fc.constantFrom(
  'on',
  'off',
  'größe',
  'a"b',
  'a\\b',
  'ab ',
  'abc',
  'abcd',
  'äöü',
  'äöüß',
  '😀😀😀',
  '😀\u0000',
  '\\.',
  '\\N',
  't',
  'TRUE',
  '[1, 2]',
  '{"a":1.50}',
);
const anyWritten = fc.oneof(anyTime, anyDecimal, anyUuid, otherTexts);

/** Numbers near the ends of what a type holds. */
const anyEnd = fc
  .tuple(
    fc.constantFrom(0n, 1n, 15n, 16n, 31n, 32n, 40n, 53n, 63n),
    fc.integer({ min: -2, max: 2 }),
    fc.boolean(),
  )
  .map(([bits, more, isNegative]) => (isNegative ? -1n : 1n) * (2n ** bits + BigInt(more)))
  .filter((value) => BigInt.asIntN(64, value) === value);

/** Times in each unit, of years that are usual and of such as are not. */
const anyEpoch = fc
  .tuple(
    fc.integer({ min: -62_200_000_000, max: 253_500_000_000 }),
    fc.constantFrom(1, 1000, 1_000_000),
    fc.constantFrom(0, 0, 1, 500, 123_000),
  )
  .map(([seconds, factor, more]) => BigInt(seconds) * BigInt(factor) + BigInt(more))
  .map((value) => (value % 7n === 0n ? (value / 86_400_000n) * 86_400_000n : value));

/** `\\u00e9`, or two of them. */
function asEscapes(character: string): string {
  const units = character.split('').map((unit) => unit.charCodeAt(0).toString(16));
  return units.map((unit) => `\\u${unit.padStart(4, '0')}`).join('');
}

/** A JSON string with some of its characters written as escapes that a foreign writer may choose. */
const escapedText = fc
  .tuple(
    fc.oneof(anyWritten, fc.string({ unit: 'binary', maxLength: 8 })),
    fc.integer({ min: 1, max: 3 }),
  )
  .map(([text, every]) =>
    JSON.stringify(text).replaceAll(/[^"\\u0-9a-f]/gu, (character, at: number) =>
      at % every === 0 ? asEscapes(character) : character,
    ),
  );

/** A REAL as the toolkit never writes one. */
const writtenReal = anyDecimal.filter((text) =>
  /^-?(?:0|[1-9]\d*)(?:\.\d+(?:[eE][+-]?\d+)?|[eE][+-]?\d+)$/.test(text),
);

/** Lengths on both sides of where another way is taken. */
const longBlob = fc
  .tuple(fc.constantFrom(180, 190, 200), fc.nat(255))
  .map(([length, byte]) => encodeValue(new Uint8Array(length).map((_, at) => (at * byte) % 256)));

const anyToken = fc.oneof(
  anyValue.filter((value) => value !== null).map(encodeValue),
  anyWritten.map((text) => JSON.stringify(text)),
  escapedText,
  writtenReal,
  longBlob,
  anyEnd.map(String),
  anyEpoch.map(String),
);

const anyContext = fc
  .record({
    timeUnit: fc.constantFrom(null, 's', 'ms', 'us', 'julian_day'),
    readsNumericText: fc.boolean(),
    timeZone: fc.constantFrom('UTC', 'UTC', 'Europe/Berlin'),
    dateFormat: fc.constantFrom(null, null, 'YYYY-MM-DD', 'DD-MM-YYYY'),
  })
  .map((context) => conversionContext(context));

const shown = ({ display, modifier }: TargetType): string => `${display} ${modifier}`;

describe.each(TYPES.map((type) => [shown(type), type] as const))('%s', (_, type) => {
  it('is written from the bytes of a token as it is by way of the value, or not at all', () => {
    fc.assert(
      fc.property(
        anyContext,
        fc.array(anyToken, { minLength: 5, maxLength: 5 }),
        (context, tokens) => {
          const encoders = encodersFor(type, context);
          const forms: Form[] = encoders.mayLoadCanonical
            ? ['canonical']
            : ['canonical', 'converted'];
          const written = forms.flatMap((form) =>
            tokens.map((token) => ({ form, token, text: encoded(encoders[form], token) })),
          );
          const sure = written.filter(({ text }) => text !== null);
          expect(sure).toEqual(
            sure.map(({ form, token }) => ({
              form,
              token,
              text: plain(type, context, form, token),
            })),
          );
        },
      ),
      { numRuns: 150 },
    );
  });
});

it.each([49_151, 49_152, 49_153, 98_305])('writes a BLOB of %i bytes', (length) => {
  const blob = Buffer.from(Array.from({ length }, (_, at) => (at * 7) % 256));
  const { canonical } = encodersFor(targetType('bytea'), conversionContext());
  expect(encoded(canonical, encodeValue(blob))).toBe(String.raw`\\x` + blob.toString('hex'));
});

describe('the usual values', () => {
  const ms = { timeUnit: 'ms' } as const;
  const CASES: readonly (readonly [
    string,
    TargetType,
    string,
    string,
    Partial<ConversionContext>?,
  ])[] = [
    ['a small integer', targetType('int4'), '-12', '-12'],
    ['the largest int4', targetType('int4'), '2147483647', '2147483647'],
    ['the smallest int8', targetType('int8'), '-9223372036854775808', '-9223372036854775808'],
    ['true', targetType('bool'), '1', 't'],
    ['a price', targetType('numeric', { modifier: numericModifier(10, 2) }), '17.50', '17.5'],
    ['a whole price', targetType('numeric', { modifier: numericModifier(10, 2) }), '1200', '1200'],
    ['a price as text', targetType('numeric'), '"0.10"', '0.1'],
    ['a text', targetType('text'), '"Größe L 😀"', 'Größe L 😀'],
    [
      'a text with escapes',
      targetType('text'),
      String.raw`"a\"b\\c\n\u00e9\ud83d\ude00\u000b\/"`,
      String.raw`a"b\\c\né😀\v/`,
    ],
    ['a short text', targetType('varchar', { modifier: lengthModifier(3) }), '"äöü"', 'äöü'],
    ['a label', targetType('state', { kind: 'enum', enumLabels: ['on', 'off'] }), '"off"', 'off'],
    [
      'a UUID',
      targetType('uuid'),
      '"123e4567-e89b-12d3-a456-426614174000"',
      '123e4567-e89b-12d3-a456-426614174000',
    ],
    ['a BLOB', targetType('bytea'), '{"$blob":"AP8Q"}', String.raw`\\x00ff10`],
    ['a day', targetType('date'), '"2024-02-29"', '2024-02-29'],
    ['a day in milliseconds', targetType('date'), '-86400000', '1969-12-31', ms],
    [
      'a time of Prisma',
      targetType('timestamp', { modifier: 3 }),
      '"2024-01-31T12:00:00.120Z"',
      '2024-01-31 12:00:00.12',
    ],
    [
      'a time of SQLite',
      targetType('timestamptz'),
      '"2024-01-31 12:00:01"',
      '2024-01-31 12:00:01+00',
    ],
    [
      'a time in milliseconds',
      targetType('timestamptz', { modifier: 3 }),
      '1706702400120',
      '2024-01-31 12:00:00.12+00',
      ms,
    ],
    ['a double', targetType('float8'), '1.5', '3ff8000000000000'],
  ];
  it.each(CASES.map((one) => [one[0], one] as const))('%s is written from its bytes', (_, one) => {
    const [, type, token, expected, context] = one;
    expect(encoded(encodersFor(type, conversionContext(context)).canonical, token)).toBe(expected);
  });
});
