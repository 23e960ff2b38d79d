import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createScenario, IMPORTERS, type Scenario } from '../../support/scenario.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();

const ACCOUNTS = `
  CREATE TABLE account (region TEXT, nr INTEGER, balance INTEGER, PRIMARY KEY (region, nr));
  INSERT INTO account VALUES ('north', 1, 10), ('north', 2, 20), ('south', 1, -5), ('south', 2, 7);`;
const COLUMNS = 'region text, nr integer, balance integer, PRIMARY KEY (region, nr)';

const BAD_ROW = { rowKey: 'region="south", nr=1', line: 3 };

describe.each(IMPORTERS)('a row that PostgreSQL refuses when a %s loads it', (importer) => {
  const scenario = async (target: string): Promise<Scenario> =>
    createScenario(folder, { source: ACCOUNTS, target, importer });

  it('is named by table, row key and line when it breaks an exclusion constraint', async () => {
    const excluding = await scenario(
      `CREATE TABLE account (${COLUMNS}, CONSTRAINT apart EXCLUDE USING hash (nr WITH =) WHERE (balance < 0 OR nr = 1));`,
    );
    const { exitCode, findings } = await excluding.import();
    expect(exitCode).toBe(3);
    expect(findings).toMatchObject([
      {
        code: 'row-rejected',
        severity: 'blocking',
        where: { table: 'account', constraint: 'apart', file: 'data/001-account.ndjson' },
        examples: [BAD_ROW],
      },
    ]);
    expect(await excluding.rows('SELECT * FROM account')).toEqual([]);
  });

  it('is named by its own line in a table whose name looks like a line', async () => {
    const odd = await createScenario(folder, {
      importer,
      source: `CREATE TABLE "a, b2" (id INTEGER PRIMARY KEY); INSERT INTO "a, b2" VALUES (1), (2), (30);`,
      target:
        'CREATE TABLE "a, b2" (id integer PRIMARY KEY); CREATE UNIQUE INDEX one ON "a, b2" ((id % 29));',
    });
    expect(await odd.import()).toMatchObject({
      exitCode: 3,
      findings: [{ code: 'row-rejected', examples: [{ rowKey: 'id=30', line: 3 }] }],
    });
  });

  it.each([
    ['over an expression', '((nr % 2), (region IS NULL)) WHERE nr <> 2'],
    ['over some rows', '(nr) WHERE nr = 1'],
  ])('is named when it breaks a unique index %s', async (_, over) => {
    const unique = await scenario(
      `CREATE TABLE account (${COLUMNS}); CREATE UNIQUE INDEX one ON account ${over};`,
    );
    const { exitCode, findings } = await unique.import();
    expect(exitCode).toBe(3);
    expect(findings).toMatchObject([
      { code: 'row-rejected', where: { table: 'account', constraint: 'one' }, examples: [BAD_ROW] },
    ]);
    expect(findings[0]?.examples[0]?.detail).toContain('already exists');
  });

  it('is named when the function of an index fails on it', async () => {
    const failing = await scenario(
      `CREATE TABLE account (${COLUMNS}); CREATE INDEX share ON account ((1 / (balance + 5)));`,
    );
    const { exitCode, findings } = await failing.import();
    expect(exitCode).toBe(3);
    expect(findings).toMatchObject([
      { code: 'row-rejected', where: { table: 'account' }, examples: [BAD_ROW] },
    ]);
  });

  it('is named when its key is too long for an index', async () => {
    const long = await createScenario(folder, {
      importer,
      source: `CREATE TABLE note (id INTEGER PRIMARY KEY, body TEXT);
        INSERT INTO note VALUES (1, 'short'), (5, hex(randomblob(9000)));`,
      target: 'CREATE TABLE note (id integer PRIMARY KEY, body text UNIQUE);',
    });
    expect(await long.import()).toMatchObject({
      exitCode: 3,
      findings: [{ code: 'row-rejected', examples: [{ rowKey: 'id=5', line: 2 }] }],
    });
  });

  it('is named by its line in the artifact when the mapping leaves rows before it out', async () => {
    const unique = await scenario(
      `CREATE TABLE account (${COLUMNS}); CREATE UNIQUE INDEX one ON account (abs(nr));`,
    );
    const mapping = join(folder, `left-out-${importer}.json`);
    const where = [{ column: 'balance', op: 'ne', value: 20 }];
    writeFileSync(mapping, JSON.stringify({ version: 1, tables: { account: { where } } }));
    expect(await unique.import({ mapping })).toMatchObject({
      exitCode: 3,
      findings: [{ code: 'row-rejected', examples: [BAD_ROW] }],
    });
  });
});

it('is found by its line when the table has no key', async () => {
  const keyless = await createScenario(folder, {
    source: "CREATE TABLE note (text TEXT); INSERT INTO note VALUES ('a'), ('b'), ('A');",
    target: 'CREATE TABLE note (text text); CREATE UNIQUE INDEX ON note (lower(text));',
  });
  const { findings } = await keyless.import();
  expect(findings).toMatchObject([{ examples: [{ line: 3 }] }]);
  expect(findings[0]?.examples[0]).not.toHaveProperty('rowKey');
});

it('a CHECK finds the functions and tables of the schema that is loaded', async () => {
  const other = await createScenario(folder, {
    source: `CREATE TABLE price (id INTEGER PRIMARY KEY, amount INTEGER); INSERT INTO price VALUES (1, 4);`,
    target: `CREATE SCHEMA shop; SET search_path = shop;
      CREATE FUNCTION half(n integer) RETURNS integer LANGUAGE sql AS 'SELECT n / 2';
      CREATE FUNCTION is_even(n integer) RETURNS boolean LANGUAGE plpgsql AS
        $$ BEGIN RETURN half(n) * 2 = n; END $$;
      CREATE TABLE price (id integer PRIMARY KEY, amount integer CHECK (is_even(amount)));`,
  });
  expect(await other.import({ schema: 'shop' })).toMatchObject({ exitCode: 0 });
  expect(await other.rows('SELECT amount FROM shop.price')).toEqual([{ amount: 4 }]);
});
