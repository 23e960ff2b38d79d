import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verifyTarget } from '../../../scripts/lib/commands/verify-target.ts';
import { quietContext } from '../../support/artifact.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { exportArtifact, importInProcess, type ImportOutcome } from '../../support/in-process.ts';
import { rollbackInProcess, runsOf } from '../../support/journal.ts';
import { mappingFile } from '../../support/mapping.ts';
import { createSource } from '../../support/source-file.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();

/** Math has no foreign key to users, reading one to a table that it does not have. */
const SOURCES = {
  core: `CREATE TABLE users (id TEXT PRIMARY KEY); INSERT INTO users VALUES ('ada'), ('eun');
    CREATE TABLE badges (id INTEGER PRIMARY KEY, user_id TEXT NOT NULL REFERENCES users (id));
    INSERT INTO badges VALUES (1, 'ada');`,
  math: `CREATE TABLE scores (id INTEGER PRIMARY KEY AUTOINCREMENT, user_id TEXT, points INTEGER);
    INSERT INTO scores VALUES (1, 'ada', 5), (2, 'eun', 6), (3, NULL, 7);`,
  reading: `CREATE TABLE pages (id INTEGER PRIMARY KEY, user_id TEXT NOT NULL REFERENCES users (id));
    INSERT INTO pages VALUES (1, 'eun');`,
} as const;

type Name = keyof typeof SOURCES;

const TARGET = `CREATE TABLE users (id text PRIMARY KEY);
  CREATE TABLE badges (id integer PRIMARY KEY, user_id text NOT NULL REFERENCES users);
  CREATE TABLE scores (id serial PRIMARY KEY, user_id text REFERENCES users, points integer);
  CREATE TABLE pages (id integer PRIMARY KEY, user_id text NOT NULL REFERENCES users);`;

const TO_USERS = { references: [{ columns: ['user_id'], table: 'users', key: ['id'] }] };
const MAPPINGS: Readonly<Record<Name, string | undefined>> = {
  core: undefined,
  math: mappingFile(folder, { scores: TO_USERS }),
  reading: mappingFile(folder, { pages: TO_USERS }),
};

const made = new Map<Name, Promise<string>>();

async function artifactOf(name: Name): Promise<string> {
  const known =
    made.get(name) ??
    exportArtifact(createSource(join(folder, `${name}.db`), SOURCES[name]), join(folder, name));
  made.set(name, known);
  return known;
}

async function target(): Promise<TestDatabase> {
  const database = await createTestDatabase();
  await database.query(TARGET);
  return database;
}

async function load(
  { url }: TestDatabase,
  name: Name,
  options: Parameters<typeof importInProcess>[2] = {},
): Promise<ImportOutcome> {
  return importInProcess(await artifactOf(name), url, { mapping: MAPPINGS[name], ...options });
}

async function loadAll(database: TestDatabase, names: readonly Name[]): Promise<void> {
  for (const name of names) {
    const { exitCode, error, findings } = await load(database, name);
    expect({ name, exitCode, error, findings }).toMatchObject({ name, exitCode: 0 });
  }
}

const ORDERS: readonly (readonly Name[])[] = [
  ['core', 'math', 'reading'],
  ['core', 'reading', 'math'],
];

