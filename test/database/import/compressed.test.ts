import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { compareInProcess } from '../../support/comparison.ts';
import { decompressFile, recompressFile, replaceBytes } from '../../support/compressed.ts';
import { runScript } from '../../support/run-script.ts';
import { createScenario, type Scenario, type ScenarioOptions } from '../../support/scenario.ts';
import { dataFileOf } from '../../support/tampering.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();

const SOURCE = `
  CREATE TABLE shop (id INTEGER PRIMARY KEY, name TEXT);
  CREATE TABLE sale (id INTEGER PRIMARY KEY, shop INTEGER REFERENCES shop, price REAL, note TEXT, raw BLOB);
  INSERT INTO shop VALUES (1, 'Berlin'), (2, 'Größe' || char(10) || '\\t');
  WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
    INSERT INTO sale SELECT i, 1 + i % 2, i / 7.0, printf('note %d', i), CAST(i AS BLOB) FROM n;`;
const TARGET = `
  CREATE TABLE shop (id integer PRIMARY KEY, name text);
  CREATE TABLE sale (id integer PRIMARY KEY, shop integer REFERENCES shop, price float8, note text, raw bytea);`;

async function compressedScenario(options: Partial<ScenarioOptions> = {}): Promise<Scenario> {
  return createScenario(folder, { source: SOURCE, target: TARGET, compress: 'gzip', ...options });
}

const digestsOf = ({ report }: Awaited<ReturnType<Scenario['import']>>) =>
  report?.tables.map(({ source, digest, rowCount }) => ({ source, digest, rowCount }));
const ALL = 'SELECT * FROM shop JOIN sale ON sale.shop = shop.id ORDER BY sale.id';

it('a compressed artifact is loaded as a plain one, and its rows are those of the target', async () => {
  const scenario = await compressedScenario();
  expect(await scenario.import({ dryRun: true })).toMatchObject({ exitCode: 0 });
  expect(await scenario.rows(ALL)).toEqual([]);
  const loaded = await scenario.import();
  const plain = await createScenario(folder, { source: SOURCE, target: TARGET });
  expect(digestsOf(loaded)).toEqual(digestsOf(await plain.import()));
  expect(await scenario.rows(ALL)).toEqual(await plain.rows(ALL));
  const { exitCode, comparison } = await compareInProcess(scenario.artifact, scenario.url);
  expect(exitCode).toBe(0);
  expect(comparison.tables.map(({ rowsEqual }) => rowsEqual)).toEqual([2, 20_000]);
});

it('what was compressed otherwise since is loaded, which is told', async () => {
  const scenario = await compressedScenario();
  decompressFile(scenario.artifact, dataFileOf(scenario.artifact, 'shop'));
  recompressFile(scenario.artifact, dataFileOf(scenario.artifact, 'sale'));
  const { exitCode, findings } = await scenario.import();
  expect(exitCode).toBe(0);
  expect(findings).toMatchObject([{ code: 'file-recompressed', severity: 'warning', total: 2 }]);
  expect(await scenario.rows('SELECT count(*) FROM sale')).toEqual([{ count: '20000' }]);
});

it('damage is found before anything is written', async () => {
  const scenario = await compressedScenario();
  const file = dataFileOf(scenario.artifact, 'sale');
  replaceBytes(scenario.artifact, file, (bytes) => bytes.subarray(0, bytes.length >> 1));
  const { exitCode, findings } = await scenario.import();
  expect(exitCode).toBe(11);
  expect(findings).toContainEqual(
    expect.objectContaining({ code: 'file-damaged', where: { table: 'sale', file } }),
  );
  expect(await scenario.rows('SELECT * FROM shop')).toEqual([]);
});

it('other rows than those that were verified are not committed', async () => {
  const scenario = await compressedScenario();
  const verified = await runScript('verify', [scenario.artifact]);
  expect(verified.exitCode).toBe(0);
  const file = dataFileOf(scenario.artifact, 'sale');
  replaceBytes(scenario.artifact, file, (bytes) =>
    gzipSync(gunzipSync(bytes).toString('latin1').replace('note 77"', 'note 78"'), { level: 3 }),
  );
  const { exitCode, report } = await scenario.import();
  expect(exitCode).toBe(11);
  expect(report?.failure).toMatchObject({
    code: 'artifact-changed',
    where: { table: 'sale', file },
  });
  expect(await scenario.rows('SELECT * FROM sale')).toEqual([]);
});

it('a row that PostgreSQL refuses is named by its line', async () => {
  const target = TARGET.replace(
    'raw bytea',
    'raw bytea, EXCLUDE USING btree (shop WITH =) WHERE (id IN (11, 12345))',
  );
  const scenario = await compressedScenario({ target });
  const { findings } = await scenario.import();
  expect(findings).toContainEqual(
    expect.objectContaining({
      code: 'row-rejected',
      examples: [expect.objectContaining({ line: 12_345, rowKey: 'id=12345' })],
    }),
  );
});
