import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  readConstraintRights,
  type KeyRights,
} from '../../../../scripts/lib/target/constraints/rights.ts';
import { introspectTarget } from '../../../../scripts/lib/target/introspect.ts';
import { catalogState } from '../../../support/catalog-state.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/database.ts';
import { createOwner, type TestRole } from '../../../support/role.ts';
import { createScenario } from '../../../support/scenario.ts';
import { temporaryFolder } from '../../../support/temp.ts';

const folder = temporaryFolder();

/** One key each, named for what is special about it. */
const KEYS = `
  CREATE TABLE parent (id integer PRIMARY KEY);
  CREATE TABLE two_indexes (id integer PRIMARY KEY, other integer UNIQUE);
  CREATE UNIQUE INDEX ON two_indexes (id);
  CREATE UNIQUE INDEX ON two_indexes (other) WHERE other > 0;
  CREATE TABLE no_references (id integer PRIMARY KEY);
  CREATE TABLE no_select (id integer PRIMARY KEY);
  CREATE TABLE guarded (id integer PRIMARY KEY);
  ALTER TABLE guarded ENABLE ROW LEVEL SECURITY;
  ALTER TABLE guarded FORCE ROW LEVEL SECURITY;
  CREATE TABLE ancestor (id integer PRIMARY KEY);
  CREATE TABLE heir () INHERITS (ancestor);
  CREATE TABLE parts (id integer PRIMARY KEY) PARTITION BY RANGE (id);
  CREATE TABLE part PARTITION OF parts FOR VALUES FROM (0) TO (10);
  CREATE TABLE child (id integer PRIMARY KEY,
    n integer CONSTRAINT plain REFERENCES parent,
    CONSTRAINT itself FOREIGN KEY (n) REFERENCES child DEFERRABLE,
    CONSTRAINT other_column FOREIGN KEY (n) REFERENCES two_indexes (other),
    CONSTRAINT ambiguous FOREIGN KEY (n) REFERENCES two_indexes (id),
    CONSTRAINT no_references FOREIGN KEY (n) REFERENCES no_references,
    CONSTRAINT no_select FOREIGN KEY (n) REFERENCES no_select,
    CONSTRAINT guarded FOREIGN KEY (n) REFERENCES guarded,
    CONSTRAINT inherited FOREIGN KEY (n) REFERENCES ancestor,
    CONSTRAINT parts FOREIGN KEY (n) REFERENCES parts,
    CONSTRAINT one_part FOREIGN KEY (n) REFERENCES part);
  ALTER TABLE child ADD CONSTRAINT not_validated FOREIGN KEY (n) REFERENCES parent NOT VALID;
  CREATE TABLE unchecked (id integer PRIMARY KEY, n integer CONSTRAINT disabled REFERENCES parent);
  CREATE TABLE checked_always (id integer PRIMARY KEY, n integer CONSTRAINT always REFERENCES parent);`;

/** What only a superuser, or another owner, can bring about. */
const BY_OTHERS = (owner: string): string => `
  CREATE SCHEMA core; GRANT USAGE ON SCHEMA core TO "${owner}";
  CREATE TABLE core.parent (id integer PRIMARY KEY);
  GRANT SELECT, REFERENCES ON core.parent TO "${owner}";
  CREATE TABLE core.writable (id integer PRIMARY KEY); GRANT ALL ON core.writable TO "${owner}";
  ALTER TABLE child ADD CONSTRAINT of_others FOREIGN KEY (n) REFERENCES core.parent,
    ADD CONSTRAINT of_others_writable FOREIGN KEY (n) REFERENCES core.writable;
  REVOKE REFERENCES ON no_references FROM "${owner}";
  REVOKE SELECT ON no_select FROM "${owner}";
  ALTER TABLE unchecked DISABLE TRIGGER ALL;
  DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT tgname FROM pg_trigger WHERE tgrelid = 'checked_always'::regclass LOOP
      EXECUTE format('ALTER TABLE checked_always ENABLE ALWAYS TRIGGER %I', name);
    END LOOP;
  END $$;`;

/** A key that compares ranges, and one that checks nothing: both came with PostgreSQL 18. */
const SINCE_18 = `
  CREATE TABLE stay (room int4range, during daterange, PRIMARY KEY (room, during WITHOUT OVERLAPS));
  CREATE TABLE visit (id integer PRIMARY KEY, room int4range, during daterange,
    CONSTRAINT temporal FOREIGN KEY (room, PERIOD during) REFERENCES stay (room, PERIOD during));
  ALTER TABLE child ADD CONSTRAINT not_enforced FOREIGN KEY (n) REFERENCES parent NOT ENFORCED;`;

