import { describe, expect, it } from 'vitest';
import { catalogState } from '../../support/catalog-state.ts';
import { rollbackInProcess, runsOf } from '../../support/journal.ts';
import { createScenario, IMPORTERS } from '../../support/scenario.ts';
import { temporaryFolder } from '../../support/temp.ts';
import { WAIT_FUNCTION, whileItWaits } from '../../support/waiting-session.ts';
import { countRows, createCompany, createStoppedCompany } from './company.ts';

const folder = temporaryFolder();

/** A trigger that no load and no rollback may set off. */
const NO_DELETE = `
  CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'deleted'; END $$;
  CREATE TRIGGER no_delete BEFORE DELETE ON person FOR EACH ROW EXECUTE FUNCTION refuse();
  CREATE TRIGGER no_truncate BEFORE TRUNCATE ON person FOR EACH STATEMENT EXECUTE FUNCTION refuse();`;

describe.each(IMPORTERS)('what a run of a %s loaded', (importer) => {
  it('goes, cycle and self-references too, and sequences go back', async () => {
    const target = `${NO_DELETE} SELECT nextval('person_id_seq') FROM generate_series(1, 4);`;
    const scenario = await createCompany(folder, { importer, target });
    expect(await scenario.import()).toMatchObject({ exitCode: 0 });
    const catalog = await catalogState(scenario.database);
    const { exitCode, report, findings } = await rollbackInProcess(scenario.url);
    expect({ exitCode, findings }).toEqual({ exitCode: 0, findings: [] });
    expect(report?.takenBack.toSorted((a, b) => a.target.localeCompare(b.target))).toEqual([
      { target: 'badge', rowCount: 2, rowsLeft: 0 },
      { target: 'department', rowCount: 2, rowsLeft: 0 },
      { target: 'person', rowCount: 3, rowsLeft: 0 },
    ]);
    expect(await countRows(scenario)).toEqual([0, 0, 0]);
    expect(await catalogState(scenario.database)).toEqual(catalog);
    expect(
      await scenario.rows(
        `SELECT nextval('person_id_seq') AS person, nextval('badge_id_seq') AS badge`,
      ),
    ).toEqual([{ person: '5', badge: '1' }]);
    const [run] = await runsOf(scenario.url);
    expect(run).toMatchObject({ state: 'rolled-back', endedAt: expect.any(String) });
    expect(run?.tables.map(({ state }) => state)).toEqual(Array(3).fill('rolled-back'));
  });

  it('goes from beside the rows that were there before, which stay', async () => {
    const scenario = await createCompany(folder, {
      importer,
      target: `${NO_DELETE}
        INSERT INTO department VALUES (5, NULL); INSERT INTO person VALUES (50, NULL, 5), (51, 50, 5);
        UPDATE department SET head_id = 51; INSERT INTO badge VALUES (500, 51);`,
    });
    const everything = `SELECT to_jsonb(d) AS row FROM department AS d
      UNION ALL SELECT to_jsonb(p) FROM person AS p UNION ALL SELECT to_jsonb(b) FROM badge AS b`;
    const before = await scenario.rows(everything);
    expect(await scenario.import({ append: true })).toMatchObject({ exitCode: 0 });
    const catalog = await catalogState(scenario.database);
    expect(await rollbackInProcess(scenario.url)).toMatchObject({ exitCode: 0, findings: [] });
    expect(await scenario.rows(everything)).toEqual(before);
    expect(await catalogState(scenario.database)).toEqual(catalog);
    expect(await scenario.rows(`SELECT nextval('person_id_seq') AS person`)).toEqual([
      { person: '52' },
    ]);
  });

  it.each(['CASCADE', 'SET NULL', 'NO ACTION'])(
    'stays where rows of another table refer to it (ON DELETE %s), with --force too',
    async (action) => {
      const scenario = await createCompany(folder, {
        importer,
        target: `CREATE TABLE visit (person_id integer CONSTRAINT visitor REFERENCES person ON DELETE ${action});`,
      });
      await scenario.import();
      await scenario.rows('INSERT INTO visit VALUES (10), (12), (12)');
      for (const force of [false, true]) {
        const { exitCode, findings } = await rollbackInProcess(scenario.url, { force });
        expect(exitCode).toBe(3);
        expect(findings).toMatchObject([
          {
            code: 'still-referred-to',
            total: 3,
            where: { table: 'visit', column: 'person_id', constraint: 'visitor' },
            examples: [
              { detail: 'person_id=10' },
              { detail: 'person_id=12' },
              { detail: 'person_id=12' },
            ],
          },
        ]);
      }
      expect(await countRows(scenario)).toEqual([2, 3, 2]);
      expect(await scenario.rows('SELECT count(person_id)::integer FROM visit')).toEqual([
        { count: 3 },
      ]);
      expect(await runsOf(scenario.url)).toMatchObject([{ state: 'done' }]);
    },
  );

  it('stays when it changed since, and with --force what changed or came stays', async () => {
    const scenario = await createCompany(folder, { importer, target: NO_DELETE });
    await scenario.import();
    await scenario.rows(`UPDATE badge SET person_id = person_id WHERE id = 100`);
    await scenario.rows('INSERT INTO department VALUES (77, NULL)');
    const refused = await rollbackInProcess(scenario.url);
    expect(refused).toMatchObject({ exitCode: 12, error: { code: 'loaded-rows-changed' } });
    expect(refused.error?.where.table?.split(', ').toSorted()).toEqual(['badge', 'department']);
    expect(await countRows(scenario)).toEqual([3, 3, 2]);
    // The badge that changed refers to a person.
    expect(await rollbackInProcess(scenario.url, { force: true })).toMatchObject({
      exitCode: 3,
      findings: [{ code: 'still-referred-to', where: { table: 'badge' }, total: 1 }],
    });
    await scenario.rows('DELETE FROM badge WHERE id = 100');
    expect(await rollbackInProcess(scenario.url, { force: true })).toMatchObject({ exitCode: 0 });
    expect(await scenario.rows('SELECT * FROM department')).toEqual([{ id: 77, head_id: null }]);
    expect(await countRows(scenario)).toEqual([1, 0, 0]);
    expect(await scenario.rows(`SELECT nextval('department_id_seq')`)).toEqual([{ nextval: '78' }]);
  });
});

