import { describe, expect, it } from 'vitest';
import { MalformedText } from '../../../../scripts/lib/model/values.ts';
import { targetType } from '../../../support/catalogs.ts';
import { typeUnderTest } from '../../../support/converted.ts';
import { INT64_MIN } from '../../../support/values.ts';

const blob = new Uint8Array([0, 0xff]);
const malformed = new MalformedText(new Uint8Array([0x61, 0xff, 0x62]));

function varchar(length: number): ReturnType<typeof typeUnderTest> {
  return typeUnderTest(targetType('varchar', { modifier: length + 4 }));
}

describe('text', () => {
  const { converted, misfit, remedied } = typeUnderTest('text');

  it('takes TEXT as it is and INTEGER as its digits', () => {
    for (const value of ['', ' a\\\n\t" ', '😀\uFFFD\u2028', String.raw`\N`, String.raw`\.`]) {
      expect(converted(value)).toBe(value);
    }
    expect(converted(INT64_MIN)).toBe('-9223372036854775808');
  });

  it('refuses REAL and BLOB', () => {
    expect(converted(1.5)).toBe('value-class');
    expect(converted(blob)).toBe('value-class');
  });

  it('refuses U+0000, says at which character it stands as PostgreSQL counts, and could strip it', () => {
    expect(misfit('😀é\u0000')).toMatchObject({
      code: 'value-nul',
      reason: 'holds U+0000 at character 3, which PostgreSQL cannot store',
    });
    expect(remedied('\u0000a\u0000b\u0000')).toBe('strip_nul ab');
  });

  it('refuses malformed text, and could put U+FFFD where bytes are no text', () => {
    expect(converted(malformed)).toBe('value-encoding');
    expect(remedied(malformed)).toBe('replace_invalid_utf8 a\uFFFDb');
    const withNul = new MalformedText(new Uint8Array([0xff, 0x00]));
    expect(remedied(withNul)).toBe('replace_invalid_utf8 strip_nul \uFFFD');
  });

  it('reads malformed text in the encoding of the source', () => {
    const half = Buffer.from('a\uD800b', 'utf16le');
    const little = typeUnderTest('text', { sourceEncoding: 'UTF-16le' });
    const big = typeUnderTest('text', { sourceEncoding: 'UTF-16be' });
    expect(little.remedied(new MalformedText(half))).toBe('replace_invalid_utf8 a\uFFFDb');
    expect(big.remedied(new MalformedText(Buffer.from(half).swap16()))).toBe(
      'replace_invalid_utf8 a\uFFFDb',
    );
    const odd = Buffer.concat([Buffer.from('a', 'utf16le'), Buffer.from([0x62])]);
    expect(little.remedied(new MalformedText(odd))).toBe('replace_invalid_utf8 a\uFFFD');
  });
});

describe('varchar(n)', () => {
  const { converted, misfit, remedied } = varchar(3);

  it('counts characters, not UTF-16 units', () => {
    expect(converted('😀😀😀')).toBe('😀😀😀');
    expect(converted('abcd')).toBe('value-length');
    expect(converted(999n)).toBe('999');
    expect(converted(1000n)).toBe('value-length');
    expect(misfit('😀😀😀😀').reason).toBe('has 4 characters, and the column takes 3');
  });

  it('does not let blanks at the end pass as if they were nothing', () => {
    expect(converted('abc ')).toBe('value-length');
  });

  it('could be cut between characters, after what PostgreSQL cannot store is gone', () => {
    expect(remedied('😀😀😀😀')).toBe('truncate 😀😀😀');
    expect(remedied('a\u0000bcd')).toBe('strip_nul truncate abc');
    expect(remedied('a\u0000bc')).toBe('strip_nul abc');
  });
});

describe('bytea', () => {
  const { converted } = typeUnderTest('bytea');

  it('takes BLOBs, TEXT and malformed text as the bytes they are stored as', () => {
    expect(converted(blob)).toBe('\\x00ff');
    expect(converted(new Uint8Array())).toBe('\\x');
    expect(converted('é\u0000')).toBe('\\xc3a900');
    expect(converted(malformed)).toBe('\\x61ff62');
  });

  it('refuses numbers', () => {
    expect(converted(1n)).toBe('value-class');
    expect(converted(1.5)).toBe('value-class');
  });
});

describe('uuid', () => {
  const { converted } = typeUnderTest('uuid');
  const uuid = '01234567-89ab-cdef-0123-456789abcdef';

  it.each([
    uuid,
    uuid.toUpperCase(),
    uuid.replaceAll('-', ''),
    `{${uuid}}`,
    `urn:uuid:${uuid}`,
    '0123-4567-89ab-cdef-0123-4567-89ab-cdef',
    Uint8Array.from(Buffer.from(uuid.replaceAll('-', ''), 'hex')),
  ])('takes %s', (value) => {
    expect(converted(value)).toBe(uuid);
  });

  it('refuses other text, other lengths and other classes', () => {
    const others = [
      '',
      uuid.slice(1),
      `${uuid}0`,
      ` ${uuid}`,
      uuid.replace('c', 'g'),
      `{${uuid}`,
      `${uuid}}`,
      `-${uuid}`,
      uuid.replace('-', '--'),
      `${uuid}\n`,
    ];
    for (const value of [...others, blob]) expect(converted(value)).toBe('value-format');
    for (const value of [1n, 1.5]) expect(converted(value)).toBe('value-class');
  });
});

describe('an enum', () => {
  const type = targetType('Role', { kind: 'enum', enumLabels: ['ADMIN', 'it’s'] });
  const { converted, misfit } = typeUnderTest(type);

  it('takes its labels exactly', () => {
    expect(converted('ADMIN')).toBe('ADMIN');
    expect(converted('it’s')).toBe('it’s');
  });

  it('refuses other text, naming its labels, and other classes', () => {
    expect(misfit('admin')).toMatchObject({
      code: 'value-label',
      reason: 'is no label of the enum Role (ADMIN, it’s)',
    });
    expect(converted(1n)).toBe('value-class');
  });
});
