import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase } from '../../support/database.ts';
import type { TestDatabase } from '../../support/database.ts';
import { engineEnd, startEngine, talkToEngine } from './engine-process.ts';
import type { EngineCall } from './engine-process.ts';

const NO_FILTER = { externalTables: [], externalEnums: [] };
const INIT = 'CREATE TABLE "Item" ("id" INTEGER PRIMARY KEY, "note" TEXT NOT NULL);';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  await database.drop();
});

describe('a Schema Engine process', () => {
  test('runs a script whose strings and function bodies have semicolons', async () => {
    const script = `CREATE FUNCTION touch() RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN 'a;b'; END; $$;
      CREATE TABLE touched AS SELECT touch() AS value;`;
    const call: EngineCall = ['dbExecute', { datasourceType: { tag: 'url', url: '' }, script }];
    const run = await talkToEngine(startEngine(database), [call]);
    expect(run).toMatchObject({ exitCode: 0, messages: [{ id: 1, result: null }] });
    expect(await database.query('SELECT value FROM touched')).toEqual([{ value: 'a;b' }]);
  });

  test('answers when the engine panics, and ends as a crash', async () => {
    const calls: EngineCall[] = [['debugPanic'], ['getDatabaseVersion']];
    const run = await talkToEngine(startEngine(database), calls);
    expect(run.exitCode).toBe(101);
    expect(run.messages.map(({ id, error }) => [id, error !== undefined])).toEqual([
      [1, true],
      [2, true],
    ]);
    expect(run.messages[0]?.error?.data).toMatchObject({
      is_panic: true,
      message: expect.stringContaining('artificial panic'),
    });
  });

  test('answers what it was working on when it is told to end', async () => {
    const engine = startEngine(database);
    const script = 'SELECT pg_sleep(30)';
    const end = talkToEngine(engine, [
      ['dbExecute', { datasourceType: { tag: 'url', url: '' }, script }],
    ]);
    await expect
      .poll(() => database.query('SELECT 1 FROM pg_stat_activity WHERE query = $1', [script]), {
        timeout: 20_000,
      })
      .toHaveLength(1);
    engine.kill('SIGTERM');
    const run = await end;
    expect(run.exitCode).not.toBe(0);
    expect(run.messages[0]?.error?.data.message).toBe('The schema engine was ended by SIGTERM.');
  });

  test('ends with 0 when it is told to end and has answered everything', async () => {
    const engine = startEngine(database);
    const end = engineEnd(engine);
    engine.stdin.write('{"id":1,"jsonrpc":"2.0","method":"getDatabaseVersion"}\n');
    engine.stdout.once('data', () => engine.kill('SIGTERM'));
    const run = await end;
    expect(run.messages[0]?.result).toMatch(/^PostgreSQL /);
    expect(run.exitCode).toBe(0);
  });

  test('does not end with 0 on a line that it cannot read', async () => {
    const engine = startEngine(database);
    engine.stdin.end('not JSON\n');
    expect(await engineEnd(engine)).toMatchObject({ exitCode: 1, messages: [] });
  });
});

describe('shadow databases', () => {
  const diff: EngineCall = [
    'diff',
    {
      from: migrations({ '1_init': INIT }),
      to: { tag: 'empty' },
      script: true,
      exitCode: null,
      filters: NO_FILTER,
    },
  ];

  test.each(['', '?schema=sales'])(
    'are made for the occasion and dropped (URL "%s")',
    async (query) => {
      const run = await talkToEngine(startEngine({ url: `${database.url}${query}` }), [diff]);
      expect(run.messages[0]?.params?.content).toContain('DROP TABLE');
      expect(run.exitCode).toBe(0);
      expect(await database.query(`SELECT to_regclass('"Item"') AS item`)).toEqual([
        { item: null },
      ]);
      await expectNoShadowDatabase();
    },
  );

  test('are dropped also when a migration fails in them', async () => {
    const [method, params] = diff;
    const failing = { ...params, from: migrations({ '1_init': INIT, '2_bad': 'SELEC 1;' }) };
    const run = await talkToEngine(startEngine(database), [[method, failing]]);
    expect(run.messages[0]?.error?.data.message).toContain('2_bad');
    await expectNoShadowDatabase();
  });

  test('may be one that the user names: it is emptied first', async () => {
    const shadow = await createTestDatabase();
    try {
      await shadow.query('CREATE TABLE "Item" (old integer)');
      const datasource = { url: database.url, shadowDatabaseUrl: shadow.url };
      const run = await talkToEngine(startEngine(datasource), [diff]);
      expect(run.messages[0]?.params?.content).toContain('DROP TABLE');
      expect(await shadow.query('SELECT note FROM "Item"')).toEqual([]);
    } finally {
      await shadow.drop();
    }
  });

  test('are never the main database', async () => {
    const datasource = { url: database.url, shadowDatabaseUrl: database.url };
    const run = await talkToEngine(startEngine(datasource), [diff]);
    expect(run.messages[0]?.error?.data.message).toContain('The shadow database is the main');
  });
});

