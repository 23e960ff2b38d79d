import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { escapeIdentifier } from 'pg';
import { describe, expect, it } from 'vitest';
import { exportArtifact, importInProcess } from '../../support/in-process.ts';
import { runsOf, statusInProcess } from '../../support/journal.ts';
import { mappingFile } from '../../support/mapping.ts';
import { createMigratedDatabase } from '../../support/migrated-database.ts';
import { createOwner } from '../../support/role.ts';
import type { Scenario } from '../../support/scenario.ts';
import { createSource } from '../../support/source-file.ts';
import { temporaryFolder } from '../../support/temp.ts';
import { BADGES_REFUSED, countRows, createCompany, createStoppedCompany } from './company.ts';

const folder = temporaryFolder();

/** Another artifact for the company, with one department. */
async function otherArtifact(): Promise<string> {
  const source = createSource(
    join(folder, 'other.db'),
    `CREATE TABLE department (id INTEGER PRIMARY KEY, head_id INTEGER);
     CREATE TABLE person (id INTEGER PRIMARY KEY, boss_id INTEGER, department_id INTEGER);
     CREATE TABLE badge (id INTEGER PRIMARY KEY, person_id INTEGER);
     INSERT INTO department VALUES (9, NULL);`,
  );
  return exportArtifact(source, join(folder, 'other'));
}

const made: { other?: Promise<string> } = {};
const other = async (): Promise<string> => (made.other ??= otherArtifact());

const TWO_TABLES = `CREATE TABLE a (id INTEGER PRIMARY KEY);
  CREATE TABLE b (id INTEGER PRIMARY KEY, a_id INTEGER REFERENCES a);`;
const TWO_ROWS = 'INSERT INTO a VALUES (1); INSERT INTO b VALUES (1, 1), (2, 1);';

const DIFFERENCES: readonly (readonly [
  string,
  (scenario: Scenario) => ReturnType<Scenario['import']>,
])[] = [
  ['the artifact', async ({ url }) => importInProcess(await other(), url)],
  [
    'the mapping',
    async (scenario) =>
      scenario.import({ mapping: mappingFile(folder, { badge: { skip: 'lost' } }) }),
  ],
  [
    'the schema of the target',
    async (scenario) => {
      await scenario.rows('ALTER TABLE badge ADD COLUMN colour text');
      return scenario.import();
    },
  ],
  ['the tables', async (scenario) => scenario.import({ tables: ['department', 'person'] })],
];

describe('another import while a run is not finished', () => {
  it.each(DIFFERENCES)('is refused where %s differs, which is said', async (what, importOther) => {
    const scenario = await createStoppedCompany(folder);
    const refused = await importOther(scenario);
    expect(refused).toMatchObject({
      exitCode: 12,
      error: { code: 'run-differs', message: expect.stringContaining(`${what} (then `) },
    });
    expect(refused.error?.hint).toContain('--restart --truncate');
    expect(await countRows(scenario)).toEqual([2, 3, 0]);
    expect(await runsOf(scenario.url)).toMatchObject([{ state: 'stopped' }]);
  });

  it('is refused where other migrations are applied, which are named, unless they are not looked at', async () => {
    const migrations = join(folder, 'migrations');
    mkdirSync(join(migrations, '2_init'), { recursive: true });
    writeFileSync(join(migrations, '2_init', 'migration.sql'), TWO_TABLES);
    const source = createSource(join(folder, 'two.db'), `${TWO_TABLES} ${TWO_ROWS}`);
    const artifact = await exportArtifact(source, join(folder, 'two'));
    const { url, query } = await createMigratedDatabase(migrations);
    await query('CREATE UNIQUE INDEX refused ON b ((id / 10))');
    const checked = { migrations, skipMigrationCheck: false };
    expect(await importInProcess(artifact, url, checked)).toMatchObject({ exitCode: 3 });
    await query(`DROP INDEX refused; UPDATE sqlite_migration.runs SET migrations = '{1_init}'`);
    const named = 'the migrations (applied since: 2_init; not there any more: 1_init)';
    expect(await importInProcess(artifact, url, checked)).toMatchObject({
      exitCode: 12,
      error: { code: 'run-differs', message: expect.stringContaining(named) },
    });
    expect(await importInProcess(artifact, url)).toMatchObject({ exitCode: 0 });
  });

  it('with --restart leaves the run until it begins itself', async () => {
    const scenario = await createStoppedCompany(folder);
    const refused = await importInProcess(await other(), scenario.url, { restart: true });
    expect(refused).toMatchObject({ exitCode: 3, findings: [{ code: 'target-not-empty' }] });
    expect(await runsOf(scenario.url)).toMatchObject([{ state: 'stopped' }]);
    const options = { restart: true, truncate: true };
    expect(await importInProcess(await other(), scenario.url, options)).toMatchObject({
      exitCode: 0,
    });
    expect(await runsOf(scenario.url)).toMatchObject([{ state: 'done' }, { state: 'abandoned' }]);
    expect(await countRows(scenario)).toEqual([1, 0, 0]);
  });

  it('begins where the run had committed nothing', async () => {
    const scenario = await createCompany(folder, {
      target: `CREATE UNIQUE INDEX refused ON department ((id / 1000)); ${BADGES_REFUSED}`,
    });
    // The departments and persons are refused together, and no badge comes before them.
    expect(await scenario.import()).toMatchObject({ exitCode: 3 });
    expect(await runsOf(scenario.url)).toMatchObject([{ state: 'stopped' }]);
    expect(await importInProcess(await other(), scenario.url)).toMatchObject({ exitCode: 0 });
    expect(await runsOf(scenario.url)).toMatchObject([{ state: 'done' }, { state: 'abandoned' }]);
  });
});

