import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImportOptions } from '../../../../scripts/lib/commands/import.ts';
import {
  IndexesRefused,
  loadWithoutIndexes,
} from '../../../../scripts/lib/target/constraints/dropped-indexes.ts';
import type { Progress } from '../../../../scripts/lib/model/progress.ts';
import { readDroppableIndexes } from '../../../../scripts/lib/target/constraints/index-rights.ts';
import { quietContext } from '../../../support/artifact.ts';
import { importInProcess } from '../../../support/in-process.ts';
import { catalogState, indexNumbers } from '../../../support/catalog-state.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/database.ts';
import { createOwner, type TestRole } from '../../../support/role.ts';
import { createScenario, IMPORTERS, type Scenario } from '../../../support/scenario.ts';
import { temporaryFolder } from '../../../support/temp.ts';

const folder = temporaryFolder();

/** Indexes that their definition says all of. */
const WHOLE = `
  CREATE TABLE item (id integer, a integer, b text, c varchar(20), d integer[],
    CONSTRAINT "the ""first""" PRIMARY KEY (id) INCLUDE (a),
    CONSTRAINT both_nulls UNIQUE NULLS NOT DISTINCT (a, b));
  CREATE INDEX plain ON item (a);
  CREATE INDEX "Down and up" ON item (a DESC, b NULLS FIRST, id ASC NULLS LAST);
  CREATE UNIQUE INDEX covering ON item (c COLLATE "C" text_pattern_ops, id) INCLUDE (d);
  CREATE INDEX roomy ON item (b) WITH (fillfactor = 50, deduplicate_items = off);
  CREATE INDEX hashed ON item USING hash (b);
  CREATE INDEX elements ON item USING gin (d) WITH (fastupdate = off);
  CREATE INDEX ranges ON item USING brin (id int4_minmax_multi_ops (values_per_range = 16));`;

/** Indexes with something about them that stays behind, named for it. */
const PARTICULAR = `
  CREATE TABLE other (id integer, a integer, b text, n integer GENERATED ALWAYS AS IDENTITY,
    CONSTRAINT referred PRIMARY KEY (id));
  CREATE TABLE child (id integer, other_id integer REFERENCES other, up integer,
    CONSTRAINT referred_by_itself PRIMARY KEY (id), FOREIGN KEY (up) REFERENCES child);
  CREATE INDEX expression ON other (lower(b));
  CREATE INDEX part ON other (a) WHERE a > 0;
  CREATE INDEX commented ON other (a); COMMENT ON INDEX commented IS 'why';
  CREATE INDEX clustered ON other (a); ALTER TABLE other CLUSTER ON clustered;
  CREATE TABLE noted (id integer NOT NULL, a integer NOT NULL, b integer, c integer,
    CONSTRAINT commented_key UNIQUE (a), CONSTRAINT grouped_by PRIMARY KEY (id),
    CONSTRAINT apart EXCLUDE USING btree (b WITH =), CONSTRAINT spacious UNIQUE (c) WITH (fillfactor = 60));
  COMMENT ON CONSTRAINT commented_key ON noted IS 'why';
  CREATE VIEW grouping AS SELECT id, a, count(*) FROM noted GROUP BY id;
  CREATE UNIQUE INDEX identity ON noted (id, a); ALTER TABLE noted REPLICA IDENTITY USING INDEX identity;
  CREATE TABLE late (id integer CONSTRAINT checked_late PRIMARY KEY DEFERRABLE);
  CREATE TABLE parts (id integer PRIMARY KEY) PARTITION BY RANGE (id);
  CREATE TABLE part_one PARTITION OF parts FOR VALUES FROM (0) TO (10);
  CREATE TABLE ancestor (id integer PRIMARY KEY); CREATE TABLE heir (PRIMARY KEY (id)) INHERITS (ancestor);`;

const DROPPABLE = {
  item: [
    'the "first"',
    'both_nulls',
    'plain',
    'Down and up',
    'covering',
    'roomy',
    'hashed',
    'elements',
    'ranges',
  ],
};

async function droppable(url: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return Object.fromEntries(await readDroppableIndexes(client, { schema: 'public' }));
  } finally {
    await client.end();
  }
}

