import { describe, expect, it } from 'vitest';
import { createScenario, IMPORTERS } from '../../support/scenario.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();

const SOURCE = `
  CREATE TABLE parent (id INTEGER PRIMARY KEY); CREATE TABLE child (id INTEGER PRIMARY KEY, parent_id INTEGER);
  INSERT INTO parent VALUES (1), (2); INSERT INTO child VALUES (10, 1), (20, 2);`;
const TARGET = `
  CREATE TABLE parent (id serial PRIMARY KEY);
  CREATE TABLE child (id serial PRIMARY KEY, parent_id integer NOT NULL REFERENCES parent);`;

describe('a target that holds rows', () => {
  it('is refused, and the tables with their counts are named', async () => {
    const scenario = await createScenario(folder, {
      source: SOURCE,
      target: `${TARGET} INSERT INTO parent VALUES (5), (6), (7); INSERT INTO child VALUES (8, 5);`,
    });
    const { exitCode, findings } = await scenario.import();
    expect(exitCode).toBe(3);
    expect(findings).toMatchObject([{ code: 'target-not-empty', severity: 'blocking', total: 2 }]);
    const details = findings[0]?.examples.map(({ detail }) => detail);
    expect(details?.toSorted()).toEqual(['child: 1 row', 'parent: 3 rows']);
    expect(await scenario.rows('SELECT id FROM parent ORDER BY id')).toHaveLength(3);
  });

  it.each(IMPORTERS)('is emptied and loaded by a %s with --truncate', async (importer) => {
    const scenario = await createScenario(folder, {
      importer,
      source: SOURCE,
      target: `${TARGET} INSERT INTO parent VALUES (5); INSERT INTO child VALUES (8, 5);`,
    });
    const { exitCode, report } = await scenario.import({ truncate: true });
    expect(exitCode).toBe(0);
    expect(report?.tables).toMatchObject([
      { target: 'child', rowsBefore: 1, rowsAfter: 2 },
      { target: 'parent', rowsBefore: 1, rowsAfter: 2 },
    ]);
    expect(await scenario.rows('SELECT id FROM parent ORDER BY id')).toEqual([
      { id: 1 },
      { id: 2 },
    ]);
    expect(await scenario.rows("SELECT nextval('child_id_seq')")).toEqual([{ nextval: '21' }]);
  });

  it.each(IMPORTERS)('keeps its rows when a %s loads with --append', async (importer) => {
    const scenario = await createScenario(folder, {
      importer,
      source: SOURCE.replace('(20, 2)', '(20, 5)'),
      target: `${TARGET} INSERT INTO parent VALUES (5); INSERT INTO child VALUES (8, 5);`,
    });
    expect(await scenario.import({ append: true })).toMatchObject({
      exitCode: 0,
      report: {
        tables: [
          { rowsBefore: 1, rowsAfter: 3 },
          { rowsBefore: 1, rowsAfter: 3 },
        ],
      },
    });
    expect(await scenario.rows('SELECT id, parent_id FROM child ORDER BY id')).toEqual([
      { id: 8, parent_id: 5 },
      { id: 10, parent_id: 1 },
      { id: 20, parent_id: 5 },
    ]);
  });

  it('is not emptied where a table that is not loaded refers to it', async () => {
    const scenario = await createScenario(folder, {
      source: SOURCE,
      target: `${TARGET} INSERT INTO parent VALUES (5);
        CREATE TABLE audit (id integer PRIMARY KEY, parent_id integer REFERENCES parent);
        INSERT INTO audit VALUES (1, 5);`,
    });
    const { exitCode, findings } = await scenario.import({ truncate: true });
    expect(exitCode).toBe(3);
    expect(findings).toMatchObject([
      { code: 'target-not-empty', examples: [{ detail: 'audit: 1 row' }] },
      { code: 'target-table-not-filled', severity: 'info', examples: [{ detail: 'audit' }] },
    ]);
    expect(await scenario.rows('SELECT * FROM audit')).toHaveLength(1);
    expect(await scenario.rows('SELECT id FROM parent')).toEqual([{ id: 5 }]);
  });

  it('is told which tables were emptied with one that is loaded, when they fail themselves', async () => {
    const scenario = await createScenario(folder, {
      source: SOURCE,
      target: `${TARGET} INSERT INTO parent VALUES (5); INSERT INTO child VALUES (8, 5);
        CREATE UNIQUE INDEX ON child ((id % 10));`,
    });
    const { exitCode, report } = await scenario.import({ truncate: true });
    expect(exitCode).toBe(3);
    expect(report?.tables).toMatchObject([
      { target: 'child', state: 'emptied', rowsBefore: 1 },
      { target: 'parent', state: 'committed', rowsBefore: 1, rowsAfter: 2 },
    ]);
    expect(await scenario.rows('SELECT id FROM child')).toEqual([]);
    expect(await scenario.rows('SELECT id FROM parent ORDER BY id')).toEqual([
      { id: 1 },
      { id: 2 },
    ]);
  });

  it('keeps the old rows of a table whose new rows are refused', async () => {
    const scenario = await createScenario(folder, {
      source: SOURCE,
      target: `${TARGET} INSERT INTO parent VALUES (5); CREATE UNIQUE INDEX ON parent ((id / 5));`,
    });
    expect(await scenario.import({ truncate: true })).toMatchObject({ exitCode: 3 });
    expect(await scenario.rows('SELECT id FROM parent')).toEqual([{ id: 5 }]);
  });
});

describe('a dry run', () => {
  it.each(IMPORTERS)('by a %s does everything and leaves nothing', async (importer) => {
    const scenario = await createScenario(folder, {
      importer,
      source: SOURCE,
      target: `${TARGET} INSERT INTO parent VALUES (5); SELECT setval('parent_id_seq', 5);`,
    });
    const { exitCode, report } = await scenario.import({ dryRun: true, truncate: true });
    expect(exitCode).toBe(0);
    expect(report).toMatchObject({
      dryRun: true,
      totalRows: 4,
      tables: [
        { target: 'child', state: 'rolled-back', rowCount: 2, sequences: [{ nextValue: '21' }] },
        { target: 'parent', state: 'rolled-back', rowCount: 2, sequences: [{ nextValue: '3' }] },
      ],
    });
    expect(await scenario.rows('SELECT id FROM parent')).toEqual([{ id: 5 }]);
    expect(await scenario.rows('SELECT id FROM child')).toEqual([]);
    expect(await scenario.rows('SELECT last_value FROM parent_id_seq')).toEqual([
      { last_value: '5' },
    ]);
  });

  it('finds what a load would be refused for', async () => {
    const scenario = await createScenario(folder, {
      source: SOURCE,
      target: `${TARGET} CREATE UNIQUE INDEX ON child ((id % 10));`,
    });
    expect(await scenario.import({ dryRun: true })).toMatchObject({
      exitCode: 3,
      findings: [{ code: 'row-rejected', examples: [{ rowKey: 'id=20', line: 2 }] }],
    });
    expect(await scenario.rows('SELECT id FROM parent')).toEqual([]);
  });
});