describe('the journal', () => {
  it('is made by a role that may make schemas, and otherwise named before anything else is done', async () => {
    const scenario = await createCompany(folder, { importer: 'owner' });
    const { name } = scenario.database;
    const role = new URL(scenario.url).username;
    await scenario.rows(`ALTER DATABASE ${escapeIdentifier(name)} OWNER TO CURRENT_USER`);
    const refused = await scenario.import();
    expect(refused).toMatchObject({ exitCode: 12, error: { code: 'journal-forbidden' } });
    expect(await scenario.import({ dryRun: true })).toMatchObject({ exitCode: 12 });
    expect(await countRows(scenario)).toEqual([0, 0, 0]);
    // What the hint says an administrator is to run.
    const statement = /CREATE SCHEMA .*$/.exec(refused.error?.hint ?? '')?.[0] ?? '';
    expect(statement).toContain(role);
    await scenario.rows(statement);
    expect(await scenario.import()).toMatchObject({ exitCode: 0 });
    expect(await countRows(scenario)).toEqual([2, 3, 2]);
  });

  it('of another role is named, and used when that role allows it', async () => {
    const scenario = await createCompany(folder);
    expect(await scenario.import({ tables: ['department', 'person'] })).toMatchObject({
      exitCode: 0,
    });
    const owner = await createOwner(scenario.database);
    await scenario.rows(
      `DO $$ DECLARE name text; BEGIN
         FOREACH name IN ARRAY '{department,person,badge}'::text[] LOOP
           EXECUTE format('ALTER TABLE %I OWNER TO %I', name, '${owner.name}');
         END LOOP; END $$`,
    );
    const refused = await importInProcess(scenario.artifact, owner.url, { tables: ['badge'] });
    expect(refused).toMatchObject({ exitCode: 12, error: { code: 'journal-forbidden' } });
    expect(await statusInProcess(owner.url)).toMatchObject({
      error: { code: 'journal-forbidden' },
    });
    const statements = /GRANT .*$/.exec(refused.error?.hint ?? '')?.[0] ?? '';
    await scenario.rows(statements);
    expect(
      await importInProcess(scenario.artifact, owner.url, { tables: ['badge'] }),
    ).toMatchObject({
      exitCode: 0,
    });
    expect(await runsOf(owner.url)).toMatchObject([{ state: 'done' }, { state: 'done' }]);
  });

  it('of another version is refused', async () => {
    const scenario = await createCompany(folder);
    await scenario.import();
    await scenario.rows('UPDATE sqlite_migration.journal SET version = 2');
    const refused = { exitCode: 12, error: { code: 'journal-version' } };
    expect(await scenario.import()).toMatchObject(refused);
    expect(await statusInProcess(scenario.url)).toMatchObject(refused);
  });

  it('serves two schemas of a database, each with runs of its own', async () => {
    const scenario = await createCompany(folder, {
      target: `CREATE SCHEMA second;
        CREATE TABLE second.department (id serial PRIMARY KEY, head_id integer);
        CREATE TABLE second.person (id serial PRIMARY KEY, boss_id integer, department_id integer);
        CREATE TABLE second.badge (id serial PRIMARY KEY, person_id integer);`,
    });
    const outcomes = await Promise.all([scenario.import(), scenario.import({ schema: 'second' })]);
    expect(outcomes).toMatchObject([{ exitCode: 0 }, { exitCode: 0 }]);
    expect(await scenario.import()).toMatchObject({ report: { run: { isResumed: true } } });
    expect(await runsOf(scenario.url, 'second')).toMatchObject([
      { schema: 'second', state: 'done' },
    ]);
    const schemas = (await runsOf(scenario.url)).map(({ schema }) => schema);
    expect(schemas.toSorted()).toEqual(['public', 'second']);
  });
});
