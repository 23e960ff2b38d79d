import { describe, expect, it } from 'vitest';
import { catalogState } from '../../../support/catalog-state.ts';
import { createScenario, type Scenario } from '../../../support/scenario.ts';
import { temporaryFolder } from '../../../support/temp.ts';
import { cutWhenItWaits, WAIT_FUNCTION } from '../../../support/waiting-session.ts';

const folder = temporaryFolder();

const SOURCE = `
  CREATE TABLE parent (id INTEGER PRIMARY KEY); CREATE TABLE child (id INTEGER PRIMARY KEY, a INTEGER, b INTEGER);
  INSERT INTO parent VALUES (1), (2); INSERT INTO child VALUES (1, 1, 2), (2, 2, 1);`;
const TARGET = `
  CREATE TABLE parent (id integer PRIMARY KEY);
  CREATE TABLE child (id integer PRIMARY KEY, a integer REFERENCES parent, b integer REFERENCES child DEFERRABLE);
  COMMENT ON CONSTRAINT child_a_fkey ON child IS 'the first';
  CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'it fired'; END $$;
  CREATE TRIGGER on_insert AFTER INSERT ON child FOR EACH ROW EXECUTE FUNCTION refuse();`;

/** A scenario of an owner, where a superuser has something done at the end of certain statements. */
async function watched(body: string, tags: readonly string[], prepare = ''): Promise<Scenario> {
  const scenario = await createScenario(folder, {
    source: SOURCE,
    target: TARGET,
    importer: 'owner',
  });
  await scenario.rows(`${prepare}
    CREATE FUNCTION meddle() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN ${body} END $$;
    CREATE EVENT TRIGGER meddles ON ddl_command_end WHEN TAG IN (${tags.map((tag) => `'${tag}'`).join(', ')})
      EXECUTE FUNCTION meddle();`);
  return scenario;
}

const ALTERING = ['ALTER TABLE', 'ALTER TRIGGER', 'COMMENT'];

describe('foreign keys that are dropped and added again', () => {
  it('are as they were, whichever statement fails', async () => {
    const scenario = await watched(
      "IF nextval('public.countdown') = 0 THEN RAISE 'this one fails'; END IF;",
      ALTERING,
      'CREATE SEQUENCE countdown MINVALUE -1000 START -1000; GRANT ALL ON SEQUENCE countdown TO PUBLIC;',
    );
    // The journal is there from now on, and its own statements are not among those that fail.
    expect(await scenario.import()).toMatchObject({ exitCode: 0 });
    await scenario.rows('TRUNCATE child, parent');
    const before = await catalogState(scenario.database);
    let failures = 0;
    for (;;) {
      await scenario.rows(`SELECT setval('countdown', ${-1 - failures})`);
      const { exitCode, error } = await scenario.import({ truncate: true, restart: true });
      expect(await catalogState(scenario.database)).toEqual(before);
      if (exitCode === 0) break;
      expect({ exitCode, error }).toMatchObject({
        exitCode: 12,
        error: { message: expect.stringContaining('this one fails') },
      });
      expect(await scenario.rows('SELECT FROM child')).toEqual([]);
      failures += 1;
    }
    // The user's trigger disabled and enabled twice, for its table is emptied with the parent too; two
    // keys dropped and added, a comment, eight names.
    expect(failures).toBe(17);
    expect(await scenario.rows('SELECT FROM child')).toHaveLength(2);
  });

  it('are as they were when the connection ends while they are added', async () => {
    const scenario = await watched('PERFORM wait(1);', ['ALTER TRIGGER'], WAIT_FUNCTION);
    const before = await catalogState(scenario.database);
    const outcome = await cutWhenItWaits(scenario.database, async () => scenario.import());
    expect(outcome).toMatchObject({ exitCode: 12 });
    expect(await scenario.rows('SELECT FROM child')).toEqual([]);
    expect(await catalogState(scenario.database)).toEqual(before);
  });

  it('that do not come back as they were are refused, with the way round it', async () => {
    const scenario = await watched(
      `IF current_query() LIKE '%ADD CONSTRAINT "child_b_fkey"%' THEN
         COMMENT ON CONSTRAINT child_b_fkey ON child IS 'of another hand';
       END IF;`,
      ['ALTER TABLE'],
    );
    const before = await catalogState(scenario.database);
    expect(await scenario.import()).toMatchObject({
      exitCode: 12,
      error: {
        code: 'constraint-changed',
        where: { table: 'child', constraint: 'child_b_fkey' },
        hint: expect.stringContaining('--keep-constraints'),
      },
    });
    expect(await scenario.rows('SELECT FROM child')).toEqual([]);
    expect(await catalogState(scenario.database)).toEqual(before);
    const options = { truncate: true, keepConstraints: true };
    expect(await scenario.import(options)).toMatchObject({ exitCode: 0 });
    expect(await catalogState(scenario.database)).toEqual(before);
  });
});