describe('migrations', () => {
  test('find drift, and say which migration the database has refused', async () => {
    const own = await createTestDatabase();
    try {
      const apply = (files: Readonly<Record<string, string>>): EngineCall => [
        'applyMigrations',
        { migrationsList: migrations(files), filters: NO_FILTER },
      ];
      const run = await talkToEngine(startEngine(own), [
        apply({ '1_init': INIT }),
        [
          'dbExecute',
          {
            datasourceType: { tag: 'url', url: '' },
            script: 'CREATE TABLE extra (a int PRIMARY KEY)',
          },
        ],
        ['devDiagnostic', { migrationsList: migrations({ '1_init': INIT }), filters: NO_FILTER }],
        apply({
          '1_init': INIT,
          '2_bad': 'CREATE TABLE half (id int); ALTER TABLE nowhere ADD a int;',
        }),
      ]);
      const [applied, , diagnosis, refused] = run.messages;
      expect(run.exitCode).toBe(0);
      expect(applied?.result).toEqual({ appliedMigrationNames: ['1_init'] });
      expect(diagnosis?.result).toMatchObject({
        action: { tag: 'reset', reason: expect.stringContaining('Added tables') },
      });
      expect(refused?.error?.data).toMatchObject({
        error_code: 'P3018',
        message: expect.stringMatching(
          /Migration name: 2_bad[^]*Database error code: 42P01[^]*relation "nowhere" does not exist/,
        ),
      });
      expect(await own.query("SELECT to_regclass('half') AS half")).toEqual([{ half: null }]);
    } finally {
      await own.drop();
    }
  });
});

describe('the requests of migrate dev', () => {
  test('know the migrations that were applied since the diagnosis', async () => {
    const own = await createTestDatabase();
    try {
      const migrationsList = migrations({ '1_init': INIT });
      const schema = {
        files: [
          {
            path: '/schema.prisma',
            content: `datasource db {
              provider = "postgresql"
            }
            model Item {
              id    Int    @id
              note  String
              price Int?
            }`,
          },
        ],
      };
      const run = await talkToEngine(startEngine(own), [
        ['devDiagnostic', { migrationsList, filters: NO_FILTER }],
        ['applyMigrations', { migrationsList, filters: NO_FILTER }],
        ['evaluateDataLoss', { migrationsList, schema, filters: NO_FILTER }],
        [
          'createMigration',
          { migrationsList, schema, filters: NO_FILTER, migrationName: 'price', draft: false },
        ],
      ]);
      expect(run.messages.map(({ error }) => error)).toEqual(Array(4).fill(undefined));
      expect(run.messages[2]?.result).toMatchObject({ migrationSteps: 1, warnings: [] });
      expect(run.messages[3]?.result).toMatchObject({
        migrationScript: expect.stringContaining('ADD COLUMN     "price" INTEGER'),
      });
    } finally {
      await own.drop();
    }
  });
});

describe('cli commands', () => {
  test.each([
    { part: 'password', value: 'wrong', code: 'P1000' },
    { part: 'port', value: '1', code: 'P1001' },
    { part: 'pathname', value: '/no_such_database', code: 'P1003' },
    { part: 'protocol', value: 'mysql:', code: 'P1013' },
  ] as const)('can-connect-to-database tells $code', async ({ part, value, code }) => {
    const url = new URL(database.url);
    url[part] = value;
    const run = await talkToEngine(
      startEngine({ url: url.href }, ['cli', 'can-connect-to-database']),
    );
    expect(run.exitCode).toBe(1);
    // The CLI reads from the second line on.
    expect(run.log[0]?.level).toBe('INFO');
    expect(run.log[1]).toMatchObject({ level: 'ERROR', fields: { error_code: code } });
  });

  test('create-database creates it once', async () => {
    const url = new URL(database.url);
    url.pathname = `/${database.name}_created`;
    const create = () => talkToEngine(startEngine({ url: url.href }, ['cli', 'create-database']));
    try {
      expect(await create()).toMatchObject({ exitCode: 0 });
      const again = await create();
      expect(again.exitCode).toBe(1);
      expect(again.log[1]?.fields['error_code']).toBe('P1009');
    } finally {
      await database.query(`DROP DATABASE IF EXISTS "${database.name}_created"`);
    }
  });
});

/** Other test files have theirs on the same server, for a moment. */
async function expectNoShadowDatabase(): Promise<void> {
  const sql = "SELECT datname FROM pg_database WHERE datname LIKE 'prisma_migrate_shadow%'";
  await expect.poll(() => database.query(sql), { timeout: 30_000 }).toEqual([]);
}

/** Migrations by name, as the CLI sends them. */
function migrations(files: Readonly<Record<string, string>>): object {
  return {
    tag: 'migrations',
    baseDir: '/migrations',
    lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' },
    shadowDbInitScript: '',
    migrationDirectories: Object.entries(files).map(([path, value]) => ({
      path,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok', value } },
    })),
  };
}