const NONE: KeyRights = { mayProve: false, mayDrop: false, isChecked: true };
const PROVE: KeyRights = { mayProve: true, mayDrop: false, isChecked: true };
const DROP: KeyRights = { mayProve: true, mayDrop: true, isChecked: true };

/** What the role of this URL may do, by the names of the keys. */
async function rightsOf(url: string): Promise<Record<string, KeyRights>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const catalog = await introspectTarget(client, 'public');
    const { keys } = await readConstraintRights(client, catalog);
    return Object.fromEntries([...keys].map(([key, rights]) => [key.name, rights]));
  } finally {
    await client.end();
  }
}

describe('what an owner may do with foreign keys', () => {
  let database: TestDatabase;
  let owner: TestRole;
  let is18 = false;

  beforeAll(async () => {
    database = await createTestDatabase();
    owner = await createOwner(database);
    const [server] = await database.query<{ is18: boolean }>(
      `SELECT current_setting('server_version_num')::integer >= 180000 AS is18`,
    );
    is18 = server?.is18 === true;
    await database.query(`SET ROLE "${owner.name}"; ${KEYS} ${is18 ? SINCE_18 : ''}`);
    await database.query(BY_OTHERS(owner.name));
  });
  afterAll(async () => database.drop());

  it('is known for each before any is dropped', async () => {
    const since18 = { temporal: NONE, not_enforced: { ...PROVE, isChecked: true } };
    expect(await rightsOf(owner.url)).toEqual({
      plain: DROP,
      itself: DROP,
      other_column: DROP,
      one_part: DROP,
      ambiguous: PROVE,
      no_references: PROVE,
      not_validated: PROVE,
      parts: PROVE,
      of_others_writable: PROVE,
      disabled: { ...PROVE, isChecked: false },
      always: NONE,
      of_others: NONE,
      no_select: NONE,
      guarded: NONE,
      inherited: NONE,
      ...(is18 ? since18 : {}),
    });
  });

  it('is all that a superuser may, but for what would not come back as it was', async () => {
    const rights = await rightsOf(database.url);
    for (const name of ['of_others', 'no_references', 'no_select', 'guarded']) {
      expect(rights[name]).toEqual(DROP);
    }
    for (const name of ['ambiguous', 'not_validated', 'parts']) expect(rights[name]).toEqual(PROVE);
  });
});

const SOURCE = `
  CREATE TABLE parent (id INTEGER PRIMARY KEY); CREATE TABLE child (id INTEGER PRIMARY KEY, parent_id INTEGER);
  INSERT INTO parent VALUES (1), (2); INSERT INTO child VALUES (10, 1), (20, 2), (30, 3);`;
const TARGET = `
  CREATE TABLE parent (id integer PRIMARY KEY);
  CREATE TABLE child (id integer PRIMARY KEY, parent_id integer REFERENCES parent);`;

describe('an owner', () => {
  it('who may not refer to the parent loads with its foreign keys in place', async () => {
    const scenario = await createScenario(folder, {
      importer: 'owner',
      source: SOURCE.replace('(30, 3)', '(30, NULL)'),
      target: `${TARGET} REVOKE REFERENCES ON parent FROM CURRENT_USER;`,
    });
    const before = await catalogState(scenario.database);
    expect(await scenario.import()).toMatchObject({ exitCode: 0, report: { totalRows: 5 } });
    expect(await catalogState(scenario.database)).toEqual(before);
  });

  it.each([{}, { keepConstraints: true }])(
    "whose foreign key's triggers somebody disabled has it proven by a query (%o)",
    async (options) => {
      const scenario = await createScenario(folder, {
        importer: 'owner',
        source: SOURCE,
        target: TARGET,
      });
      await scenario.rows('ALTER TABLE child DISABLE TRIGGER ALL');
      const before = await catalogState(scenario.database);
      expect(await scenario.import({ ...options, append: true })).toMatchObject({
        exitCode: 3,
        findings: [{ code: 'orphan', total: 1, examples: [{ detail: 'parent_id=3' }] }],
      });
      expect(await scenario.rows('SELECT FROM child')).toEqual([]);
      expect(await catalogState(scenario.database)).toEqual(before);
    },
  );
});
