import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { runScript } from '../../support/run-script.ts';
import { createScenario } from '../../support/scenario.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();

it('what a verification says of the integers of a column is held against the rows', async () => {
  const { artifact, database, ...scenario } = await createScenario(folder, {
    source: `
      CREATE TABLE event (id INTEGER PRIMARY KEY, at INTEGER);
      INSERT INTO event VALUES (1, 1700000000000), (2, 1700000000001), (3, 0), (4, NULL);`,
    target: 'CREATE TABLE event (id integer PRIMARY KEY, at timestamptz(3));',
  });
  expect((await runScript('verify', [artifact])).exitCode).toBe(0);
  expect((await scenario.import()).exitCode).toBe(0);

  const reports = join(artifact, 'reports');
  const name = readdirSync(reports).find((file) => file.endsWith('-verify.json')) ?? '';
  const text = readFileSync(join(reports, name), 'utf8');
  // As if they were seconds.
  const untrue = text.replace(/"17000000000(0\d)"/g, '"17000000$1"');
  expect(untrue).not.toBe(text);
  writeFileSync(join(reports, name), untrue);

  const { exitCode, json } = await runScript('verify', [
    artifact,
    '--target',
    database.url,
    '--json',
  ]);
  expect(json()).toMatchObject({
    findings: [{ code: 'time-unit-found' }],
    comparison: { tables: [{ rowsEqual: 4, rowsDifferent: 0 }] },
  });
  expect(exitCode).toBe(0);
});
