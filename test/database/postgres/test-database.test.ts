import { expect, test } from 'vitest';
import { createTestDatabase } from '../../support/database.ts';

test('gives each test a UTF-8 database of its own', async () => {
  const first = await createTestDatabase();
  const second = await createTestDatabase();
  await first.query('CREATE TABLE only_in_first (id integer)');
  const tables = `SELECT count(*)::integer AS n FROM pg_class WHERE relname = 'only_in_first'`;
  expect(await first.query(tables)).toEqual([{ n: 1 }]);
  expect(await second.query(tables)).toEqual([{ n: 0 }]);
  expect(await first.query('SHOW server_encoding')).toEqual([{ server_encoding: 'UTF8' }]);
  await first.drop();
  await second.drop();
});

test('copies a template with its rows', async () => {
  const template = await createTestDatabase();
  await template.query('CREATE TABLE t AS SELECT 42 AS answer');
  const copy = await createTestDatabase({ template: template.name });
  expect(await copy.query('SELECT answer FROM t WHERE answer = $1', [42])).toEqual([
    { answer: 42 },
  ]);
  await copy.drop();
  await template.drop();
});

test('drops a database while a session is connected to it', async () => {
  const database = await createTestDatabase();
  const other = await createTestDatabase();
  const session = database.query('SELECT pg_sleep(60)').catch((error: unknown) => error);
  await expect
    .poll(async () =>
      other.query('SELECT 1 FROM pg_stat_activity WHERE datname = $1', [database.name]),
    )
    .toHaveLength(1);
  await database.drop();
  // admin_shutdown: https://www.postgresql.org/docs/current/errcodes-appendix.html
  expect(await session).toMatchObject({ code: '57P01' });
  expect(
    await other.query('SELECT 1 FROM pg_database WHERE datname = $1', [database.name]),
  ).toEqual([]);
  await other.drop();
});
