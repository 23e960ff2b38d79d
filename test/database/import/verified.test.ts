import { readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { runScript } from '../../support/run-script.ts';
import { createScenario, type Scenario } from '../../support/scenario.ts';
import { dataFileOf } from '../../support/tampering.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();

const SOURCE = `
  CREATE TABLE shop (id INTEGER PRIMARY KEY, name TEXT);
  CREATE TABLE sale (id INTEGER PRIMARY KEY, shop INTEGER REFERENCES shop, price REAL, at TEXT);
  INSERT INTO shop VALUES (1, 'Berlin'), (2, 'Paris');
  INSERT INTO sale VALUES (1, 1, 1.5, '2024-01-31T12:00:00.500Z'), (2, 2, 0.1, NULL), (3, 2, -0.0, '2024-02-29');`;
const TARGET = `
  CREATE TABLE shop (id integer PRIMARY KEY, name text);
  CREATE TABLE sale (id integer PRIMARY KEY, shop integer REFERENCES shop, price float8, at timestamptz);`;

let scenario: Scenario;

beforeEach(async () => {
  scenario = await createScenario(folder, { source: SOURCE, target: TARGET });
  const { exitCode, stderr } = await runScript('verify', [scenario.artifact]);
  if (exitCode !== 0) throw new Error(stderr);
});

/** Writes something else of the same length into a data file. */
function change(table: string, from: string, to: string): void {
  const file = join(scenario.artifact, dataFileOf(scenario.artifact, table));
  const text = readFileSync(file, 'utf8');
  expect(text).toContain(from);
  writeFileSync(file, text.replace(from, to));
}

/** The same, by something that leaves the time of the file as it was. */
function changeUnseen(table: string, from: string, to: string): void {
  const file = join(scenario.artifact, dataFileOf(scenario.artifact, table));
  const { atime, mtime } = statSync(file);
  change(table, from, to);
  utimesSync(file, atime, mtime);
}

const judgedBy = ({ report }: Awaited<ReturnType<Scenario['import']>>) =>
  report?.tables.map((table) => table.judgedBy);

const digestsOf = ({ report }: Awaited<ReturnType<Scenario['import']>>) =>
  report?.tables.map(({ source, digest, rowCount }) => ({ source, digest, rowCount }));

it('an artifact that was verified is loaded as one that was not', async () => {
  const verified = await scenario.import();
  expect(verified).toMatchObject({ exitCode: 0, report: { verifiedAt: expect.any(String) } });
  const other = await createScenario(folder, { source: SOURCE, target: TARGET });
  const checked = await other.import();
  expect(checked).toMatchObject({ exitCode: 0, report: { verifiedAt: null } });
  expect(digestsOf(verified)).toEqual(digestsOf(checked));
  expect([judgedBy(verified), judgedBy(checked)]).toEqual([
    ['facts', 'facts'],
    ['rows', 'rows'],
  ]);
  const held = 'SELECT * FROM sale ORDER BY id';
  expect(await scenario.rows(held)).toEqual(await other.rows(held));
  const inJournal = 'SELECT target_table, digest FROM sqlite_migration.tables ORDER BY 1';
  expect(await scenario.rows(inJournal)).toEqual(await other.rows(inJournal));
  expect((await scenario.rows(inJournal)).every(({ digest }) => digest !== null)).toBe(true);
});

it('only the values of columns that the verification leaves open are tried', async () => {
  await scenario.database.query('ALTER TABLE sale ALTER COLUMN price TYPE float4');
  const { exitCode, findings } = await scenario.import();
  expect({ exitCode, findings }).toMatchObject({
    exitCode: 3,
    findings: [{ code: 'value-precision', total: 1, examples: [{ rowKey: 'id=2', line: 2 }] }],
  });
  await scenario.database.query('ALTER TABLE sale ALTER COLUMN price TYPE numeric');
  await scenario.database.query(
    'ALTER TABLE shop ALTER COLUMN name TYPE jsonb USING to_jsonb(name)',
  );
  const refused = await scenario.import();
  expect(judgedBy(refused)).toEqual(['columns', 'facts']);
  expect(refused.findings).toMatchObject([{ code: 'value-format', total: 2 }]);
  expect(await scenario.rows('SELECT * FROM shop')).toEqual([]);
});

it('a dry run says the digests that the load gives', async () => {
  const dry = await scenario.import({ dryRun: true });
  expect(digestsOf(dry)).toEqual(digestsOf(await scenario.import()));
});

it('a target that has conditions of its own judges every row', async () => {
  await scenario.database.query('ALTER TABLE sale ADD CHECK (price < 1)');
  const { findings, ...result } = await scenario.import();
  expect(findings).toMatchObject([{ code: 'check-broken', total: 1 }]);
  expect(judgedBy({ ...result, findings })).toEqual(['facts', 'rows']);
});

it('a file that was changed unseen is not committed, and the load goes on from there', async () => {
  changeUnseen('sale', '2024-02-29', '2023-02-29');
  const stopped = await scenario.import();
  expect(stopped).toMatchObject({
    exitCode: 11,
    report: { failure: { code: 'artifact-changed', where: { table: 'sale' } } },
  });
  expect(await scenario.rows('SELECT * FROM sale')).toEqual([]);
  changeUnseen('sale', '2023-02-29', '2024-02-29');
  const resumed = await scenario.import();
  expect(resumed.report?.tables.map(({ state }) => state)).toEqual(['done-before', 'committed']);
  const other = await createScenario(folder, { source: SOURCE, target: TARGET });
  expect(digestsOf(resumed)).toEqual(digestsOf(await other.import()));
});

it('a line that was spoiled unseen is not committed', async () => {
  changeUnseen('sale', '"price":0.1', '"price":0,1');
  const { exitCode, report } = await scenario.import();
  expect({ exitCode, report }).toMatchObject({
    exitCode: 11,
    report: { failure: { code: 'artifact-changed', where: { table: 'sale' } } },
  });
  expect(await scenario.rows('SELECT * FROM sale')).toEqual([]);
});

it('a file that was changed since its verification is not committed', async () => {
  change('sale', '"price":1.5', '"price":2.5');
  const { exitCode, report } = await scenario.import();
  expect(exitCode).toBe(11);
  expect(report?.failure).toMatchObject({
    code: 'artifact-changed',
    where: { table: 'sale', file: 'data/002-sale.ndjson' },
  });
  expect(await scenario.rows('SELECT * FROM sale')).toEqual([]);
});

it('a line that is no row any more is told, and nothing is written', async () => {
  change('sale', '"price":0.1', '"price":0,1');
  const { exitCode, findings } = await scenario.import();
  expect(exitCode).toBe(11);
  expect(findings.map(({ code }) => code)).toEqual(
    expect.arrayContaining(['line-malformed', 'checksum']),
  );
  expect(await scenario.rows('SELECT * FROM shop')).toEqual([]);
});

it('a value that does not fit any more is told beside the file that was changed', async () => {
  change('sale', '2024-02-29', '2023-02-29');
  const { findings } = await scenario.import();
  expect(findings.map(({ code }) => code)).toEqual(
    expect.arrayContaining(['value-range', 'checksum']),
  );
  expect(await scenario.rows('SELECT * FROM shop')).toEqual([]);
});

it('values are held against the target, verified or not', async () => {
  await scenario.database.query('ALTER TABLE sale ALTER COLUMN at SET NOT NULL');
  const { exitCode, findings } = await scenario.import();
  expect({ exitCode, findings }).toMatchObject({
    exitCode: 3,
    findings: [{ code: 'value-null', examples: [{ rowKey: 'id=2', line: 2 }] }],
  });
});
