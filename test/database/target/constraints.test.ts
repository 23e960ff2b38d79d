import { describe, expect, it } from 'vitest';
import { catalogState } from '../../support/catalog-state.ts';
import { createScenario, IMPORTERS, type Scenario } from '../../support/scenario.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();

const PARENTS_AND_CHILDREN = `
  CREATE TABLE parent (id INTEGER PRIMARY KEY, name TEXT);
  CREATE TABLE child (id INTEGER PRIMARY KEY, parent_id INTEGER);
  INSERT INTO parent VALUES (1, 'one'), (2, 'two');
  INSERT INTO child VALUES (10, 1), (11, 2), (12, NULL);`;

const TRIGGERED_TARGET = `
  CREATE TABLE parent (id integer PRIMARY KEY, name text);
  CREATE TABLE child (id integer PRIMARY KEY, parent_id integer REFERENCES parent);
  CREATE TABLE fired (name text);
  CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN INSERT INTO fired VALUES (TG_NAME); RETURN NEW; END $$;
  CREATE TRIGGER at_origin BEFORE INSERT ON child FOR EACH ROW EXECUTE FUNCTION note();
  CREATE TRIGGER always AFTER INSERT ON child FOR EACH ROW EXECUTE FUNCTION note();
  CREATE TRIGGER replica AFTER INSERT ON child FOR EACH ROW EXECUTE FUNCTION note();
  CREATE TRIGGER disabled AFTER INSERT ON child FOR EACH ROW EXECUTE FUNCTION note();
  CREATE TRIGGER statement AFTER INSERT ON child EXECUTE FUNCTION note();
  CREATE CONSTRAINT TRIGGER later AFTER INSERT ON child DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION note();
  ALTER TABLE child ENABLE ALWAYS TRIGGER always, ENABLE REPLICA TRIGGER replica, DISABLE TRIGGER disabled;`;

