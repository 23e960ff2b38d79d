import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verifyTarget } from '../../../scripts/lib/commands/verify-target.ts';
import type { Finding } from '../../../scripts/lib/model/findings.ts';
import { quietContext } from '../../support/artifact.ts';
import { exportArtifact, importInProcess } from '../../support/in-process.ts';
import { rollbackInProcess, runsOf } from '../../support/journal.ts';
import { createScenario, IMPORTERS, type Importer, type Scenario } from '../../support/scenario.ts';
import { createSource } from '../../support/source-file.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();

/** Of the users, 2 and 3 are in the target already: 2 the same, 3 another; the source's notes refer to all. */
async function createUsers(importer: Importer, target = ''): Promise<Scenario> {
  return createScenario(folder, {
    importer,
    source: `CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT, mail TEXT UNIQUE);
      INSERT INTO users VALUES (1, 'Ada', 'a@x'), (2, 'Björn', 'b@x'), (3, 'Chidi', 'c@x');
      CREATE TABLE notes (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users (id));
      INSERT INTO notes VALUES (10, 1), (11, 3);`,
    target: `CREATE TABLE users (id serial PRIMARY KEY, name text, mail text UNIQUE, origin text DEFAULT 'new');
      CREATE TABLE notes (id integer PRIMARY KEY, user_id integer NOT NULL REFERENCES users);
      INSERT INTO users VALUES (2, 'Björn', 'b@x', 'old'), (3, 'C.', 'other@x', 'old'), (9, 'Z', 'z@x', 'old');
      ${target}`,
  });
}

async function blockingOf(
  scenario: Scenario,
  options: Parameters<Scenario['import']>[0] = {},
): Promise<readonly Finding[]> {
  const { exitCode, findings } = await scenario.import(options);
  expect(exitCode).toBe(3);
  return findings.filter(({ severity }) => severity === 'blocking');
}

const users = async ({ rows }: Scenario): Promise<unknown[]> =>
  (await rows('SELECT id, name, origin FROM users ORDER BY id')).map((row) => Object.values(row));

describe.each(IMPORTERS)('rows whose key the target has already, loaded by a %s', (importer) => {
  it('are named before anything is written', async () => {
    const scenario = await createUsers(importer);
    expect((await blockingOf(scenario)).map(({ code }) => code)).toEqual(['target-not-empty']);
    const named = (await blockingOf(scenario, { append: true })).map(
      ({ code, where, total, examples }) => [
        code,
        where.constraint,
        total,
        examples.map(({ rowKey }) => rowKey),
      ],
    );
    expect(named).toEqual([
      ['unique-broken', 'users_pkey', 2, ['id=2', 'id=3']],
      ['unique-broken', 'users_mail_key', 1, ['id=2']],
    ]);
    expect(await runsOf(scenario.url)).toEqual([]);
  });

  it('are left out with skip, counted, and only what was loaded is taken back', async () => {
    const scenario = await createUsers(importer);
    const { exitCode, report } = await scenario.import({ onConflict: 'skip' });
    expect(exitCode).toBe(0);
    expect(report?.ledger).toMatchObject([
      { table: 'users', column: null, change: 'conflict_skip', total: 2 },
    ]);
    expect(report?.ledger[0]?.examples.map(({ rowKey }) => rowKey)).toEqual(['id=2', 'id=3']);
    expect(report?.tables).toMatchObject([
      { target: 'users', rowCount: 1, rowsBefore: 3, rowsAfter: 4 },
      { target: 'notes', rowCount: 2 },
    ]);
    expect(await users(scenario)).toEqual([
      [1, 'Ada', 'new'],
      [2, 'Björn', 'old'],
      [3, 'C.', 'old'],
      [9, 'Z', 'old'],
    ]);
    expect(await scenario.rows(`SELECT nextval('users_id_seq')`)).toEqual([{ nextval: '10' }]);
    const again = await scenario.import({ onConflict: 'skip' });
    expect(again).toMatchObject({ exitCode: 0, report: { run: { isResumed: true } } });
    expect(await rollbackInProcess(scenario.url)).toMatchObject({ exitCode: 0, findings: [] });
    expect((await users(scenario)).length).toBe(3);
  });

  it('are overwritten with update, counted, and cannot be taken back', async () => {
    const scenario = await createUsers(importer);
    const { exitCode, report } = await scenario.import({ onConflict: 'update' });
    expect(exitCode).toBe(0);
    expect(report?.ledger).toMatchObject([{ table: 'users', change: 'conflict_update', total: 2 }]);
    expect(report?.tables[0]).toMatchObject({ rowCount: 3, rowsBefore: 3, rowsAfter: 4 });
    expect(await users(scenario)).toEqual([
      [1, 'Ada', 'new'],
      [2, 'Björn', 'old'],
      [3, 'Chidi', 'old'],
      [9, 'Z', 'old'],
    ]);
    for (const force of [false, true]) {
      expect(await rollbackInProcess(scenario.url, { force })).toMatchObject({
        exitCode: 12,
        error: { code: 'updated-rows-gone', message: expect.stringContaining('users (2 rows)') },
      });
    }
    const again = await scenario.import({ onConflict: 'update' });
    expect(again).toMatchObject({ exitCode: 0, report: { run: { isResumed: true } } });
    const { comparison } = await verifyTarget(
      { artifact: scenario.artifact, target: scenario.url, showValues: false, env: {} },
      quietContext,
    );
    expect(comparison?.tables[0]).toMatchObject({
      rowsEqual: 3,
      rowsDifferent: 0,
      rowsMissing: 0,
      rowsExtra: 1,
    });
  });

  it('are tried by a dry run, which leaves all as it was', async () => {
    const scenario = await createUsers(importer);
    const before = await users(scenario);
    for (const onConflict of ['skip', 'update'] as const) {
      expect(await scenario.import({ onConflict, dryRun: true })).toMatchObject({ exitCode: 0 });
    }
    expect(await users(scenario)).toEqual(before);
  });
});

