import { createHash } from 'node:crypto';
import pg from 'pg';
import { beforeEach, describe, expect, it } from 'vitest';
import { verifyReportSchema } from '../../scripts/lib/model/reports/verify.ts';
import { runScript, startScript, type ScriptResult } from '../support/run-script.ts';
import { createLoadedScenario, type Scenario } from '../support/scenario.ts';
import { temporaryFolder } from '../support/temp.ts';

const folder = temporaryFolder();
const POLL = { interval: 20, timeout: 60_000 };
let scenario: Scenario;

beforeEach(async () => {
  scenario = await createLoadedScenario(folder, {
    source: `CREATE TABLE a (id INTEGER PRIMARY KEY, name TEXT); INSERT INTO a VALUES (1, 'one'), (2, 'two');
      CREATE TABLE b (id INTEGER PRIMARY KEY, name TEXT); INSERT INTO b VALUES (1, 'one'), (2, 'two');`,
    target:
      'CREATE TABLE a (id integer PRIMARY KEY, name text); CREATE TABLE b (id integer PRIMARY KEY, name text)',
  });
});

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

const verify = async (...flags: string[]): Promise<ScriptResult> =>
  runScript('verify', [scenario.artifact, '--target', scenario.url, ...flags]);

describe('verify --target', () => {
  it('says that the target holds what the archive holds', async () => {
    const { exitCode, stderr, stdout } = await verify();
    expect([exitCode, stdout]).toEqual([0, '']);
    const lines = stderr.trimEnd().split('\n');
    expect(lines.at(-1)).toMatch(
      /\?schema=public holds what the archive holds: 2 tables, 4 rows, every value compared, in /,
    );
    expect(stderr).not.toContain(new URL(scenario.url).password);
  });

  it('names what differs, and exits with 3', async () => {
    await scenario.rows(`UPDATE a SET name = 'Two' WHERE id = 2`);
    const { exitCode, stderr } = await verify();
    expect(exitCode).toBe(3);
    expect(stderr.split('\n')).toContain(
      `  - id=2, line 2: name is 3 bytes (SHA-256 ${hash('Two')}…) and was 3 bytes (SHA-256 ${hash('two')}…)`,
    );
    expect(stderr).toContain('is sound: ');
    expect(stderr.trimEnd().split('\n').at(-1)).toContain(
      'does NOT hold what the archive holds: 1 different, 0 missing, 0 extra; ',
    );
    expect(stderr).not.toContain('Two');
    expect((await verify('--show-values')).stderr).toContain('name is "Two" and was "two"');
  });

  it('has all of it in the report, and the password nowhere', async () => {
    await scenario.rows('DELETE FROM b WHERE id = 1');
    const { exitCode, stdout, json } = await verify('--json', '--quiet');
    expect(exitCode).toBe(3);
    const { comparison } = verifyReportSchema.strict().parse(json());
    expect(comparison?.tables.map(({ target, rowsMissing }) => [target, rowsMissing])).toEqual([
      ['a', 0],
      ['b', 1],
    ]);
    expect(stdout).not.toContain(new URL(scenario.url).password);
  });

  it('cannot be taken for the whole when it is a sample', async () => {
    const { exitCode, stderr } = await verify('--sample', '1', '--seed', '5');
    expect(exitCode).toBe(0);
    expect(stderr.trimEnd().split('\n').at(-1)).toMatch(
      /^A SAMPLE of 2 rows \(up to 1 a table, --seed 5\) shows no difference; it says nothing of the other rows of .*, which holds 4$/,
    );
    expect(stderr).not.toContain('holds what the archive holds');
  });

  it.each([
    [['--sample', '2'], '--sample means nothing without --target'],
    [['--schema', 'x', '--sample', '2'], '--schema, --sample mean nothing without --target'],
    [['--show-values'], '--show-values goes with --target'],
    [['--target', 'postgresql://h/d', '--seed', '2'], '--seed goes with --sample only'],
    [
      ['--target', 'postgresql://h/d', '--sample', '0'],
      '--sample 0: must be a whole number from 1',
    ],
    [['--target', 'postgresql://h/d', '--sample', '9999999'], 'must be at most 100000'],
    [['--target', 'mysql://h/d'], 'it does not begin with postgresql://'],
  ])('refuses %j', async (flags, message) => {
    const { exitCode, stderr } = await runScript('verify', [scenario.artifact, ...flags]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
  });

  it('reads no target unless it is told to, whatever the environment says', async () => {
    const { exitCode, stderr } = await runScript('verify', [scenario.artifact], {
      env: { DATABASE_URL: 'postgresql://127.0.0.1:1/nowhere' },
    });
    expect(exitCode).toBe(0);
    expect(stderr).not.toContain('comparing');
  });

  it('exits with 13 for a schema that is not there, and with 12 for a server that is not', async () => {
    expect((await verify('--schema', 'nowhere')).exitCode).toBe(13);
    const none = ['--target', 'postgresql://postgres@127.0.0.1:1/x'];
    expect((await runScript('verify', [scenario.artifact, ...none])).exitCode).toBe(12);
  });
});

const waiting = async (): Promise<unknown[]> =>
  scenario.rows(
    `SELECT pid FROM pg_stat_activity WHERE application_name = 'sqlite-migration verify'
       AND datname = current_database() AND wait_event_type = 'Lock'`,
  );
const sessions = async (): Promise<unknown[]> =>
  scenario.rows(
    `SELECT pid FROM pg_stat_activity WHERE application_name = 'sqlite-migration verify' AND datname = current_database()`,
  );

describe('a comparison that stands in the middle', () => {
  let other: pg.Client;
  beforeEach(async () => {
    other = new pg.Client({ connectionString: scenario.url });
    await other.connect();
    await other.query('BEGIN; LOCK TABLE b IN ACCESS EXCLUSIVE MODE');
    return async () => other.end();
  });

  it('sees one moment of the target, whatever the application writes', async () => {
    const running = startScript('verify', [scenario.artifact, '--target', scenario.url]);
    await expect.poll(waiting, POLL).toHaveLength(1);
    await other.query(`UPDATE b SET name = 'new'; DELETE FROM a; COMMIT`);
    expect((await running.finished).exitCode).toBe(0);
    expect((await verify()).exitCode).toBe(3);
  });

  it('ends with Ctrl-C, and its session too', async () => {
    const running = startScript('verify', [scenario.artifact, '--target', scenario.url]);
    await expect.poll(waiting, POLL).toHaveLength(1);
    running.kill('SIGINT');
    expect((await running.finished).exitCode).toBe(130);
    await expect.poll(sessions, POLL).toEqual([]);
  });

  it('says that the connection was lost, and calls that no difference', async () => {
    const running = startScript('verify', [scenario.artifact, '--target', scenario.url]);
    await expect.poll(waiting, POLL).toHaveLength(1);
    await scenario.rows(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE application_name = 'sqlite-migration verify' AND datname = current_database()`,
    );
    const { exitCode, stderr } = await running.finished;
    expect(exitCode).toBe(12);
    expect(stderr).not.toContain('missing');
  });
});
