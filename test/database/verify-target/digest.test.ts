import { join } from 'node:path';
import { expect, it } from 'vitest';
import { analyzeSource } from '../../../scripts/lib/commands/analyze.ts';
import { quietContext } from '../../support/artifact.ts';
import { compareInProcess } from '../../support/comparison.ts';
import { runsOf } from '../../support/journal.ts';
import { createScenario } from '../../support/scenario.ts';
import { createSource } from '../../support/source-file.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();

const SOURCE = `
  CREATE TABLE account (id INTEGER PRIMARY KEY, name TEXT, balance NUMERIC, seen INTEGER, data TEXT);
  INSERT INTO account VALUES (-3, 'a', 1.50, 1700000000000, '{"b": 1, "a": [1.10]}'), (1, NULL, 2, 0, NULL), (20, '', -0.25, NULL, '"\u2028"');
  CREATE TABLE word (word TEXT PRIMARY KEY, weight REAL) WITHOUT ROWID;
  INSERT INTO word VALUES ('b', 0.1), ('Z', 1e300), ('é', 17.0), ('a b', NULL);
  CREATE TABLE event (n INTEGER);
  INSERT INTO event VALUES (2), (1), (2);`;

const TARGET = `
  CREATE TABLE account (id integer PRIMARY KEY, name text, balance numeric(10,2), seen timestamptz(3), data jsonb);
  CREATE TABLE word (word text PRIMARY KEY, weight double precision);
  CREATE TABLE event (n integer);`;

it('is the same of the source, in the import, in its journal and in the target', async () => {
  const scenario = await createScenario(folder, { source: SOURCE, target: TARGET });
  const source = createSource(join(folder, 'same.db'), SOURCE);
  const target = scenario.url;
  const analyzed = await analyzeSource({ source, samples: 0, target, env: {} }, quietContext);
  const imported = await scenario.import();
  expect([imported.exitCode, imported.error]).toEqual([0, undefined]);
  const { comparison } = await compareInProcess(scenario.artifact, target);
  const [run] = await runsOf(target);

  const inTarget = Object.fromEntries(
    comparison.tables.map((table) => [table.target, table.digest?.target]),
  );
  const before = Object.fromEntries(
    (analyzed.target?.tables ?? []).map((table) => [table.target, table.digest]),
  );
  expect(before).toEqual({ ...inTarget, event: null });
  expect(before['account']).toMatch(/^[0-9a-f]{64}$/);
  const reported = imported.report?.tables ?? [];
  for (const tables of [reported, run?.tables ?? []]) {
    expect(Object.fromEntries(tables.map((table) => [table.target, table.digest]))).toEqual(before);
  }
});

it('of a table that loads in another order than its key is left to the comparison', async () => {
  const scenario = await createScenario(folder, {
    source: `CREATE TABLE t (id TEXT PRIMARY KEY); INSERT INTO t VALUES ('10'), ('9');`,
    target: 'CREATE TABLE t (id integer PRIMARY KEY);',
  });
  const imported = await scenario.import();
  expect(imported).toMatchObject({ exitCode: 0, report: { tables: [{ digest: null }] } });
  const { comparison } = await compareInProcess(scenario.artifact, scenario.url);
  expect(comparison.tables[0]?.digest?.target).toBe(comparison.tables[0]?.digest?.archive);
});