describe('the indexes that may be dropped', () => {
  let database: TestDatabase;
  let owner: TestRole;
  beforeAll(async () => {
    database = await createTestDatabase();
    owner = await createOwner(database);
    await database.query(
      `SET ROLE "${owner.name}"; ${WHOLE} ${PARTICULAR} RESET ROLE;
       CREATE TABLE of_others (id integer PRIMARY KEY); GRANT ALL ON of_others TO "${owner.name}";
       CREATE EXTENSION citext; CREATE INDEX of_extension ON of_others (id);
       ALTER EXTENSION citext ADD TABLE of_others; ALTER INDEX of_extension DEPENDS ON EXTENSION citext;`,
    );
  });
  afterAll(async () => database.drop());

  it('are those that their definition says all of, in the order in which they were made', async () => {
    expect(await droppable(owner.url)).toEqual(DROPPABLE);
    expect(await droppable(database.url)).toEqual({ ...DROPPABLE, of_others: ['of_others_pkey'] });
  });

  it('are none where the role may make none, and none where an event trigger would act', async () => {
    await database.query(`REVOKE CREATE ON SCHEMA public FROM "${owner.name}", PUBLIC`);
    await database.query('ALTER SCHEMA public OWNER TO CURRENT_USER');
    expect(await droppable(owner.url)).toEqual({});
    await database.query(`GRANT CREATE ON SCHEMA public TO "${owner.name}"`);
    expect(await droppable(owner.url)).toEqual(DROPPABLE);
    await database.query(`
      CREATE FUNCTION watch() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN END $$;
      CREATE EVENT TRIGGER watches ON sql_drop EXECUTE FUNCTION watch();`);
    expect(await droppable(owner.url)).toEqual({});
    await database.query('ALTER EVENT TRIGGER watches DISABLE');
    expect(await droppable(owner.url)).toEqual(DROPPABLE);
  });
});

const SOURCE = `
  CREATE TABLE item (id INTEGER PRIMARY KEY, a INTEGER, b TEXT, c TEXT);
  CREATE TABLE other (id INTEGER PRIMARY KEY, a INTEGER, b TEXT);
  CREATE TABLE child (id INTEGER PRIMARY KEY, other_id INTEGER, up INTEGER);
  CREATE TABLE noted (id INTEGER PRIMARY KEY, a INTEGER NOT NULL, b INTEGER, c INTEGER);
  WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300)
    INSERT INTO item SELECT i, (i * 7) % 300, nullif('b' || i, 'b7'), 'c' || i FROM n;
  INSERT INTO other SELECT id, a, b FROM item; INSERT INTO child SELECT id, a + 1, 301 - id FROM item;
  INSERT INTO noted SELECT id, a, a, a FROM item;`;
const ALWAYS = { rowsToDropIndexes: 1 } as const;

/** Imports, and tells the indexes that are others than before; all the rest of the catalog must be as it was. */
const remadeBy = async (
  { database, import: load }: Scenario,
  options: Partial<ImportOptions>,
): Promise<string[]> => {
  const before = await catalogState(database);
  const numbers = await indexNumbers(database);
  expect(await load(options)).toMatchObject({ exitCode: 0 });
  expect(await catalogState(database)).toEqual(before);
  const after = await indexNumbers(database);
  return [...numbers].filter(([name, number]) => after.get(name) !== number).map(([name]) => name);
};

