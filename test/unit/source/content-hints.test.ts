import { describe, expect, it } from 'vitest';
import { hintColumns, sampleRows } from '../../../scripts/lib/source/content-hints.ts';
import { memoryDatabase, tableOf } from '../../support/sqlite.ts';
import { exactRow, exactly } from '../../support/values.ts';

/** The hint for a column of this name with these values. */
function hintFor(values: readonly (string | bigint | null | Buffer)[], column = 'x'): unknown {
  const db = memoryDatabase(`CREATE TABLE t ("${column}")`);
  for (const value of values) db.prepare('INSERT INTO t VALUES (?)').run(value);
  const [hinted, ...others] = hintColumns(db, tableOf(db, 't'), 'UTF-8');
  expect(others).toEqual([]);
  return hinted && [hinted.column, hinted.hint, hinted.examined];
}

describe('a column', () => {
  it('holds JSON when all its texts are objects or lists', () => {
    expect(hintFor(['{"a":1}', ' [1] ', '', null, 5n])).toEqual(['x', 'json', 2]);
    expect(hintFor(['{"a":1}', 'plain'])).toBeUndefined();
    expect(hintFor(['{"a":1}', '{a'])).toBeUndefined();
    expect(hintFor(['1', 'true', '"x"'])).toBeUndefined();
  });

  it.each([
    [
      'iv:tag:ciphertext in hexadecimal',
      '0f1e2d3c4b5a69788796a5b4:00112233445566778899aabbccddeeff:c0ffee00c0ffee00',
    ],
    ['parts in base64', 'AAECAwQFBgcICQoL.EBESExQVFhcYGRob=='],
    ['a Fernet token', 'gAAAAABmZ0y1kq3x8h-_TZ0=='],
    ['the salted format of OpenSSL', 'U2FsdGVkX1+vupppZksvRf5pq5g5XjFRlipRkwB0K1Y='],
  ])('looks encrypted: %s', (_, text) => {
    expect(hintFor([text, text])).toEqual(['x', 'encrypted', 2]);
    expect(hintFor([text, 'plain'])).toBeUndefined();
  });

  it('looks encrypted when its name tells so', () => {
    expect(hintFor(['anything'], 'password_encrypted')).toEqual([
      'password_encrypted',
      'encrypted',
      1,
    ]);
  });

  it.each([
    ['prose', 'Hello: this is a text.'],
    ['a UUID', '01234567-89ab-cdef-0123-456789abcdef'],
    ['a time', '2024-01-31T12:00:00.000Z'],
    ['an address', 'https://example.com/a.b'],
    ['a name of a host', 'db.example.com'],
  ])('is nothing special: %s', (_, text) => {
    expect(hintFor([text])).toBeUndefined();
  });

  it('without any text is nothing special', () => {
    expect(hintFor([], 'encrypted')).toBeUndefined();
    expect(hintFor([null, '', 5n, Buffer.from('{}')], 'encrypted')).toBeUndefined();
  });
});

it('takes sample rows exactly, text that is no text included', () => {
  const db = memoryDatabase(`CREATE TABLE t (id INTEGER PRIMARY KEY, x);
    INSERT INTO t VALUES (1, 'a'), (2, CAST(x'ff' AS TEXT)), (3, 'c')`);
  expect(sampleRows(db, tableOf(db, 't'), 'UTF-8', 2).map(exactRow)).toEqual([
    ['integer 1', exactly('a')],
    ['integer 2', 'malformed ff'],
  ]);
});