describe('several sources into one schema', () => {
  it.each(ORDERS)(
    'load as %s, %s, %s, each with its mapping, and are compared one by one',
    async (...names) => {
      const database = await target();
      await loadAll(database, names);
      expect(await runsOf(database.url)).toMatchObject(names.map(() => ({ state: 'done' })));
      for (const name of names) {
        const { comparison, findings, mapping } = await verifyTarget(
          {
            artifact: await artifactOf(name),
            target: database.url,
            showValues: false,
            env: {},
          },
          quietContext,
        );
        expect(findings.filter(({ severity }) => severity !== 'info')).toEqual([]);
        expect(comparison?.otherTables.length).toBe(name === 'core' ? 2 : 3);
        expect(comparison?.mappingFrom).toBe(name === 'core' ? 'none' : 'journal');
        expect(mapping === null).toBe(name === 'core');
      }
    },
  );

  it.each(['math', 'reading'] as const)(
    'are refused before the source that %s refers to, with every row named and nothing written',
    async (name) => {
      const database = await target();
      const { exitCode, findings } = await load(database, name);
      expect(exitCode).toBe(3);
      const total = name === 'math' ? 2 : 1;
      expect(findings.filter(({ severity }) => severity === 'blocking')).toMatchObject([
        { code: 'orphan', total, message: expect.stringContaining('does not have') },
      ]);
      expect(await database.query(`SELECT to_regclass('sqlite_migration.runs') AS runs`)).toEqual([
        { runs: null },
      ]);
    },
  );

  it('know each of their finished runs again, whatever was loaded since', async () => {
    const database = await target();
    await loadAll(database, ['core', 'math', 'reading']);
    const runs = await runsOf(database.url);
    for (const [index, name] of (['reading', 'math', 'core'] as const).entries()) {
      expect(await load(database, name)).toMatchObject({
        exitCode: 0,
        report: { run: { id: runs[index]?.runId, isResumed: true } },
      });
    }
    await database.query(`UPDATE scores SET points = 0 WHERE id = 1`);
    expect(await load(database, 'core')).toMatchObject({ exitCode: 0 });
    expect(await load(database, 'math')).toMatchObject({
      exitCode: 12,
      error: { code: 'loaded-rows-changed' },
    });
  });

  it('wait for the one that is not finished', async () => {
    const database = await target();
    await loadAll(database, ['core']);
    await database.query('CREATE UNIQUE INDEX refused ON scores ((points / 100))');
    expect(await load(database, 'math')).toMatchObject({ exitCode: 3 });
    // It had committed nothing, so it is in nobody's way.
    await loadAll(database, ['reading']);
    await database.query('DROP INDEX refused');
    await loadAll(database, ['math']);
    const states = (await runsOf(database.url)).map(({ state }) => state);
    expect(states).toEqual(['done', 'done', 'abandoned', 'done']);
  });

  it('are taken back one by one, but not from under one that refers to them', async () => {
    const database = await target();
    await loadAll(database, ['core', 'math', 'reading']);
    const [reading, math, core] = (await runsOf(database.url)).map(({ runId }) => runId);
    const refused = await rollbackInProcess(database.url, { run: core ?? '' });
    expect(refused.exitCode).toBe(3);
    const hints = refused.findings.map(({ code, where, hint }) => [code, where.table, hint]);
    expect(new Set(hints)).toEqual(
      new Set([
        ['still-referred-to', 'pages', expect.stringContaining(reading ?? 'none')],
        ['still-referred-to', 'scores', expect.stringContaining(math ?? 'none')],
      ]),
    );
    expect(await rollbackInProcess(database.url, { run: math ?? '' })).toMatchObject({
      exitCode: 0,
    });
    expect(await load(database, 'reading')).toMatchObject({ exitCode: 0 });
    await loadAll(database, ['math']);
    expect(await database.query('SELECT count(*)::int AS rows FROM scores')).toEqual([{ rows: 3 }]);
  });

  it('share a table with --append, and each run is still told from the others', async () => {
    const database = await target();
    await loadAll(database, ['core']);
    const more = await exportArtifact(
      createSource(
        join(folder, 'more.db'),
        `CREATE TABLE users (id TEXT PRIMARY KEY); INSERT INTO users VALUES ('zoe')`,
      ),
      join(folder, 'more'),
    );
    expect(await importInProcess(more, database.url, { append: true })).toMatchObject({
      exitCode: 0,
    });
    expect(await load(database, 'core')).toMatchObject({ report: { run: { isResumed: true } } });
    const [, core] = await runsOf(database.url);
    expect(await rollbackInProcess(database.url, { run: core?.runId ?? '' })).toMatchObject({
      exitCode: 0,
      findings: [],
    });
    expect(await importInProcess(more, database.url)).toMatchObject({
      report: { run: { isResumed: true } },
    });
    expect(await database.query('SELECT id FROM users')).toEqual([{ id: 'zoe' }]);
  });
});

describe('a reference that a mapping names', () => {
  it.each([
    ['a table', { table: 'user' }, 'has no table user; did you mean users?'],
    ['a key', { key: ['name'] }, 'no foreign key scores (user_id) → users (name)'],
    ['columns', { columns: ['points'] }, 'no foreign key scores (points) → users (id)'],
  ])('is refused where the target does not have it (%s)', async (_, wrong, message) => {
    const database = await target();
    const reference = { columns: ['user_id'], table: 'users', key: ['id'], ...wrong };
    const mapping = mappingFile(folder, { scores: { references: [reference] } });
    expect(await load(database, 'math', { mapping })).toMatchObject({
      exitCode: 2,
      error: { code: 'mapping-invalid', message: expect.stringContaining(message) },
    });
  });
});
