import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { escapeIdentifier } from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import { connectTarget } from '../../../scripts/lib/target/connect.ts';
import { parseTargetUrl } from '../../../scripts/lib/target/connection-config.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { importInProcess } from '../../support/in-process.ts';
import { createOwner, type TestRole } from '../../support/role.ts';
import { createScenario } from '../../support/scenario.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();

describe('a role whose own settings are odd', () => {
  const ODD_SETTINGS = [
    `timezone = 'Pacific/Chatham'`,
    `datestyle = 'SQL, DMY'`,
    `intervalstyle = 'sql_standard'`,
    `extra_float_digits = 0`,
    `statement_timeout = '300ms'`,
    `idle_in_transaction_session_timeout = '300ms'`,
    `client_encoding = 'LATIN1'`,
    `search_path = 'nowhere'`,
    `standard_conforming_strings = off`,
    `bytea_output = 'escape'`,
    `default_transaction_isolation = 'serializable'`,
  ];

  /** Not every server version has them. */
  const NEWER_TIMEOUTS = `SELECT format('%I = %L', name, '300ms') AS setting FROM pg_settings
    WHERE name IN ('transaction_timeout', 'idle_session_timeout')`;

  it('changes no value and stops no load', async () => {
    const scenario = await createScenario(folder, {
      importer: 'owner',
      source: `CREATE TABLE _prisma_migrations (id TEXT);
        CREATE TABLE t (id INTEGER PRIMARY KEY, at TEXT, at_ms INTEGER, day TEXT, x REAL, name TEXT, bytes BLOB);
        INSERT INTO t VALUES (1, '2024-02-03T04:05:06.789Z', 1706933106789, '2024-02-03', 0.1 + 0.2, 'Ł\\n''ő', x'00ff5c');`,
      target: `CREATE FUNCTION slow() RETURNS boolean LANGUAGE sql AS 'SELECT pg_sleep(0.5) IS NOT NULL';
        CREATE TABLE t (id integer PRIMARY KEY, at timestamptz, at_ms timestamp, day date, x double precision,
          name text, bytes bytea, CHECK (slow()));`,
    });
    const role = escapeIdentifier(new URL(scenario.url).username);
    for (const { setting } of await scenario.rows(NEWER_TIMEOUTS))
      await scenario.rows(`ALTER ROLE ${role} SET ${String(setting)}`);
    for (const setting of ODD_SETTINGS) await scenario.rows(`ALTER ROLE ${role} SET ${setting}`);
    expect(await scenario.import()).toMatchObject({ exitCode: 0 });
    const read = `SELECT extract(epoch FROM at)::text AS at, extract(epoch FROM at_ms)::text AS at_ms,
      to_char(day, 'YYYY-MM-DD') AS day, x, name, bytes FROM t`;
    expect(await scenario.rows(read)).toEqual([
      {
        at: '1706933106.789000',
        at_ms: '1706933106.789000',
        day: '2024-02-03',
        x: 0.1 + 0.2,
        name: String.raw`Ł\n'ő`,
        bytes: Buffer.from([0x00, 0xff, 0x5c]),
      },
    ]);
  });
});

describe('a database with triggers and foreign keys off by default', () => {
  const source = `CREATE TABLE parent (id INTEGER PRIMARY KEY);
    CREATE TABLE child (id INTEGER PRIMARY KEY, parent_id INTEGER); INSERT INTO child VALUES (1, 9);`;
  const target = `CREATE TABLE parent (id integer PRIMARY KEY);
    CREATE TABLE child (id integer PRIMARY KEY, parent_id integer REFERENCES parent);`;

  it.each(['superuser', 'owner'] as const)(
    'lets no orphan in when a %s imports',
    async (importer) => {
      const scenario = await createScenario(folder, { source, target, importer });
      const database = escapeIdentifier(scenario.database.name);
      await scenario.rows(`ALTER DATABASE ${database} SET session_replication_role = replica`);
      const outcome = importer === 'owner' ? { exitCode: 12 } : { exitCode: 3 };
      expect(await scenario.import()).toMatchObject(outcome);
      expect(await scenario.rows('SELECT * FROM child')).toEqual([]);
    },
  );
});

