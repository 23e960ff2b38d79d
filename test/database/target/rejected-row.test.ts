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

  it('is named by table, row key and line when it breaks a CHECK', async () => {
    const checked = await scenario(
      `CREATE TABLE account (${COLUMNS}, CONSTRAINT no_debt CHECK (balance >= 0));`,
    );
    const { exitCode, findings } = await checked.import();
    expect(exitCode).toBe(3);
    expect(findings).toMatchObject([
      {
        code: 'row-rejected',
        severity: 'blocking',
        where: { table: 'account', constraint: 'no_debt', file: 'data/001-account.ndjson' },
        examples: [BAD_ROW],
      },
    ]);
    expect(await checked.rows('SELECT * FROM account')).toEqual([]);
  });

  it('is named by its own line in a table whose name looks like a line', async () => {
    const odd = await createScenario(folder, {
      importer,
      source: `CREATE TABLE "a, b2" (id INTEGER PRIMARY KEY); INSERT INTO "a, b2" VALUES (1), (2), (30);`,
      target: 'CREATE TABLE "a, b2" (id integer PRIMARY KEY CHECK (id < 9));',
    });
    expect(await odd.import()).toMatchObject({
      exitCode: 3,
      findings: [{ code: 'row-rejected', examples: [{ rowKey: 'id=30', line: 3 }] }],
    });
  });

  it('is named when it breaks a unique key that only the target has', async () => {
    const unique = await scenario(
      `CREATE TABLE account (${COLUMNS}); CREATE UNIQUE INDEX one ON account (nr);`,
    );
    const { exitCode, findings } = await unique.import();
    expect(exitCode).toBe(3);
    expect(findings).toMatchObject([
      { code: 'row-rejected', where: { table: 'account', constraint: 'one' }, examples: [BAD_ROW] },
    ]);
    expect(findings[0]?.examples[0]?.detail).toContain('(nr)=(1)');
  });

  it('is named when it is a key that stands in the target already', async () => {
    const filled = await scenario(
      `CREATE TABLE account (${COLUMNS}); INSERT INTO account VALUES ('south', 1, 0);`,
    );
    const { exitCode, findings } = await filled.import({ append: true });
    expect(exitCode).toBe(3);
    expect(findings).toMatchObject([
      {
        code: 'row-rejected',
        where: { table: 'account', constraint: 'account_pkey' },
        examples: [BAD_ROW],
      },
    ]);
    expect(await filled.rows('SELECT balance FROM account')).toEqual([{ balance: 0 }]);
  });

  it('is named when a function of a CHECK fails on it', async () => {
    const failing = await scenario(
      `CREATE FUNCTION is_fine(n integer) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
         BEGIN RETURN 1 / (n + 5) >= 0; END $$;
       CREATE TABLE account (${COLUMNS}, CHECK (is_fine(balance)));`,
    );
    const { exitCode, findings } = await failing.import();
    expect(exitCode).toBe(3);
    expect(findings).toMatchObject([
      { code: 'row-rejected', where: { table: 'account' }, examples: [BAD_ROW] },
    ]);
  });
});

it('is found by its line when the table has no key', async () => {
  const keyless = await createScenario(folder, {
    source: "CREATE TABLE note (text TEXT); INSERT INTO note VALUES ('a'), ('b'), ('');",
    target: `CREATE TABLE note (text text CHECK (text <> ''));`,
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
