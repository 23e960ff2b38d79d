import { describe, expect, it } from 'vitest';
import type { ImportOptions } from '../../../../scripts/lib/commands/import.ts';
import { catalogState, foreignKeyNumbers } from '../../../support/catalog-state.ts';
import { createScenario, type Importer, type Scenario } from '../../../support/scenario.ts';
import { temporaryFolder } from '../../../support/temp.ts';
import { cutWhenItWaits, WAIT_FUNCTION } from '../../../support/waiting-session.ts';

const folder = temporaryFolder();

const SOURCE = `
  CREATE TABLE parent (id INTEGER PRIMARY KEY);
  CREATE TABLE place (country TEXT, code INTEGER, PRIMARY KEY (country, code));
  CREATE TABLE child (id INTEGER PRIMARY KEY, a INTEGER, b INTEGER, c INTEGER, d INTEGER, e INTEGER,
    f INTEGER, g INTEGER, country TEXT, code INTEGER);
  CREATE TABLE node (id INTEGER PRIMARY KEY, up INTEGER);
  CREATE TABLE egg (id INTEGER PRIMARY KEY, hen_id INTEGER);
  CREATE TABLE hen (id INTEGER PRIMARY KEY, egg_id INTEGER, mother_id INTEGER);
  CREATE TABLE log (id INTEGER PRIMARY KEY, parent_id INTEGER);
  INSERT INTO parent VALUES (1), (2);
  INSERT INTO place VALUES ('CH', 1);
  INSERT INTO child VALUES (1, 1, 1, 1, 2, 1, 1, 1, 'CH', 1), (2, 2, NULL, 2, 2, 2, 2, 2, NULL, NULL);
  INSERT INTO node VALUES (1, 2), (2, 1);
  INSERT INTO egg VALUES (1, 2), (2, 1);
  INSERT INTO hen VALUES (1, 2, 2), (2, 1, 1);
  INSERT INTO log VALUES (1, 1), (15, 2);`;

/** Every kind of foreign key. */
const TARGET = `
  CREATE TABLE parent (id integer PRIMARY KEY);
  CREATE TABLE place (country text, code integer, PRIMARY KEY (country, code));
  CREATE TABLE "Two keys" (id integer PRIMARY KEY);
  ALTER TABLE "Two keys" ADD UNIQUE (id);
  INSERT INTO "Two keys" VALUES (1), (2);
  CREATE TABLE child (id integer PRIMARY KEY, a integer NOT NULL, b integer, c integer, d integer, e integer,
    f integer, g integer, country text, code integer,
    CONSTRAINT "wipes ""first""" FOREIGN KEY (a) REFERENCES parent ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT restricts FOREIGN KEY (b) REFERENCES parent (id) ON DELETE RESTRICT,
    CONSTRAINT later FOREIGN KEY (c) REFERENCES parent ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT now FOREIGN KEY (d) REFERENCES parent ON DELETE SET DEFAULT DEFERRABLE,
    CONSTRAINT ambiguous FOREIGN KEY (g) REFERENCES "Two keys",
    CONSTRAINT full_match FOREIGN KEY (country, code) REFERENCES place MATCH FULL ON UPDATE SET NULL,
    CONSTRAINT some_null FOREIGN KEY (country, code) REFERENCES place ON DELETE SET NULL (code));
  ALTER TABLE child ADD CONSTRAINT not_validated FOREIGN KEY (e) REFERENCES parent NOT VALID;
  DO $$ BEGIN
    IF current_setting('server_version_num')::integer >= 180000 THEN
      EXECUTE 'ALTER TABLE child ADD CONSTRAINT not_enforced FOREIGN KEY (f) REFERENCES parent NOT ENFORCED';
    END IF;
  END $$;
  COMMENT ON CONSTRAINT restricts ON child IS E'it''s \\\\ said\nin two lines';
  CREATE TABLE node (id integer PRIMARY KEY, up integer REFERENCES node ON DELETE CASCADE);
  CREATE TABLE egg (id integer PRIMARY KEY, hen_id integer NOT NULL);
  CREATE TABLE hen (id integer PRIMARY KEY, egg_id integer NOT NULL REFERENCES egg, mother_id integer);
  ALTER TABLE egg ADD FOREIGN KEY (hen_id) REFERENCES hen;
  ALTER TABLE hen ADD FOREIGN KEY (mother_id) REFERENCES hen NOT VALID;
  CREATE TABLE log (id integer PRIMARY KEY, parent_id integer REFERENCES parent) PARTITION BY RANGE (id);
  CREATE TABLE log_low PARTITION OF log FOR VALUES FROM (0) TO (10);
  CREATE TABLE log_high PARTITION OF log FOR VALUES FROM (10) TO (20);
  CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'it fired'; END $$;
  CREATE TRIGGER at_origin BEFORE INSERT ON child FOR EACH ROW EXECUTE FUNCTION refuse();
  CREATE TRIGGER always AFTER INSERT ON child FOR EACH ROW EXECUTE FUNCTION refuse();
  ALTER TABLE child ENABLE ALWAYS TRIGGER always;`;

