import { describe, expect, it } from 'vitest';
import { takeCensus } from '../../../scripts/lib/source/census/take-census.ts';
import { encryptedColumns, isJsonColumn } from '../../../scripts/lib/source/content-hints.ts';
import { memoryDatabase, tableOf } from '../../support/sqlite.ts';

type Value = string | bigint | null | Buffer;

/** What is said of a column of this name with these values. */
async function hintsFor(
  values: readonly Value[],
  column = 'x',
): Promise<{ json: boolean; encrypted: number }> {
  const db = memoryDatabase(`CREATE TABLE t ("${column}")`);
  for (const value of values) db.prepare('INSERT INTO t VALUES (?)').run(value);
  const table = tableOf(db, 't');
  const { columns } = await takeCensus(db, table, {
    encoding: 'UTF-8',
    signal: new AbortController().signal,
    advance: () => undefined,
  });
  const [hinted, ...others] = encryptedColumns(db, table, columns);
  expect([others, hinted?.column ?? column]).toEqual([[], column]);
  const texts = columns[0]?.census.texts ?? null;
  return { json: isJsonColumn(texts), encrypted: hinted?.examined ?? 0 };
}

const NOTHING = { json: false, encrypted: 0 };

describe('a column', () => {
  it('holds JSON when all its texts are objects or lists', async () => {
    expect(await hintsFor(['{"a":1}', ' [1] ', '', null, 5n])).toEqual({ ...NOTHING, json: true });
    expect(await hintsFor(['{"a":1}', 'plain'])).toEqual(NOTHING);
    expect(await hintsFor(['{"a":1}', '{a'])).toEqual(NOTHING);
    expect(await hintsFor(['1', 'true', '"x"'])).toEqual(NOTHING);
    expect(await hintsFor(['', ''])).toEqual(NOTHING);
  });

  it('holds no JSON when the last of many texts is none', async () => {
    const objects = Array.from({ length: 3000 }, (_, index) => `{"n":${index}}`);
    expect(await hintsFor(objects)).toEqual({ ...NOTHING, json: true });
    expect(await hintsFor([...objects, '{n'])).toEqual(NOTHING);
  });

  it.each([
    [
      'iv:tag:ciphertext in hexadecimal',
      '0f1e2d3c4b5a69788796a5b4:00112233445566778899aabbccddeeff:c0ffee00c0ffee00',
    ],
    ['parts in base64', 'AAECAwQFBgcICQoL.EBESExQVFhcYGRob=='],
    ['a Fernet token', 'gAAAAABmZ0y1kq3x8h-_TZ0=='],
    ['the salted format of OpenSSL', 'U2FsdGVkX1+vupppZksvRf5pq5g5XjFRlipRkwB0K1Y='],
  ])('looks encrypted: %s', async (_, text) => {
    expect(await hintsFor([text, text, ''])).toEqual({ json: false, encrypted: 2 });
    expect(await hintsFor([text, 'plain'])).toEqual(NOTHING);
  });

  it('looks encrypted when its name tells so', async () => {
    expect(await hintsFor(['anything'], 'password_encrypted')).toEqual({
      json: false,
      encrypted: 1,
    });
  });

  it.each([
    ['prose', 'Hello: this is a text.'],
    ['a UUID', '01234567-89ab-cdef-0123-456789abcdef'],
    ['a time', '2024-01-31T12:00:00.000Z'],
    ['an address', 'https://example.com/a.b'],
    ['a name of a host', 'db.example.com'],
  ])('is nothing special: %s', async (_, text) => {
    expect(await hintsFor([text])).toEqual(NOTHING);
  });

  it('without any text is nothing special', async () => {
    expect(await hintsFor([], 'encrypted')).toEqual(NOTHING);
    expect(await hintsFor([null, '', 5n, Buffer.from('{}')], 'encrypted')).toEqual(NOTHING);
  });
});
