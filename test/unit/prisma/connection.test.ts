import { describe, expect, test } from 'vitest';
import {
  isSamePlace,
  parseConnection,
  withDatabase,
} from '../../../scripts/lib/prisma/engine/connection.ts';

describe('parseConnection', () => {
  test('takes the URL apart, so that another database can be named', () => {
    const { config } = parseConnection(
      'postgresql://me:p%40ss%2Fw%3Ard@host:6543/db?sslmode=disable',
    );
    expect(config).toMatchObject({
      host: 'host',
      port: 6543,
      user: 'me',
      password: 'p@ss/w:rd',
      database: 'db',
      ssl: false,
    });
    expect(config).not.toHaveProperty('connectionString');
  });

  test.each([
    { query: '', schema: 'public' },
    { query: '?schema=sales', schema: 'sales' },
    { query: '?connection_limit=1&schema=a%20b', schema: 'a b' },
  ])('finds schema $schema in "$query"', ({ query, schema }) => {
    expect(parseConnection(`postgresql://me@host/db${query}`).schema).toBe(schema);
  });

  test('connects through a Unix socket', () => {
    const { config } = parseConnection('postgresql://me@localhost/db?host=/run/postgresql');
    expect(config.host).toBe('/run/postgresql');
  });

  test.each([
    { query: '', milliseconds: 5_000 },
    { query: '?connect_timeout=12', milliseconds: 12_000 },
    { query: '?connect_timeout=0', milliseconds: 0 },
    { query: '?connect_timeout=soon', milliseconds: 5_000 },
  ])('waits $milliseconds ms for a connection with "$query"', ({ query, milliseconds }) => {
    const { config } = parseConnection(`postgresql://me@host/db${query}`);
    expect(config.connectionTimeoutMillis).toBe(milliseconds);
  });

  test.each([
    { url: undefined, code: 'P1012' },
    { url: '', code: 'P1012' },
    { url: 'mysql://me:secret@host/db', code: 'P1013' },
    { url: 'postgresql://me:secret@host:port/db', code: 'P1013' },
  ])('refuses $url with $code', ({ url, code }) => {
    expect(() => parseConnection(url)).toThrow(expect.objectContaining({ code }));
    expect(() => parseConnection(url)).not.toThrow('secret');
  });
});

describe('isSamePlace', () => {
  const main = parseConnection('postgresql://me@host/db');

  test.each([
    { other: 'postgresql://you:pw@host:5432/db?schema=public', same: true },
    { other: 'postgresql://me@host/db?schema=other', same: false },
    { other: 'postgresql://me@host/shadow', same: false },
    { other: 'postgresql://me@host:5433/db', same: false },
  ])('$other: $same', ({ other, same }) => {
    expect(isSamePlace(main, parseConnection(other))).toBe(same);
  });

  test('is no longer so with another database', () => {
    expect(isSamePlace(main, withDatabase(main, 'shadow'))).toBe(false);
  });
});