describe.each(IMPORTERS)('loaded by a %s', (importer) => {
  const scenario = async (source: string, target: string): Promise<Scenario> =>
    createScenario(folder, { source, target, importer });

  it('rows fire no trigger of the user, and every trigger is there afterwards as it was', async () => {
    const loaded = await scenario(PARENTS_AND_CHILDREN, TRIGGERED_TARGET);
    const before = await catalogState(loaded.database);
    expect(await loaded.import()).toMatchObject({ exitCode: 0 });
    expect(await loaded.import({ truncate: true })).toMatchObject({ exitCode: 0 });
    expect(await loaded.rows('SELECT * FROM child ORDER BY id')).toHaveLength(3);
    expect(await loaded.rows('SELECT * FROM fired')).toEqual([]);
    expect(await catalogState(loaded.database)).toEqual(before);
    await loaded.rows('INSERT INTO child VALUES (99, 1)');
    expect(await loaded.rows('SELECT name FROM fired ORDER BY name')).toEqual([
      { name: 'always' },
      { name: 'at_origin' },
      { name: 'later' },
      { name: 'statement' },
    ]);
  });

  it('an orphan that comes up in the load is refused, and the catalog stays as it was', async () => {
    const orphaned = await scenario(
      `${PARENTS_AND_CHILDREN}
       WITH RECURSIVE n (i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < 124)
       INSERT INTO child SELECT i, i FROM n;`,
      TRIGGERED_TARGET,
    );
    const before = await catalogState(orphaned.database);
    // Beside rows that stay, only the load can tell.
    const { exitCode, findings, report } = await orphaned.import({ append: true });
    expect(exitCode).toBe(3);
    expect(findings[0]).toMatchObject({
      severity: 'blocking',
      where: { table: 'child', constraint: 'child_parent_id_fkey' },
    });
    expect(JSON.stringify(findings)).toContain('100');
    expect(report?.tables).toMatchObject([
      { target: 'child', state: 'rolled-back', rowCount: 0, rowsAfter: null },
      { target: 'parent', state: 'committed', rowCount: 2, rowsAfter: 2 },
    ]);
    expect(await orphaned.rows('SELECT * FROM child')).toEqual([]);
    expect(await catalogState(orphaned.database)).toEqual(before);
  });

  it('two tables that refer to each other load, and come out with the same constraints', async () => {
    const cyclic = await scenario(
      `CREATE TABLE a (id INTEGER PRIMARY KEY, b_id INTEGER);
       CREATE TABLE b (id INTEGER PRIMARY KEY, a_id INTEGER);
       INSERT INTO a VALUES (1, 20), (2, 10); INSERT INTO b VALUES (10, 1), (20, 2);`,
      `CREATE TABLE a (id integer PRIMARY KEY, b_id integer NOT NULL);
       CREATE TABLE b (id integer PRIMARY KEY, a_id integer NOT NULL REFERENCES a);
       ALTER TABLE a ADD FOREIGN KEY (b_id) REFERENCES b;`,
    );
    const before = await catalogState(cyclic.database);
    expect(await cyclic.import()).toMatchObject({ exitCode: 0, report: { totalRows: 4 } });
    expect(
      await cyclic.rows('SELECT a.id FROM a JOIN b ON b.id = b_id WHERE b.a_id <> a.id'),
    ).toHaveLength(2);
    expect(await catalogState(cyclic.database)).toEqual(before);
    expect(await cyclic.import({ truncate: true })).toMatchObject({ exitCode: 0 });
  });

  it('a cycle with an orphan is refused whole, and the table with the orphan is named', async () => {
    const cyclic = await scenario(
      `CREATE TABLE a (id INTEGER PRIMARY KEY, b_id INTEGER);
       CREATE TABLE b (id INTEGER PRIMARY KEY, a_id INTEGER);
       INSERT INTO a VALUES (1, 10); INSERT INTO b VALUES (10, 1), (20, 77);`,
      `CREATE TABLE a (id integer PRIMARY KEY, b_id integer NOT NULL);
       CREATE TABLE b (id integer PRIMARY KEY, a_id integer NOT NULL REFERENCES a);
       ALTER TABLE a ADD FOREIGN KEY (b_id) REFERENCES b;`,
    );
    const before = await catalogState(cyclic.database);
    const { exitCode, findings } = await cyclic.import({ append: true });
    expect(exitCode).toBe(3);
    expect(findings).toMatchObject([{ where: { table: 'b', constraint: 'b_a_id_fkey' } }]);
    expect(findings[0]?.examples[0]?.detail).toContain('77');
    expect(await cyclic.rows('SELECT id FROM a UNION ALL SELECT id FROM b')).toEqual([]);
    expect(await catalogState(cyclic.database)).toEqual(before);
  });

  it('rows that refer to later rows of their own table load', async () => {
    const tree = await scenario(
      `CREATE TABLE node (id INTEGER PRIMARY KEY, up INTEGER);
       INSERT INTO node VALUES (1, 3), (2, 2), (3, NULL), (4, 1);`,
      'CREATE TABLE node (id integer PRIMARY KEY, up integer REFERENCES node);',
    );
    expect(await tree.import()).toMatchObject({ exitCode: 0 });
    expect(await tree.rows('SELECT id, up FROM node ORDER BY id')).toEqual([
      { id: 1, up: 3 },
      { id: 2, up: 2 },
      { id: 3, up: null },
      { id: 4, up: 1 },
    ]);
  });

  it('a composite key that is half NULL refers to nothing, unless it is MATCH FULL', async () => {
    const source = `
      CREATE TABLE place (country TEXT, code INTEGER, PRIMARY KEY (country, code));
      CREATE TABLE visit (id INTEGER PRIMARY KEY, country TEXT, code INTEGER);
      INSERT INTO place VALUES ('CH', 1);
      INSERT INTO visit VALUES (1, 'CH', 1), (2, NULL, NULL), (3, 'XX', NULL);`;
    const target = `
      CREATE TABLE place (country text, code integer, PRIMARY KEY (country, code));
      CREATE TABLE visit (id integer PRIMARY KEY, country text, code integer,
        FOREIGN KEY (country, code) REFERENCES place MATCH FULL);`;
    expect(await (await scenario(source, target.replace('MATCH FULL', ''))).import()).toMatchObject(
      {
        exitCode: 0,
      },
    );
    const full = await scenario(source, target);
    expect(await full.import({ append: true })).toMatchObject({
      exitCode: 3,
      findings: [{ total: 1, where: { table: 'visit', constraint: 'visit_country_code_fkey' } }],
    });
    expect(await full.rows('SELECT * FROM visit')).toEqual([]);
  });

  it('a foreign key into another schema is kept', async () => {
    const source = `CREATE TABLE child (id INTEGER PRIMARY KEY, parent_id INTEGER);
       INSERT INTO child VALUES (1, 7), (2, 8);`;
    const target = `CREATE SCHEMA core; CREATE TABLE core.parent (id integer PRIMARY KEY);
       INSERT INTO core.parent VALUES (7), (8);
       CREATE TABLE child (id integer PRIMARY KEY, parent_id integer REFERENCES core.parent);`;
    expect(await (await scenario(source, target)).import()).toMatchObject({ exitCode: 0 });
    const orphaned = await scenario(source, `${target} DELETE FROM core.parent WHERE id = 8;`);
    expect(await orphaned.import()).toMatchObject({
      exitCode: 3,
      findings: [{ where: { table: 'child', constraint: 'child_parent_id_fkey' } }],
    });
  });

  it('triggers of partitions and of tables that are emptied too do not fire', async () => {
    const watched = await scenario(
      `CREATE TABLE event (id INTEGER PRIMARY KEY); INSERT INTO event VALUES (1), (15);
       CREATE TABLE note (id INTEGER PRIMARY KEY, event_id INTEGER REFERENCES event);`,
      `CREATE TABLE event (id integer PRIMARY KEY) PARTITION BY RANGE (id);
       CREATE TABLE event_low PARTITION OF event FOR VALUES FROM (0) TO (10);
       CREATE TABLE event_high PARTITION OF event FOR VALUES FROM (10) TO (20);
       CREATE TABLE note (id integer PRIMARY KEY, event_id integer REFERENCES event);
       INSERT INTO event VALUES (2);
       CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'it fired'; END $$;
       CREATE TRIGGER on_low BEFORE INSERT ON event_low FOR EACH ROW EXECUTE FUNCTION refuse();
       CREATE TRIGGER on_high BEFORE INSERT ON event_high FOR EACH ROW EXECUTE FUNCTION refuse();
       ALTER TABLE event_high ENABLE ALWAYS TRIGGER on_high;
       CREATE TRIGGER on_truncate BEFORE TRUNCATE ON note EXECUTE FUNCTION refuse();
       ALTER TABLE note ENABLE ALWAYS TRIGGER on_truncate;`,
    );
    const before = await catalogState(watched.database);
    expect(await watched.import({ truncate: true })).toMatchObject({ exitCode: 0 });
    expect(await watched.rows('SELECT id FROM event ORDER BY id')).toEqual([{ id: 1 }, { id: 15 }]);
    expect(await catalogState(watched.database)).toEqual(before);
  });

  it('a deferrable unique key is checked before the commit', async () => {
    const twice = await scenario(
      'CREATE TABLE seat (id INTEGER PRIMARY KEY, place INTEGER); INSERT INTO seat VALUES (1, 5), (2, 5);',
      `CREATE TABLE seat (id integer PRIMARY KEY,
         place integer CONSTRAINT one_each UNIQUE DEFERRABLE INITIALLY DEFERRED);`,
    );
    const before = await catalogState(twice.database);
    const { exitCode, findings } = await twice.import();
    expect(exitCode).toBe(3);
    expect(findings).toMatchObject([{ where: { table: 'seat', constraint: 'one_each' } }]);
    expect(await twice.rows('SELECT * FROM seat')).toEqual([]);
    expect(await catalogState(twice.database)).toEqual(before);
  });

  it('a deferrable foreign key that is deferred anyway stays so', async () => {
    const later = await scenario(
      PARENTS_AND_CHILDREN,
      `CREATE TABLE parent (id integer PRIMARY KEY, name text);
       CREATE TABLE child (id integer PRIMARY KEY,
         parent_id integer REFERENCES parent DEFERRABLE INITIALLY DEFERRED);`,
    );
    const before = await catalogState(later.database);
    expect(await later.import()).toMatchObject({ exitCode: 0 });
    expect(await catalogState(later.database)).toEqual(before);
  });

  it('a foreign key that was never validated holds for the rows that are added', async () => {
    const loose = await scenario(
      PARENTS_AND_CHILDREN.replace('(11, 2)', '(11, 999)'),
      `CREATE TABLE parent (id integer PRIMARY KEY, name text);
       CREATE TABLE child (id integer PRIMARY KEY, parent_id integer);
       INSERT INTO child VALUES (1, 555);
       ALTER TABLE child ADD FOREIGN KEY (parent_id) REFERENCES parent NOT VALID;`,
    );
    const { exitCode, findings } = await loose.import({ append: true });
    expect(exitCode).toBe(3);
    expect(JSON.stringify(findings)).toContain('999');
    expect(JSON.stringify(findings)).not.toContain('555');
    expect(await loose.rows('SELECT id FROM child')).toEqual([{ id: 1 }]);
  });

  it('rows of a partitioned table go to their partitions', async () => {
    const parts = await scenario(
      `CREATE TABLE owner (id INTEGER PRIMARY KEY);
       CREATE TABLE log (id INTEGER, year INTEGER, owner_id INTEGER, PRIMARY KEY (id, year));
       INSERT INTO owner VALUES (1); INSERT INTO log VALUES (1, 2024, 1), (2, 2025, 1);`,
      `CREATE TABLE owner (id integer PRIMARY KEY);
       CREATE TABLE log (id integer, year integer, owner_id integer REFERENCES owner, PRIMARY KEY (id, year))
         PARTITION BY LIST (year);
       CREATE TABLE log_2024 PARTITION OF log FOR VALUES IN (2024);
       CREATE TABLE log_2025 PARTITION OF log FOR VALUES IN (2025);
       CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'fired'; END $$;
       CREATE TRIGGER refused AFTER INSERT ON log FOR EACH ROW EXECUTE FUNCTION refuse();`,
    );
    const before = await catalogState(parts.database);
    expect(await parts.import()).toMatchObject({ exitCode: 0 });
    expect(await parts.rows('SELECT id FROM log_2025')).toEqual([{ id: 2 }]);
    expect(await catalogState(parts.database)).toEqual(before);
  });
});