describe('--on-conflict', () => {
  it.each(['skip', 'update'] as const)(
    '%s still names a row that meets another one by another key',
    async (onConflict) => {
      const scenario = await createUsers('superuser', `UPDATE users SET mail = 'a@x' WHERE id = 9`);
      expect(await blockingOf(scenario, { onConflict })).toMatchObject([
        {
          code: 'unique-broken',
          total: 1,
          where: { constraint: 'users_mail_key' },
          examples: [{ rowKey: 'id=1' }],
        },
      ]);
    },
  );

  it('is refused where no primary key says which row is the same', async () => {
    const scenario = await createScenario(folder, {
      source: 'CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (1);',
      target: 'CREATE TABLE t (a integer UNIQUE);',
    });
    expect(await scenario.import({ onConflict: 'skip' })).toMatchObject({
      exitCode: 13,
      findings: [{ code: 'conflict-key', where: { table: 't' } }],
    });
  });

  it('update is refused where it would overwrite what others refer to', async () => {
    const scenario = await createUsers(
      'superuser',
      'CREATE TABLE logins (mail text REFERENCES users (mail));',
    );
    const { exitCode, findings } = await scenario.import({ onConflict: 'update' });
    expect(exitCode).toBe(13);
    expect(findings[0]).toMatchObject({
      code: 'conflict-key',
      message: expect.stringContaining('logins_mail_fkey'),
    });
    expect(await scenario.import({ onConflict: 'skip' })).toMatchObject({ exitCode: 0 });
  });

  it('goes on where a run stopped, with the same answer only', async () => {
    const scenario = await createUsers(
      'superuser',
      'CREATE UNIQUE INDEX refused ON notes ((id / 1000))',
    );
    expect(await scenario.import({ onConflict: 'update' })).toMatchObject({ exitCode: 3 });
    await scenario.rows('DROP INDEX refused');
    expect(await scenario.import({ onConflict: 'skip' })).toMatchObject({
      exitCode: 12,
      error: {
        code: 'run-differs',
        message: expect.stringContaining('--on-conflict (then update; now skip)'),
      },
    });
    expect(await scenario.import({ onConflict: 'update' })).toMatchObject({
      exitCode: 0,
      report: { run: { isResumed: true } },
    });
    expect(await scenario.rows('SELECT id FROM notes')).toHaveLength(2);
  });

  it('lets the run before it be told from it, where that one keeps its rows', async () => {
    const scenario = await createScenario(folder, {
      source: "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT); INSERT INTO t VALUES (1, 'a');",
      target: 'CREATE TABLE t (id integer PRIMARY KEY, v text);',
    });
    expect(await scenario.import()).toMatchObject({ exitCode: 0 });
    const source = createSource(
      join(folder, 'second.db'),
      `CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT); INSERT INTO t VALUES (1, 'b'), (2, 'b');`,
    );
    const second = await exportArtifact(source, join(folder, 'second'));
    expect(await importInProcess(second, scenario.url, { onConflict: 'skip' })).toMatchObject({
      exitCode: 0,
    });
    expect(await scenario.import()).toMatchObject({ report: { run: { isResumed: true } } });
    const [, first] = await runsOf(scenario.url);
    expect(await rollbackInProcess(scenario.url, { run: first?.runId ?? '' })).toMatchObject({
      exitCode: 0,
    });
    expect(await scenario.rows('SELECT * FROM t')).toEqual([{ id: 2, v: 'b' }]);
  });
});
