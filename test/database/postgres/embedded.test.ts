import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ToolkitError } from '../../../scripts/lib/model/errors.ts';
import { startEmbeddedPostgres } from '../../../scripts/lib/postgres/embedded.ts';
import type { EmbeddedPostgres } from '../../../scripts/lib/postgres/embedded.ts';

describe('a running embedded server', () => {
  let server: EmbeddedPostgres;

  beforeAll(async () => {
    server = await startEmbeddedPostgres({
      settings: { fsync: 'off', application_name: "it's set" },
    });
  });

  afterAll(async () => {
    await server.stop();
  });

  test('is a PostgreSQL of the version it states', async () => {
    expect(await ask(server.url, 'SHOW server_version')).toBe(server.version);
  });

  test.each([
    ['server_encoding', 'UTF8'],
    ['lc_messages', 'C'],
    ['TimeZone', 'UTC'],
    ['log_timezone', 'UTC'],
    ['DateStyle', 'ISO, MDY'],
    ['listen_addresses', '127.0.0.1'],
    ['unix_socket_directories', ''],
    ['password_encryption', 'scram-sha-256'],
    ['fsync', 'off'],
    ['application_name', "it's set"],
  ])('has %s set to "%s" on every machine', async (name, value) => {
    expect(await ask(server.url, `SHOW ${name}`)).toBe(value);
  });

  test('compares text by code points and knows upper case beyond ASCII', async () => {
    expect(await ask(server.url, `SELECT 'Z' < 'a'`)).toBe(true);
    expect(await ask(server.url, `SELECT upper('é')`)).toBe('É');
  });

  test('creates a database whatever its name, and gives its URL', async () => {
    const name = 'quote " per%cent é';
    expect(await ask(await server.createDatabase(name), 'SELECT current_database()')).toBe(name);
  });

  test('lets nobody in without the password', async () => {
    const url = new URL(server.url);
    url.password = 'wrong';
    await expect(ask(url.href, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
  });
});

test('stopping ends the server and removes its directory, and may be done twice', async () => {
  const server = await startEmbeddedPostgres();
  await Promise.all([server.stop(), server.stop()]);
  await expect(ask(server.url, 'SELECT 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  await expect(access(server.dataDirectory)).rejects.toMatchObject({ code: 'ENOENT' });
});

test('a start that fails shows the end of the log and no password', async () => {
  const first = await startEmbeddedPostgres();
  try {
    const failure = await failureOf(startEmbeddedPostgres({ port: first.port }));
    expect(failure).toMatchObject({ kind: 'target', code: 'embedded-postgres-start-failed' });
    expect(failure.message).toContain('could not bind IPv4 address "127.0.0.1"');
    expect(failure.message).not.toMatch(/password|postgresql:/);
    await expect(access(failure.where.file ?? '')).rejects.toMatchObject({ code: 'ENOENT' });
  } finally {
    await first.stop();
  }
});

test('a setting that does not exist is named', async () => {
  const failure = await failureOf(startEmbeddedPostgres({ settings: { no_such_setting: 'on' } }));
  expect(failure.code).toBe('embedded-postgres-start-failed');
  expect(failure.message).toContain('no_such_setting');
});

test('a directory with something in it is refused and left alone', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'embedded-test-'));
  const precious = join(directory, 'precious.txt');
  await writeFile(precious, 'content');
  const failure = await failureOf(startEmbeddedPostgres({ dataDirectory: directory }));
  expect(failure).toMatchObject({
    code: 'embedded-postgres-directory',
    where: { file: directory },
  });
  expect(await readFile(precious, 'utf8')).toBe('content');
  await rm(directory, { recursive: true });
});

/** The single value that a query gives. */
async function ask(url: string, sql: string): Promise<unknown> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<unknown[]>({ text: sql, rowMode: 'array' });
    return rows[0]?.[0];
  } finally {
    await client.end();
  }
}

async function failureOf(action: Promise<unknown>): Promise<ToolkitError> {
  const outcome = await action.catch((error: unknown) => error);
  if (outcome instanceof ToolkitError) return outcome;
  throw new Error('It did not fail as it should.', { cause: outcome });
}
