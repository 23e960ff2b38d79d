import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { importReportSchema } from '../../../scripts/lib/model/reports/import.ts';
import { exportArtifact } from '../../support/in-process.ts';
import { runScript, startScript, type RunningScript } from '../../support/run-script.ts';
import { createSource, querySource } from '../../support/source-file.ts';
import { editLines } from '../../support/tampering.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();
const artifact = join(folder, 'artifact');
const largeArtifact = join(folder, 'large-artifact');
const POLL = { interval: 5, timeout: 60_000 };

beforeAll(async () => {
  const source = createSource(
    join(folder, 'source.db'),
    `CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT, v TEXT); INSERT INTO a VALUES (1, 'x'), (7, NULL);
     CREATE TABLE b (v); INSERT INTO b VALUES (x'00');`,
  );
  await exportArtifact(source, artifact);
  const large = createSource(
    join(folder, 'large.db'),
    `CREATE TABLE large (id INTEGER PRIMARY KEY, text TEXT);
     WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
       INSERT INTO large SELECT i, printf('%.*c', 200, 'x') FROM n;`,
  );
  await exportArtifact(large, largeArtifact);
});

/** What lies beside the target under any name that begins with its own. */
const leftOf = (file: string): string[] =>
  readdirSync(folder).filter((name) => name.replace(/^\./, '').startsWith(file));

describe('import with a SQLite file as its target', () => {
  it('restores the artifact and says what is proven', async () => {
    const target = `sqlite:${join(folder, 'made.db')}`;
    const { exitCode, stderr, stdout } = await runScript('import', [artifact, '--target', target]);
    expect([exitCode, stdout]).toEqual([0, '']);
    expect(stderr).toContain('checking the artifact before anything is written');
    expect(stderr).toContain(`2 tables, 3 rows restored into ${target}`);
    expect(stderr).toContain("every table's SHA-256 is that of the artifact");
    expect(stderr).toMatch(/ a +2 +rows +committed .* next id 8\n/);
    expect(querySource(join(folder, 'made.db'), 'SELECT max(id) AS id FROM a')).toEqual([
      { id: 7n },
    ]);
    expect(leftOf('made.db')).toEqual(['made.db']);
  });

  it('prints the report of an import as JSON', async () => {
    const args = ['--target', `sqlite:${join(folder, 'json.db')}`, '--json', '--dry-run'];
    const { exitCode, json } = await runScript('import', [artifact, ...args]);
    expect(exitCode).toBe(0);
    const report = importReportSchema.strict().parse(json());
    expect(report).toMatchObject({ dryRun: true, totalRows: 3, exitCode: 0 });
    expect(leftOf('json.db')).toEqual([]);
  });

  it('takes the target from DATABASE_URL', async () => {
    const env = { DATABASE_URL: `sqlite:${join(folder, 'env.db')}` };
    expect(await runScript('import', [artifact], { env })).toMatchObject({ exitCode: 0 });
    expect(leftOf('env.db')).toEqual(['env.db']);
  });

  it('refuses flags that mean nothing there, and nothing is written', async () => {
    const target = ['--target', `sqlite:${join(folder, 'flags.db')}`];
    const flags = ['--truncate', '--schema', 'app', '--migrations', 'x'];
    const { exitCode, stderr } = await runScript('import', [artifact, ...target, ...flags]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('without --schema, --truncate, --migrations');
    expect(leftOf('flags.db')).toEqual([]);
  });

  it('never writes over a file', async () => {
    const target = ['--target', `sqlite:${join(folder, 'source.db')}`];
    const { exitCode, stderr } = await runScript('import', [artifact, ...target]);
    expect(exitCode).toBe(12);
    expect(stderr).toContain('there is something at that path already');
  });

  it('writes nothing from a damaged artifact', async () => {
    const damaged = join(folder, 'damaged');
    await exportArtifact(join(folder, 'source.db'), damaged, { tables: ['a'] });
    editLines(damaged, 'a', ([first = '']) => [first]);
    const target = ['--target', `sqlite:${join(folder, 'from-damaged.db')}`];
    const { exitCode, stderr } = await runScript('import', [damaged, ...target]);
    expect(exitCode).toBe(11);
    expect(stderr).toContain('nothing was written to sqlite:');
    expect(leftOf('from-damaged.db')).toEqual([]);
  });
});

describe('a restore that ends before its time', () => {
  it('by Ctrl-C ends with 130 and leaves nothing', async () => {
    const running = await startAndWait('stopped.db');
    running.kill('SIGINT');
    const { exitCode, stderr } = await running.finished;
    expect(exitCode).toBe(130);
    expect(stderr).toContain('nothing was written to the target');
    expect(leftOf('stopped.db')).toEqual([]);
  });

  it('by SIGKILL leaves nothing under its name, and the next restore succeeds', async () => {
    const running = await startAndWait('killed.db');
    running.kill('SIGKILL');
    expect(await running.finished).toMatchObject({ exitCode: null, signal: 'SIGKILL' });
    expect(existsSync(join(folder, 'killed.db'))).toBe(false);
    expect(leftOf('killed.db')).toEqual([expect.stringMatching(/^\.killed\.db\.partial-/)]);
    const target = ['--target', `sqlite:${join(folder, 'killed.db')}`];
    expect(await runScript('import', [artifact, ...target])).toMatchObject({ exitCode: 0 });
  });
});

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** Starts a restore and resolves when its hidden file has rows. */
async function startAndWait(name: string): Promise<RunningScript> {
  const target = ['--target', `sqlite:${join(folder, name)}`];
  const running = startScript('import', [largeArtifact, ...target]);
  const hasRows = (): boolean =>
    leftOf(name).some((left) => sizeOf(join(folder, left)) > 2_000_000);
  await expect.poll(hasRows, POLL).toBe(true);
  expect(existsSync(join(folder, name))).toBe(false);
  return running;
}