const DROPPED = [
  'child.full_match',
  'child.later',
  'child.now',
  'child.restricts',
  'child.some_null',
  'child.wipes "first"',
  'egg.egg_hen_id_fkey',
  'hen.hen_egg_id_fkey',
  'node.node_up_fkey',
];

interface Mode {
  readonly mode: string;
  readonly importer: Importer;
  readonly options: Partial<ImportOptions>;
  readonly dropped: readonly string[];
}

const MODES: readonly Mode[] = [
  { mode: 'proven', importer: 'superuser', options: {}, dropped: [] },
  { mode: 'dropped', importer: 'owner', options: {}, dropped: DROPPED },
  { mode: 'in place', importer: 'owner', options: { keepConstraints: true }, dropped: [] },
];

/**
 * What comes of deleting a row that one key of the child cascades and another one restricts: that
 * depends on whose trigger fires first.
 */
async function deleteParent({ rows }: Scenario): Promise<string> {
  try {
    await rows(`BEGIN; ALTER TABLE child DISABLE TRIGGER USER; INSERT INTO parent VALUES (91);
      INSERT INTO child (id, a, b) VALUES (91, 91, 91); DELETE FROM parent WHERE id = 91; ROLLBACK`);
    return 'deleted';
  } catch (error) {
    return String(error);
  }
}

describe.each(MODES)('with foreign keys $mode,', ({ mode, importer, options, dropped }) => {
  const scenario = async (target = '', source = ''): Promise<Scenario> =>
    createScenario(folder, { source: SOURCE + source, target: TARGET + target, importer });

  it('a load leaves the catalog as it was, and deletes act in the order that they had', async () => {
    const loaded = await scenario();
    const before = await catalogState(loaded.database);
    const numbers = await foreignKeyNumbers(loaded.database);
    const deleted = await deleteParent(loaded);
    expect(await loaded.import({ ...options, dryRun: true })).toMatchObject({ exitCode: 0 });
    expect(await foreignKeyNumbers(loaded.database)).toEqual(numbers);
    for (const truncate of [false, true]) {
      expect(await loaded.import({ ...options, truncate })).toMatchObject({
        exitCode: 0,
        report: { totalRows: 13 },
      });
      expect(await catalogState(loaded.database)).toEqual(before);
      expect(await deleteParent(loaded)).toBe(deleted);
    }
    const after = await foreignKeyNumbers(loaded.database);
    const remade = [...numbers].filter(([name, number]) => after.get(name) !== number);
    expect(remade.map(([name]) => name).toSorted()).toEqual(dropped);
  });

  it('a row that PostgreSQL refuses leaves it as it was', async () => {
    const refused = await scenario('CREATE UNIQUE INDEX once ON child ((c - id));');
    const before = await catalogState(refused.database);
    expect(await refused.import(options)).toMatchObject({
      exitCode: 3,
      findings: expect.arrayContaining([
        expect.objectContaining({
          code: 'row-rejected',
          where: expect.objectContaining({ constraint: 'once' }),
        }),
      ]),
    });
    expect(await refused.rows('SELECT FROM child')).toEqual([]);
    expect(await catalogState(refused.database)).toEqual(before);
  });

  it('an orphan leaves it as it was', async () => {
    const orphaned = await scenario(
      'ALTER TABLE child DROP CONSTRAINT not_validated;',
      'UPDATE child SET b = 99 WHERE id = 1;',
    );
    const before = await catalogState(orphaned.database);
    // Beside rows that stay, only the load can tell.
    const { exitCode, findings } = await orphaned.import({ ...options, append: true });
    expect(exitCode).toBe(3);
    expect(findings.find(({ severity }) => severity === 'blocking')).toMatchObject({
      code: mode === 'in place' ? 'row-rejected' : 'orphan',
      where: { table: 'child', constraint: 'restricts' },
      total: 1,
      examples: [{ detail: expect.stringContaining('99') }],
    });
    expect(await orphaned.rows('SELECT FROM child')).toEqual([]);
    expect(await catalogState(orphaned.database)).toEqual(before);
  });

  it('a connection that ends in the middle of COPY leaves it as it was', async () => {
    const cut = await scenario(`${WAIT_FUNCTION} CREATE INDEX waits ON child (wait(id));`);
    const before = await catalogState(cut.database);
    const outcome = await cutWhenItWaits(cut.database, async () => cut.import(options));
    expect(outcome).toMatchObject({ exitCode: 12, error: { kind: 'target' } });
    expect(await cut.rows('SELECT FROM child')).toEqual([]);
    expect(await catalogState(cut.database)).toEqual(before);
    expect(await cut.import({ ...options, truncate: true })).toMatchObject({ exitCode: 0 });
    expect(await catalogState(cut.database)).toEqual(before);
  });
});
