import { describe, expect, it } from 'vitest';
import { runsOf } from '../../support/journal.ts';
import { IMPORTERS, type Scenario } from '../../support/scenario.ts';
import { temporaryFolder } from '../../support/temp.ts';
import { countRows, createCompany, createStoppedCompany, BADGES_REFUSED } from './company.ts';

const folder = temporaryFolder();

/** The transactions that loaded the rows of the persons. */
async function loadedBy({ rows }: Scenario): Promise<unknown> {
  return rows('SELECT DISTINCT xmin::text AS xid FROM person');
}

const statesOf = (outcome: Awaited<ReturnType<Scenario['import']>>): unknown =>
  outcome.report?.tables.map(({ target, state }) => `${target} ${state}`).toSorted();

describe('an import that stopped', () => {
  it.each(IMPORTERS)('goes on with the tables that are not done (%s)', async (importer) => {
    const scenario = await createStoppedCompany(folder, { importer });
    const before = await loadedBy(scenario);
    const resumed = await scenario.import();
    expect(resumed).toMatchObject({ exitCode: 0, report: { run: { isResumed: true } } });
    expect(statesOf(resumed)).toEqual([
      'badge committed',
      'department done-before',
      'person done-before',
    ]);
    expect(await loadedBy(scenario)).toEqual(before);
    expect(await countRows(scenario)).toEqual([2, 3, 2]);
    expect(await runsOf(scenario.url)).toMatchObject([{ state: 'done', attempts: 2, error: null }]);
  });

  it('goes on with the same command where that says --truncate, and empties what is not done only', async () => {
    const scenario = await createCompany(folder, {
      target: `INSERT INTO department VALUES (1, NULL); INSERT INTO person VALUES (9, NULL, 1);
        INSERT INTO badge VALUES (100, 9); ${BADGES_REFUSED}`,
    });
    expect(await scenario.import({ truncate: true })).toMatchObject({ exitCode: 3 });
    expect(await countRows(scenario)).toEqual([2, 3, 0]);
    await scenario.rows('DROP INDEX badges_refused; INSERT INTO badge VALUES (7, 10)');
    const before = await loadedBy(scenario);
    expect(statesOf(await scenario.import({ truncate: true }))).toEqual([
      'badge committed',
      'department done-before',
      'person done-before',
    ]);
    expect(await loadedBy(scenario)).toEqual(before);
    expect(await countRows(scenario)).toEqual([2, 3, 2]);
  });

  it('is not gone on with where a table that is done was changed', async () => {
    const scenario = await createStoppedCompany(folder);
    await scenario.rows('UPDATE person SET boss_id = boss_id WHERE id = 10');
    await scenario.rows('INSERT INTO department VALUES (3, NULL)');
    const refused = await scenario.import();
    expect(refused).toMatchObject({ exitCode: 12, error: { code: 'loaded-rows-changed' } });
    expect(refused.error?.where.table?.split(', ').toSorted()).toEqual(['department', 'person']);
    expect(refused.error?.hint).toContain('--restart --truncate');
    expect(await countRows(scenario)).toEqual([3, 3, 0]);
    expect(await scenario.import({ restart: true, truncate: true })).toMatchObject({ exitCode: 0 });
    expect(await countRows(scenario)).toEqual([2, 3, 2]);
    expect(await runsOf(scenario.url)).toMatchObject([{ state: 'done' }, { state: 'abandoned' }]);
  });

  it('can be tried: what is left is loaded and rolled back', async () => {
    const scenario = await createStoppedCompany(folder);
    const tried = await scenario.import({ dryRun: true });
    expect(tried).toMatchObject({ exitCode: 0, report: { run: null } });
    expect(statesOf(tried)).toEqual([
      'badge rolled-back',
      'department done-before',
      'person done-before',
    ]);
    expect(await countRows(scenario)).toEqual([2, 3, 0]);
    expect(await runsOf(scenario.url)).toMatchObject([{ state: 'stopped', attempts: 1 }]);
  });

  it('goes on where its process was killed and left its run as running', async () => {
    const scenario = await createStoppedCompany(folder);
    await scenario.rows(
      `UPDATE sqlite_migration.runs SET state = 'running', ended_at = NULL, error = NULL`,
    );
    expect(await runsOf(scenario.url)).toMatchObject([{ state: 'interrupted', progress: null }]);
    expect(await scenario.import()).toMatchObject({
      exitCode: 0,
      report: { run: { isResumed: true } },
    });
    expect(await countRows(scenario)).toEqual([2, 3, 2]);
  });
});

describe('an import that is done', () => {
  it.each(['VACUUM FREEZE', 'VACUUM FULL', 'CLUSTER person USING person_pkey'])(
    'has nothing left, also after %s: every row is as it was loaded',
    async (statement) => {
      const scenario = await createCompany(folder);
      await scenario.import();
      await scenario.rows(statement);
      const before = await loadedBy(scenario);
      const again = await scenario.import();
      expect(again).toMatchObject({ exitCode: 0, findings: [] });
      expect(statesOf(again)).toEqual(
        ['badge', 'department', 'person'].map((name) => `${name} done-before`),
      );
      expect(await loadedBy(scenario)).toEqual(before);
      expect(await runsOf(scenario.url)).toHaveLength(1);
    },
  );

  it.each([
    ['an UPDATE that changes nothing', 'UPDATE person SET boss_id = boss_id WHERE id = 12'],
    ['a row more', 'INSERT INTO badge VALUES (1, 10)'],
    ['a row less', 'DELETE FROM badge WHERE id = 101'],
    ['a row for another', 'DELETE FROM badge WHERE id = 101; INSERT INTO badge VALUES (101, 12)'],
    [
      'a table written anew',
      'ALTER TABLE badge ALTER COLUMN id TYPE bigint; ALTER TABLE badge ALTER COLUMN id TYPE integer',
    ],
    [
      'a restored journal',
      `CREATE TABLE kept AS SELECT * FROM sqlite_migration.tables; DELETE FROM sqlite_migration.tables;
       INSERT INTO sqlite_migration.tables SELECT * FROM kept; DROP TABLE kept`,
    ],
  ])('is not loaded over %s', async (_, statements) => {
    const scenario = await createCompany(folder);
    await scenario.import();
    await scenario.rows(statements);
    const before = await countRows(scenario);
    expect(await scenario.import()).toMatchObject({
      exitCode: 12,
      error: { code: 'loaded-rows-changed', hint: expect.stringContaining('--truncate') },
    });
    expect(await countRows(scenario)).toEqual(before);
  });

  it('is loaded again with --truncate, by a run of its own', async () => {
    const scenario = await createCompany(folder);
    await scenario.import();
    await scenario.rows('DELETE FROM badge');
    expect(await scenario.import({ truncate: true })).toMatchObject({ exitCode: 0 });
    expect(await countRows(scenario)).toEqual([2, 3, 2]);
    expect(await runsOf(scenario.url)).toMatchObject([{ state: 'done' }, { state: 'done' }]);
  });
});