describe('a rollback', () => {
  it('finds rows that refer from another schema', async () => {
    const scenario = await createCompany(folder, {
      target: `CREATE SCHEMA other; CREATE TABLE other.visit (person_id integer REFERENCES person ON DELETE CASCADE);`,
    });
    await scenario.import();
    await scenario.rows('INSERT INTO other.visit VALUES (11)');
    expect(await rollbackInProcess(scenario.url)).toMatchObject({
      exitCode: 3,
      findings: [{ code: 'still-referred-to', where: { table: 'other.visit' } }],
    });
    expect(await scenario.rows('SELECT * FROM other.visit')).toHaveLength(1);
  });

  it('finds rows of a partition that alone has the foreign key', async () => {
    const scenario = await createCompany(folder, {
      target: `CREATE TABLE visit (person_id integer) PARTITION BY RANGE (person_id);
        CREATE TABLE visit_1 PARTITION OF visit DEFAULT; ALTER TABLE visit_1 ADD FOREIGN KEY (person_id) REFERENCES person;`,
    });
    await scenario.import();
    await scenario.rows('INSERT INTO visit VALUES (11)');
    expect(await rollbackInProcess(scenario.url)).toMatchObject({
      exitCode: 3,
      findings: [{ code: 'still-referred-to', where: { table: 'visit' }, total: 1 }],
    });
  });

  it('of parents says which later run loaded their children, and goes when that is taken back', async () => {
    const scenario = await createCompany(folder);
    expect(await scenario.import({ tables: ['department', 'person'] })).toMatchObject({
      exitCode: 0,
    });
    expect(await scenario.import({ tables: ['badge'] })).toMatchObject({ exitCode: 0 });
    const [badges, others] = await runsOf(scenario.url);
    const refused = await rollbackInProcess(scenario.url, { run: others?.runId ?? '' });
    expect(refused).toMatchObject({
      exitCode: 3,
      findings: [{ code: 'still-referred-to', total: 2 }],
    });
    expect(refused.findings[0]?.hint).toContain(badges?.runId);
    for (const run of [badges, others]) {
      const { exitCode } = await rollbackInProcess(scenario.url, { run: run?.runId ?? '' });
      expect(exitCode).toBe(0);
    }
    expect(await countRows(scenario)).toEqual([0, 0, 0]);
  });

  it('takes back the tables of a run that stopped, which may then begin anew', async () => {
    const scenario = await createStoppedCompany(folder);
    expect(await countRows(scenario)).toEqual([2, 3, 0]);
    expect(await rollbackInProcess(scenario.url)).toMatchObject({ exitCode: 0, findings: [] });
    expect(await countRows(scenario)).toEqual([0, 0, 0]);
    expect(await scenario.import()).toMatchObject({
      exitCode: 0,
      report: { run: { isResumed: false } },
    });
    expect(await countRows(scenario)).toEqual([2, 3, 2]);
  });

  it('takes back the tables of a run whose process is gone', async () => {
    const scenario = await createStoppedCompany(folder);
    await scenario.rows(`UPDATE sqlite_migration.runs SET state = 'running', ended_at = NULL`);
    expect(await rollbackInProcess(scenario.url)).toMatchObject({
      exitCode: 0,
      report: { runs: [{ state: 'rolled-back', tables: [{}, {}, { state: 'pending' }] }] },
    });
    expect(await countRows(scenario)).toEqual([0, 0, 0]);
  });

  it('is refused while the run is loading, and while another import is', async () => {
    const scenario = await createCompany(folder, {
      target: `${WAIT_FUNCTION} CREATE INDEX waits ON badge (wait(id));`,
    });
    const refusals: unknown[] = [];
    await whileItWaits(
      scenario.database,
      () => scenario.import(),
      async () => void refusals.push(await rollbackInProcess(scenario.url)),
    );
    expect(refusals).toMatchObject([{ exitCode: 12, error: { code: 'import-running' } }]);
    expect(await countRows(scenario)).toEqual([2, 3, 2]);
  });

  it('says how many rows --truncate had emptied, for they do not come back', async () => {
    const scenario = await createCompany(folder, {
      target:
        'INSERT INTO department VALUES (5, NULL), (6, NULL); INSERT INTO person VALUES (50, NULL, 5);',
    });
    expect(await scenario.import({ truncate: true })).toMatchObject({ exitCode: 0 });
    expect(await rollbackInProcess(scenario.url)).toMatchObject({
      exitCode: 0,
      findings: [
        {
          code: 'emptied-rows-gone',
          severity: 'warning',
          total: 2,
          where: { table: 'department' },
        },
        { code: 'emptied-rows-gone', severity: 'warning', total: 1, where: { table: 'person' } },
      ],
    });
    expect(await countRows(scenario)).toEqual([0, 0, 0]);
  });

  it('leaves a sequence that a later run has set since', async () => {
    const scenario = await createScenario(folder, {
      source: `CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT);
        INSERT INTO t VALUES (1), (2), (90); DELETE FROM t WHERE id = 90;`,
      target: 'CREATE TABLE t (id serial PRIMARY KEY);',
    });
    expect(await scenario.import()).toMatchObject({ exitCode: 0 });
    await scenario.rows('DELETE FROM t');
    expect(await scenario.import({ append: true })).toMatchObject({ exitCode: 0 });
    const [later, first] = await runsOf(scenario.url);
    const next = `SELECT last_value FROM t_id_seq`;
    await rollbackInProcess(scenario.url, { run: first?.runId ?? '', force: true });
    expect(await scenario.rows(next)).toEqual([{ last_value: '91' }]);
    await rollbackInProcess(scenario.url, { run: later?.runId ?? '' });
    expect(await runsOf(scenario.url)).toMatchObject([
      { state: 'rolled-back' },
      { state: 'rolled-back' },
    ]);
  });

  it('names a table that is gone, and takes back the others with --force', async () => {
    const scenario = await createCompany(folder);
    await scenario.import();
    await scenario.rows('DROP TABLE badge');
    expect(await rollbackInProcess(scenario.url)).toMatchObject({
      exitCode: 13,
      error: { code: 'table-gone', where: { table: 'badge' } },
    });
    expect(await rollbackInProcess(scenario.url, { force: true })).toMatchObject({ exitCode: 0 });
    expect(await scenario.rows('SELECT * FROM person')).toEqual([]);
  });

  it('knows when nothing is left of a run, and a run that does not exist', async () => {
    const scenario = await createCompany(folder);
    expect(await rollbackInProcess(scenario.url, { run: 'x' })).toMatchObject({
      exitCode: 2,
      error: { code: 'no-such-run' },
    });
    await scenario.import();
    const [run] = await runsOf(scenario.url);
    const wrong = `${run?.runId.slice(0, -1) ?? ''}_`;
    expect((await rollbackInProcess(scenario.url, { run: wrong })).error?.hint).toContain(
      run?.runId,
    );
    expect(await rollbackInProcess(scenario.url)).toMatchObject({ exitCode: 0 });
    expect(await rollbackInProcess(scenario.url)).toMatchObject({
      exitCode: 0,
      report: { takenBack: [], runs: [{ state: 'rolled-back' }] },
    });
  });

  it('fails rather than count rows that row security hides', async () => {
    const scenario = await createCompany(folder, { importer: 'owner' });
    await scenario.import();
    await scenario.rows(
      'ALTER TABLE badge ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY; CREATE POLICY one ON badge USING (id = 100)',
    );
    expect(await rollbackInProcess(scenario.url)).toMatchObject({ exitCode: 12 });
    expect(await countRows(scenario)).toEqual([2, 3, 2]);
  });
});
