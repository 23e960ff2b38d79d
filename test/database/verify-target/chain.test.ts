import { beforeAll, describe, expect, it } from 'vitest';
import { verifyReportSchema } from '../../../scripts/lib/model/reports/verify.ts';
import { changeFile } from '../../support/archive-comparison.ts';
import { runScript, type ScriptResult } from '../../support/run-script.ts';
import { createScenario, type Scenario } from '../../support/scenario.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();
let scenario: Scenario;
let source: string;

beforeAll(async () => {
  scenario = await createScenario(folder, {
    source: `CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT); INSERT INTO users VALUES (1, 'a'), (2, 'b');
      CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT); INSERT INTO notes VALUES (1, 'x');`,
    target: `CREATE TABLE users (id integer PRIMARY KEY, name text);
      CREATE TABLE notes (id integer PRIMARY KEY, text text)`,
  });
  source = `${scenario.artifact}.db`;
  await scenario.import();
});

async function verifyChain(): Promise<ScriptResult> {
  const chain = ['--target', scenario.url, '--against-source', source];
  return runScript('verify', [scenario.artifact, ...chain, '--json']);
}

const DIGEST = '[0-9a-f]{12}';

describe('the chain from the source by way of the archive to the target', () => {
  it('stands in one report and in one table of digests', async () => {
    const { exitCode, stderr, json } = await verifyChain();
    expect(exitCode).toBe(0);
    for (const name of ['users', 'notes']) {
      // The archive's file as the source would be written now; the same rows as the target has them.
      expect(stderr).toMatch(
        new RegExp(`^ {2}${name} +(${DIGEST}) +\\1 +(${DIGEST}) +\\2 +equal$`, 'm'),
      );
    }
    expect(stderr).toContain('source = archive = target in 2 tables\n');
    const report = verifyReportSchema.parse(json());
    expect(report.againstSource).toMatchObject({ isEqual: true, rowsEqual: 3 });
    expect(report.comparison?.totalRows).toBe(3);
  });

  it('names where it breaks', async () => {
    changeFile(
      source,
      `UPDATE notes SET text = 'y'; CREATE TABLE more (a); ALTER TABLE users ADD COLUMN age`,
    );
    await scenario.rows(`UPDATE users SET name = 'c' WHERE id = 2`);
    const { exitCode, stderr, json } = await verifyChain();
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/^ {2}users .* source ≠ archive, archive ≠ target$/m);
    expect(stderr).toMatch(new RegExp(`^ {2}notes .* (${DIGEST}) +\\1 +source ≠ archive$`, 'm'));
    expect(stderr).toMatch(/^ {2}more .* source ≠ archive$/m);
    expect(stderr).toContain('source = archive = target does NOT hold in 3 tables of 3\n');
    const codes = verifyReportSchema.parse(json()).findings.map(({ code }) => code);
    expect(codes).toEqual(expect.arrayContaining(['rows-changed', 'schema-differs']));
  });

  it('is not told from a sample', async () => {
    const some = ['--target', scenario.url, '--sample', '1', '--against-source', source];
    const { stderr } = await runScript('verify', [scenario.artifact, ...some]);
    expect(stderr).not.toContain('source = archive');
  });
});
