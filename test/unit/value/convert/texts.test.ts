import { describe, expect, it } from 'vitest';
import { MalformedText } from '../../../../scripts/lib/model/values.ts';
import { Misfit } from '../../../../scripts/lib/value/convert/converter.ts';
import {
  byteaConverter,
  enumConverter,
  jsonConverter,
  textConverter,
  uuidConverter,
} from '../../../../scripts/lib/value/convert/texts.ts';
import { converted } from '../../../support/converted.ts';
import { INT64_MIN } from '../../../support/values.ts';

const blob = new Uint8Array([0, 0xff]);
const malformed = new MalformedText(new Uint8Array([0x61, 0xff]));

describe('text', () => {
  const text = textConverter('text', null);

  it('takes TEXT as it is and INTEGER as its digits', () => {
    for (const value of ['', 'a\\\n\t"', '😀\uFFFD\u2028'])
      expect(converted(text, value)).toBe(value);
    expect(converted(text, INT64_MIN)).toBe('-9223372036854775808');
  });

  it('refuses REAL, BLOB and text that is not valid in the encoding', () => {
    expect(converted(text, 1.5)).toBe('value-class');
    expect(converted(text, blob)).toBe('value-class');
    expect(converted(text, malformed)).toBe('value-encoding');
  });

  it('refuses U+0000 and says at which character it stands, counted as PostgreSQL counts', () => {
    expect(text('😀é\u0000')).toEqual(
      new Misfit('value-nul', 'holds U+0000 at character 3, which PostgreSQL cannot store'),
    );
  });

  it('counts characters, not UTF-16 units, against a length', () => {
    const varchar = textConverter('character varying(3)', 3);
    expect(converted(varchar, '😀😀😀')).toBe('😀😀😀');
    expect(converted(varchar, 'abcd')).toBe('value-length');
    expect(converted(varchar, '😀😀😀😀')).toBe('value-length');
    expect(converted(varchar, 999n)).toBe('999');
    expect(converted(varchar, 1000n)).toBe('value-length');
  });
});

describe('bytea', () => {
  it('takes BLOBs, TEXT and malformed text as the bytes they are stored as', () => {
    expect(converted(byteaConverter, blob)).toBe('\\x00ff');
    expect(converted(byteaConverter, new Uint8Array())).toBe('\\x');
    expect(converted(byteaConverter, 'é\u0000')).toBe('\\xc3a900');
    expect(converted(byteaConverter, malformed)).toBe('\\x61ff');
  });

  it('refuses numbers', () => {
    expect(converted(byteaConverter, 1n)).toBe('value-class');
    expect(converted(byteaConverter, 1.5)).toBe('value-class');
  });
});

describe('uuid', () => {
  const uuid = '01234567-89ab-cdef-0123-456789abcdef';

  it.each([
    uuid,
    uuid.toUpperCase(),
    uuid.replaceAll('-', ''),
    `{${uuid}}`,
    Uint8Array.from(Buffer.from(uuid.replaceAll('-', ''), 'hex')),
  ])('takes %s', (value) => {
    expect(converted(uuidConverter, value)).toBe(uuid);
  });

  it('refuses other text, other lengths and other classes', () => {
    for (const value of ['', uuid.slice(1), `${uuid}0`, ` ${uuid}`, uuid.replace('c', 'g'), blob]) {
      expect(converted(uuidConverter, value)).toBe('value-format');
    }
    for (const value of [1n, 1.5, malformed]) {
      expect(converted(uuidConverter, value)).toBe('value-class');
    }
  });
});

describe('an enum', () => {
  const convert = enumConverter('Role', ['ADMIN', 'it’s']);

  it('takes its labels exactly', () => {
    expect(converted(convert, 'ADMIN')).toBe('ADMIN');
    expect(converted(convert, 'it’s')).toBe('it’s');
  });

  it('refuses other text, naming its labels, and other classes', () => {
    expect(convert('admin')).toEqual(
      new Misfit('value-label', 'is no label of the enum Role (ADMIN, it’s)'),
    );
    for (const value of [1n, 1.5, blob, malformed]) {
      expect(converted(convert, value)).toBe('value-class');
    }
  });
});

describe('json', () => {
  it('takes JSON text without touching a byte of it', () => {
    for (const text of [' {"b": 1.0, "a": [1e2, null]} ', '"é"', '12345678901234567890', 'null']) {
      expect(converted(jsonConverter, text)).toBe(text);
    }
  });

  it('takes a number that affinity made of the text', () => {
    expect(converted(jsonConverter, 42n)).toBe('42');
    expect(converted(jsonConverter, 1.5)).toBe('1.5');
  });

  it('refuses what is not JSON', () => {
    for (const value of ['', '{', "{'a':1}", '[1,]', 'NaN', '\uFEFF{}', Infinity]) {
      expect(converted(jsonConverter, value)).toBe('value-format');
    }
    expect(converted(jsonConverter, blob)).toBe('value-class');
    expect(converted(jsonConverter, malformed)).toBe('value-class');
  });

  it.each([
    [
      String.raw`{"a":["\u0000"]}`,
      String.raw`holds \u0000 at $.a[0], which PostgreSQL cannot store`,
    ],
    [
      String.raw`{"x":{"\u0000":1}}`,
      String.raw`holds \u0000 at the key of $.x.` + '\u0000, which PostgreSQL cannot store',
    ],
    [String.raw`["\ud800"]`, 'holds a lone surrogate at $[0]'],
  ])('refuses %s, which PostgreSQL cannot store', (text, reason) => {
    expect(jsonConverter(text)).toEqual(new Misfit('value-nul', reason));
  });

  it('takes escapes that stand for storable text', () => {
    const text = String.raw`{"\u00e9":"\ud83d\ude00 \\u0000"}`;
    expect(converted(jsonConverter, text)).toBe(text);
  });
});