describe.each(IMPORTERS)('loaded by a %s', (importer) => {
  const scenario = async (target: string, source = SOURCE): Promise<Scenario> =>
    createScenario(folder, { source, target, importer });
  it('indexes are dropped and built, and are what they were', async () => {
    const loaded = await scenario(WHOLE + PARTICULAR);
    expect(await remadeBy(loaded, { ...ALWAYS, dryRun: true })).toEqual([]);
    expect(await remadeBy(loaded, ALWAYS)).toEqual(DROPPABLE.item.toSorted());
    expect(await loaded.rows('SELECT FROM item')).toHaveLength(300);
    expect(await remadeBy(loaded, { ...ALWAYS, truncate: true, jobs: 2 })).toEqual(
      DROPPABLE.item.toSorted(),
    );
  });

  it('what it does beside copying rows is shown while it goes on', async () => {
    const { artifact, url } = await scenario(
      `CREATE TABLE item (id integer PRIMARY KEY, a integer, b text, c text);
       CREATE INDEX by_a ON item (a);
       CREATE TABLE child (id integer PRIMARY KEY, other_id integer, up integer CONSTRAINT goes_up REFERENCES item);`,
      `${SOURCE} DROP TABLE other; DROP TABLE noted;`,
    );
    const [begun, open] = [new Set<string>(), new Set<string>()];
    const start: Progress['start'] = (label) => {
      begun.add(label);
      open.add(label);
      return { advance: () => undefined, done: () => open.delete(label) };
    };
    const context = { ...quietContext, progress: { start, note: () => undefined } };
    expect(await importInProcess(artifact, url, ALWAYS, context)).toMatchObject({ exitCode: 0 });
    expect([...begun].filter((label) => /index|foreign|ANALYZE/.test(label)).toSorted()).toEqual([
      'child: ANALYZE',
      'child: building the index child_pkey',
      'child: proving the foreign key goes_up',
      'item: ANALYZE',
      'item: building the index by_a',
    ]);
    expect(open.size).toBe(0);
  });

  it.each([
    ['that get few rows', { rowsToDropIndexes: 301 }],
    ['with --keep-constraints', { ...ALWAYS, keepConstraints: true }],
    ['beside rows that are there', { ...ALWAYS, append: true }],
    ['where rows may be there already', { ...ALWAYS, onConflict: 'skip' }],
  ] as const)('indexes of tables %s stay in place', async (_, options) => {
    expect(await remadeBy(await scenario(WHOLE + PARTICULAR), options)).toEqual([]);
  });

  it.each([
    [
      'twice in an index whose collation takes two texts for one',
      `CREATE COLLATION alike (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
       CREATE TABLE item (id integer PRIMARY KEY, a integer, b text, c text);
       CREATE UNIQUE INDEX once ON item (b COLLATE alike);`,
      "UPDATE item SET b = 'B5' WHERE id = 9",
      'id=9',
    ],
    [
      'too long for an index',
      'CREATE TABLE item (id integer PRIMARY KEY, a integer, b text, c text); CREATE INDEX once ON item (b);',
      'UPDATE item SET b = hex(randomblob(9000)) WHERE id = 5',
      'id=5',
    ],
  ])('a key that is %s is told as with indexes in place', async (_, item, change, rowKey) => {
    const refused = await scenario(item + PARTICULAR, `${SOURCE} ${change};`);
    const before = await catalogState(refused.database);
    const told = await refused.import({ ...ALWAYS, keepConstraints: true, dryRun: true });
    expect(told.exitCode).toBe(3);
    expect(told.findings[0]).toMatchObject({
      code: 'row-rejected',
      where: { table: 'item' },
      examples: [{ rowKey }],
    });
    for (const options of [{ dryRun: true }, {}, { restart: true, truncate: true, jobs: 2 }]) {
      const { exitCode, findings } = await refused.import({ ...ALWAYS, ...options });
      expect({ exitCode, findings }).toEqual({ exitCode: 3, findings: told.findings });
      expect(await refused.rows('SELECT FROM item')).toEqual([]);
      expect(await catalogState(refused.database)).toEqual(before);
    }
  });
});

const connected = async <T>(work: (client: pg.Client, scenario: Scenario) => Promise<T>) => {
  const scenario = await createScenario(folder, { source: SOURCE, target: WHOLE });
  const client = new pg.Client({ connectionString: scenario.url });
  await client.connect();
  try {
    return await work(client, scenario);
  } finally {
    await client.end();
  }
};

describe('a table without its indexes', () => {
  const indexes = DROPPABLE.item;
  const without = async (client: pg.Client, load: string): Promise<unknown> =>
    loadWithoutIndexes(
      {
        client,
        catalog: { schema: 'public' },
        table: { name: 'item' },
        indexes,
        ...quietContext,
      },
      async () => client.query(load),
    );

  it('is refused when one of them would come back otherwise', async () => {
    await connected(async (client, { database }) => {
      const before = await catalogState(database);
      await client.query('BEGIN');
      const refused = without(client, 'ALTER TABLE item ALTER COLUMN a TYPE bigint');
      await expect(refused).rejects.toThrow(IndexesRefused);
      await expect(refused).rejects.toThrow('item: the index the "first" is not what it was');
      await client.query('ROLLBACK');
      expect(await catalogState(database)).toEqual(before);
    });
  });

  it('gets them in the tablespace that they had, whatever the session would take', async () => {
    await connected(async (client, { database }) => {
      const before = await catalogState(database);
      const elsewhere = `elsewhere_${database.name}`;
      await client.query('SET allow_in_place_tablespaces = on');
      await client.query(`CREATE TABLESPACE ${elsewhere} LOCATION ''`);
      try {
        await client.query(`SET default_tablespace = ${elsewhere}; BEGIN`);
        await without(
          client,
          "INSERT INTO item (id, b) SELECT i, 'b' || i FROM generate_series(1, 100) AS i",
        );
        await client.query('COMMIT');
        expect(await catalogState(database)).toEqual(before);
      } finally {
        await client.query('ROLLBACK');
        await client.query(`DROP TABLESPACE ${elsewhere}`);
      }
    });
  });
});
