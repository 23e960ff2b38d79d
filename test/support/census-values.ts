import fc from 'fast-check';
import { MalformedText } from '../../scripts/lib/model/values.ts';
import { anyInteger, anyReal, anyText, anyValue } from './values.ts';

/** One of these characters. */
const oneOf = (characters: string): fc.Arbitrary<string> =>
  fc.constantFrom(...characters.split(''));

/** Texts that have a form by a hair, or have none. */
const ODD_TEXTS = [
  'true|T|Yes|false|f|NO|y|n|on|1|0|-0|-||null|NULL|00|0.5|-0.5|.5|5.|1.2.3|--5|+5|1e5|0x10|01.5',
  '{}|[]|{|[|"a"|"| {}|\n[1]|\u00a0{}|{"a":1,}|{\'a\':1}|[1 2]|24:00|23:59:60|12:30Z|now|2460000.5',
  '2024-02-30|2023-02-29|2024-01-01T24:00:00Z|2024-01-01T00:00:00 Z|2024-1-1|20240101|0000-00-00',
  '2024-01-01T00:00:00+16:00|+012024-01-01|-000001-01-01T00:00Z|2024-01-01T00:00:00.123456789+0130',
].flatMap((texts) => texts.split('|'));

/** Texts of the forms that are counted, and near misses. */
const formText = fc.oneof(
  fc.json(),
  fc.json().map((json) => ` \t${json}\n`),
  fc.uuid(),
  fc.uuid().map((uuid) => `{${uuid.toUpperCase()}}`),
  fc.uuid().map((uuid) => uuid.replaceAll('-', '')),
  fc.uuid().map((uuid) => `URN:uuid:${uuid}`),
  fc.uuid().map((uuid) => `{${uuid.replaceAll('-', '').replaceAll(/.{4}(?=.)/g, '$&-')}}`),
  fc
    .date({ noInvalidDate: true, min: new Date('0000-01-01'), max: new Date('9999-12-31') })
    .chain((date) =>
      fc.constantFrom(
        date.toISOString(),
        date.toISOString().slice(0, 10),
        date.toISOString().slice(0, 19),
        date.toISOString().slice(0, 16).replace('T', ' '),
        date.toISOString().replace('Z', '+00:00'),
        date.toISOString().replace('.000Z', '-0330'),
        date.toISOString().slice(11, 19),
        date.toISOString().replace(/-\d\d-/, '-02-'),
      ),
    ),
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc.bigInt().map(String),
  fc.tuple(fc.bigInt(), fc.nat()).map(([whole, fraction]) => `${whole}.${fraction}`),
  fc.string({ unit: oneOf('0123456789.-+eE:T Z'), maxLength: 12 }),
  fc.string({ unit: oneOf('0123456789abcdefABCDEF'), minLength: 31, maxLength: 33 }),
  fc.string({ unit: oneOf('0123456789'), minLength: 32, maxLength: 32 }),
  fc.string({ unit: oneOf('0123456789abcdef-'), minLength: 36, maxLength: 36 }),
  fc.constantFrom(...ODD_TEXTS),
);

/** Any value of a column, well-formed. */
export const anyCell = fc.oneof(
  { weight: 3, arbitrary: anyValue.filter((value) => !(value instanceof MalformedText)) },
  { weight: 4, arbitrary: formText },
  { weight: 1, arbitrary: anyReal },
  { weight: 1, arbitrary: anyText },
  { weight: 1, arbitrary: fc.integer({ min: -2, max: 3 }).map(BigInt) },
  { weight: 1, arbitrary: fc.integer({ min: -9999, max: 9999 }).map((cents) => cents / 100) },
);

/** A text with one of its characters replaced, left out, or put in. */
const almost = (texts: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(texts, fc.nat(), fc.nat(1), oneOf('0129-+.: TZtzaAgu{}[]"\\\n\téé'))
    .map(([text, place, removed, character]) => {
      const at = place % (text.length + 1);
      return (text.slice(0, at) + character + text.slice(at + removed)).toWellFormed();
    });

/** Texts of the forms that are counted, and what is one character away from them. */
export const nearText = fc.oneof(
  formText,
  almost(formText),
  almost(fc.constantFrom(...ODD_TEXTS)),
  anyText,
  fc.string({ unit: oneOf('tTrRuUeEfalsynoNO'), maxLength: 6 }),
  fc.string({ unit: oneOf('0123569:'), minLength: 5, maxLength: 5 }),
  fc.nat(260_000).map((time) =>
    String(time)
      .padStart(4, '0')
      .replaceAll(/\B(?=(..)+$)/g, ':'),
  ),
  fc.string({
    unit: fc.constantFrom('a', 'b', 'n', ' ', 'é', '木', '😀', '"', '\\'),
    maxLength: 60,
  }),
);

/** Integers and REALs, those on which ways to write a number may differ among them. */
export const anyNumber = fc.oneof(
  anyReal,
  anyInteger,
  fc.integer({ min: -2, max: 3 }).map(BigInt),
  fc.integer({ min: -99_999, max: 99_999 }).map((cents) => cents / 100),
  fc
    .tuple(fc.maxSafeInteger(), fc.integer({ min: -30, max: 30 }))
    .map(([digits, exponent]) => Number(`${digits}e${exponent}`)),
  fc.tuple(fc.maxSafeInteger(), fc.nat(20)).map(([digits, nines]) => digits + 1 - 10 ** -nines),
);