describe('a database in another encoding', () => {
  it('is refused before anything is written', async () => {
    const scenario = await createScenario(folder, {
      source: 'CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t VALUES (1);',
      target: 'CREATE TABLE t (id integer PRIMARY KEY);',
    });
    const name = `${scenario.database.name}_ascii`;
    await scenario.rows(
      `CREATE DATABASE ${escapeIdentifier(name)} ENCODING 'SQL_ASCII' LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0`,
    );
    const url = new URL(scenario.url);
    url.pathname = `/${name}`;
    expect(await importInProcess(scenario.artifact, url.href)).toMatchObject({
      exitCode: 12,
      error: { code: 'target-encoding', message: expect.stringContaining('SQL_ASCII') as unknown },
    });
  });
});

/** Who and where the server takes a session for that was opened with this URL. */
async function whoami(url: string, env: NodeJS.ProcessEnv = {}): Promise<unknown> {
  const session = await connectTarget(parseTargetUrl(url, env), 'a test');
  try {
    const { rows } = await session.client.query<{ who: string; where: string; app: string }>(
      `SELECT current_user AS who, current_database() AS where, current_setting('application_name') AS app`,
    );
    return { ...rows[0], label: session.label };
  } finally {
    await session.close();
  }
}

describe('the way to a server', () => {
  let database: TestDatabase;
  let owner: TestRole;
  let parts: { host: string; port: string };

  beforeAll(async () => {
    database = await createTestDatabase();
    owner = await createOwner(database);
    const url = new URL(database.url);
    parts = { host: url.hostname, port: url.port === '' ? '5432' : url.port };
  });

  const here = (): object => ({
    who: owner.name,
    where: database.name,
    app: 'a test',
    label: `${owner.name}@${parts.host}:${parts.port}/${database.name}`,
  });

  it("is found by a URL with Prisma's parameters, which the server never sees", async () => {
    const url = `${owner.url}?schema=app&connection_limit=5&pool_timeout=3`;
    expect(await whoami(url)).toEqual(here());
  });

  it.each(['disable', 'allow', 'prefer'])('goes on without TLS under sslmode=%s', async (mode) => {
    expect(await whoami(`${owner.url}?sslmode=${mode}`)).toEqual(here());
  });

  it('goes on under sslmode=require only where the server has TLS', async () => {
    const [row] = await database.query<{ ssl: string }>('SHOW ssl');
    const attempts = await Promise.allSettled([
      whoami(`${owner.url}?sslmode=require`),
      whoami(owner.url, { PGSSLMODE: 'require' }),
    ]);
    const expected =
      row?.ssl === 'on'
        ? { status: 'fulfilled', value: here() }
        : { status: 'rejected', reason: { kind: 'target' } };
    expect(attempts).toMatchObject([expected, expected]);
  });

  it.skipIf(process.platform === 'win32')('may be a socket in a folder', async () => {
    const proxy = createServer((client) => {
      client.pipe(connect(Number(parts.port), parts.host)).pipe(client);
    });
    await new Promise<void>((resolve) => proxy.listen(join(folder, '.s.PGSQL.6543'), resolve));
    const { name, password } = owner;
    const target = `${name}:${password}@/${database.name}?port=6543&host=${encodeURIComponent(folder)}`;
    expect(await whoami(`postgresql://${target}`)).toEqual({
      ...here(),
      label: `${name}@${folder}:6543/${database.name}`,
    });
    proxy.close();
  });

  it('bears special characters in the password', async () => {
    const password = 'p@ss:w/rd?#[%]&=+ é';
    await database.query(`ALTER ROLE ${escapeIdentifier(owner.name)} PASSWORD '${password}'`);
    const url = new URL(owner.url);
    const written = `postgres://${owner.name}:${encodeURIComponent(password)}@${url.host}${url.pathname}?schema=public`;
    expect(await whoami(written)).toEqual(here());
    await database.query(`ALTER ROLE ${escapeIdentifier(owner.name)} PASSWORD '${owner.password}'`);
  });

  it('says who was refused, and never the password', async () => {
    const url = new URL(owner.url);
    url.password = 'guess-work-123';
    const error = await whoami(url.href).catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      kind: 'target',
      hint: expect.stringContaining('password') as unknown,
    });
    expect(JSON.stringify([error, String(error)])).not.toContain('guess-work-123');
  });
});
