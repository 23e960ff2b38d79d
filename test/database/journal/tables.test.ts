import { describe, expect, it } from 'vitest';
import { rollbackInProcess, runsOf } from '../../support/journal.ts';
import { mappingFile } from '../../support/mapping.ts';
import { createScenario, IMPORTERS } from '../../support/scenario.ts';
import { temporaryFolder } from '../../support/temp.ts';
import { countRows, createCompany } from './company.ts';

const folder = temporaryFolder();

describe('import --tables', () => {
  it.each(IMPORTERS)('loads these only, and the rest with a second one (%s)', async (importer) => {
    const scenario = await createCompany(folder, { importer });
    const first = await scenario.import({ tables: ['person', 'Department', 'person'] });
    expect(first).toMatchObject({ exitCode: 0, report: { totalRows: 5 } });
    expect(first.report?.tables.map(({ target }) => target).toSorted()).toEqual([
      'department',
      'person',
    ]);
    expect(await countRows(scenario)).toEqual([2, 3, 0]);
    expect(await scenario.import({ tables: ['badge'] })).toMatchObject({ exitCode: 0 });
    expect(await countRows(scenario)).toEqual([2, 3, 2]);
    expect(await runsOf(scenario.url)).toMatchObject([
      { state: 'done', tables: [{ target: 'badge' }] },
      { state: 'done' },
    ]);
  });

  it('names rows whose parents are neither loaded nor there, before anything is written', async () => {
    const scenario = await createCompany(folder);
    const { exitCode, findings, report } = await scenario.import({ tables: ['badge'] });
    expect({ exitCode, run: report?.run }).toEqual({ exitCode: 3, run: null });
    expect(findings).toMatchObject([
      {
        code: 'orphan',
        total: 2,
        where: { table: 'badge', column: 'person_id', constraint: 'badge_person_id_fkey' },
        message: expect.stringContaining('person'),
        examples: [
          { rowKey: 'id=100', detail: 'person_id=10 has no parent' },
          { rowKey: 'id=101' },
        ],
      },
    ]);
    expect(findings[0]?.hint).toContain('--tables');
    expect(await runsOf(scenario.url)).toEqual([]);
  });

  it('counts those parents that are there', async () => {
    const scenario = await createCompany(folder, {
      target: 'INSERT INTO department VALUES (1, NULL); INSERT INTO person VALUES (12, NULL, 1);',
    });
    expect(await scenario.import({ tables: ['badge'] })).toMatchObject({
      exitCode: 3,
      findings: [{ code: 'orphan', total: 1, examples: [{ rowKey: 'id=100' }] }],
    });
    await scenario.rows('INSERT INTO person VALUES (10, NULL, 1)');
    expect(await scenario.import({ tables: ['badge'] })).toMatchObject({ exitCode: 0 });
  });

  it('says what a full import is to do after a part of it', async () => {
    const scenario = await createCompany(folder);
    await scenario.import({ tables: ['department', 'person'] });
    const refused = await scenario.import();
    expect(refused).toMatchObject({
      exitCode: 3,
      findings: [{ code: 'target-not-empty', total: 2 }],
    });
    expect(refused.findings[0]?.hint).toContain('--tables badge');
    await scenario.import({ tables: ['badge'] });
    const complete = await scenario.import();
    expect(complete).toMatchObject({
      exitCode: 3,
      findings: [{ code: 'target-not-empty', total: 3 }],
    });
    expect(complete.findings[0]?.hint).toContain('nothing is left to load');
    await scenario.rows('UPDATE badge SET id = id');
    const changed = await scenario.import();
    expect(
      changed.findings.map(({ total, hint }) => [total, hint?.includes('--tables badge')]),
    ).toEqual([
      [2, true],
      [1, false],
    ]);
  });

  it('does not look at the rows of the others, nor for their parents', async () => {
    const scenario = await createScenario(folder, {
      source: `CREATE TABLE a (id INTEGER PRIMARY KEY); INSERT INTO a VALUES (1);
        CREATE TABLE b (id INTEGER PRIMARY KEY, a_id INTEGER REFERENCES a, n);
        INSERT INTO b VALUES (1, 7, 'no number');`,
      target: `CREATE TABLE a (id integer PRIMARY KEY);
        CREATE TABLE b (id integer PRIMARY KEY, a_id integer REFERENCES a, n integer);`,
    });
    expect(await scenario.import({ tables: ['a'] })).toMatchObject({ exitCode: 0, findings: [] });
  });

  it('lets the policies of a mapping answer for rows that are left out of other tables', async () => {
    const scenario = await createScenario(folder, {
      source: `CREATE TABLE a (id INTEGER PRIMARY KEY, gone INTEGER); INSERT INTO a VALUES (1, 0), (2, 1);
        CREATE TABLE b (id INTEGER PRIMARY KEY, a_id INTEGER REFERENCES a); INSERT INTO b VALUES (1, 1), (2, 2), (3, NULL);`,
      target: `CREATE TABLE a (id integer PRIMARY KEY, gone integer);
        CREATE TABLE b (id integer PRIMARY KEY, a_id integer REFERENCES a);`,
    });
    const mapping = mappingFile(folder, {
      a: { where: [{ column: 'gone', op: 'eq', value: 0 }] },
      b: { columns: { a_id: { policies: ['null'] } } },
    });
    expect(await scenario.import({ tables: ['a'], mapping })).toMatchObject({
      exitCode: 0,
      report: { totalRows: 1 },
    });
    const second = await scenario.import({ tables: ['b'], mapping });
    expect(second).toMatchObject({ exitCode: 0, report: { totalRows: 3 } });
    expect(second.report?.ledger.map(({ table, change }) => [table, change])).toEqual([
      ['b', 'null'],
    ]);
    expect(await scenario.rows('SELECT id, a_id FROM b ORDER BY id')).toEqual([
      { id: 1, a_id: 1 },
      { id: 2, a_id: null },
      { id: 3, a_id: null },
    ]);
  });

  it('sets no sequence back that a table loaded before shares', async () => {
    const scenario = await createScenario(folder, {
      source: `CREATE TABLE a (id INTEGER PRIMARY KEY); INSERT INTO a VALUES (70);
        CREATE TABLE b (id INTEGER PRIMARY KEY); INSERT INTO b VALUES (3);`,
      target: `CREATE SEQUENCE ids; CREATE TABLE a (id integer PRIMARY KEY DEFAULT nextval('ids'));
        CREATE TABLE b (id integer PRIMARY KEY DEFAULT nextval('ids'));`,
    });
    for (const table of ['a', 'b']) {
      expect(await scenario.import({ tables: [table] })).toMatchObject({ exitCode: 0 });
      expect(await scenario.rows('SELECT last_value FROM ids')).toEqual([{ last_value: '71' }]);
    }
    const [, first] = await runsOf(scenario.url);
    await rollbackInProcess(scenario.url, { run: first?.runId ?? '' });
    expect(await scenario.rows('SELECT last_value FROM ids')).toEqual([{ last_value: '71' }]);
    await rollbackInProcess(scenario.url);
    expect(await scenario.rows('SELECT last_value FROM ids')).toEqual([{ last_value: '71' }]);
  });

  it('does not empty a table that refers to one of these and is not among them', async () => {
    const scenario = await createCompany(folder);
    await scenario.import();
    const refused = await scenario.import({ tables: ['department', 'person'], truncate: true });
    expect(refused).toMatchObject({
      exitCode: 3,
      findings: [{ code: 'target-not-empty', examples: [{ detail: 'badge: 2 rows' }] }],
    });
    expect(await countRows(scenario)).toEqual([2, 3, 2]);
  });

  it.each([
    ['that the artifact does not have', 'bagde', {}, 'did you mean badge?'],
    ['that the mapping leaves out', 'badge', { badge: { skip: 'lost' } }, 'skip'],
  ])('refuses a table %s', async (_, name, tables, said) => {
    const scenario = await createCompany(folder);
    const refused = await scenario.import({ tables: [name], mapping: mappingFile(folder, tables) });
    expect(refused).toMatchObject({ exitCode: 2, error: { code: 'no-such-table' } });
    expect(refused.error?.hint).toContain(said);
  });
});
