import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { importReportSchema } from '../../scripts/lib/model/reports/import.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { exportArtifact, verifyInProcess } from '../support/in-process.ts';
import { runScript, startScript, type RunningScript } from '../support/run-script.ts';
import { createSource } from '../support/source-file.ts';
import { temporaryFolder } from '../support/temp.ts';

const folder = temporaryFolder();
const POLL = { interval: 10, timeout: 60_000 };

describe('an import that ends in the middle of a large table', () => {
  const GATE = 4711;
  const artifact = join(folder, 'artifact');
  let template: TestDatabase;
  let database: TestDatabase;
  let gate: pg.Client;

  beforeAll(async () => {
    const source = createSource(
      join(folder, 'source.db'),
      `CREATE TABLE a_first (id INTEGER PRIMARY KEY); CREATE TABLE b_large (id INTEGER PRIMARY KEY, text TEXT);
       CREATE TABLE c_last (id INTEGER PRIMARY KEY);
       INSERT INTO a_first VALUES (1), (2); INSERT INTO c_last VALUES (1);
       WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
         INSERT INTO b_large SELECT i, printf('row %d', i) FROM n;`,
    );
    await exportArtifact(source, artifact);
    template = await createTestDatabase();
    // The load stops at row 10,000 until the gate opens: no test has to hit the right moment.
    await template.query(
      `CREATE FUNCTION passes(id integer) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN
         IF id = 10000 THEN PERFORM pg_advisory_xact_lock_shared(${GATE}); END IF; RETURN true; END $$;
       CREATE TABLE a_first (id integer PRIMARY KEY);
       CREATE TABLE b_large (id serial PRIMARY KEY, text text);
       CREATE INDEX ON b_large (passes(id));
       CREATE TABLE c_last (id integer PRIMARY KEY);`,
    );
  });

  beforeEach(async () => {
    database = await createTestDatabase({ template: template.name });
    gate = new pg.Client({ connectionString: database.url });
    await gate.connect();
    await gate.query('SELECT pg_advisory_lock($1)', [GATE]);
    return async () => gate.end();
  });

  const counts = async (): Promise<unknown> => {
    const [row] = await database.query(
      `SELECT (SELECT count(*)::integer FROM a_first) AS a, (SELECT count(*)::integer FROM b_large) AS b,
         (SELECT count(*)::integer FROM c_last) AS c`,
    );
    return row;
  };

  /** Starts an import and resolves when it stands at the gate, with half of the large table copied. */
  const startAndWait = async (
    args: readonly string[] = [],
    statement = 'COPY%',
  ): Promise<RunningScript> => {
    const target = ['--target', database.url, '--skip-migration-check', '--jobs', '1'];
    const running = startScript('import', [artifact, ...target, ...args]);
    const waiting = `SELECT 1 FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event = 'advisory' AND query LIKE '${statement}'`;
    const ended = running.finished.then(({ stderr }) => [stderr]);
    await expect
      .poll(
        async () => Promise.race([ended, database.query(waiting).then(({ length }) => length)]),
        POLL,
      )
      .not.toBe(0);
    expect(await database.query(waiting)).toHaveLength(1);
    return running;
  };

  const openGate = async (): Promise<void> => {
    await gate.query('SELECT pg_advisory_unlock($1)', [GATE]);
    const others = `SELECT 1 FROM pg_stat_activity
      WHERE datname = current_database() AND application_name LIKE 'sqlite-migration%'`;
    await expect.poll(async () => database.query(others), POLL).toHaveLength(0);
  };

  it('by SIGKILL leaves that table empty and the ones before it whole; another goes on from there', async () => {
    const running = await startAndWait();
    running.kill('SIGKILL');
    expect(await running.finished).toMatchObject({ exitCode: null, signal: 'SIGKILL' });
    await openGate();
    expect(await counts()).toEqual({ a: 2, b: 0, c: 0 });

    const target = ['--target', database.url, '--skip-migration-check'];
    const again = await runScript('import', [artifact, ...target, '--json']);
    expect(again.exitCode).toBe(0);
    expect(again.json()).toMatchObject({
      run: { isResumed: true },
      tables: [
        { target: 'a_first', state: 'done-before', rowCount: 2 },
        { target: 'b_large', state: 'committed', rowCount: 20_000 },
        { target: 'c_last', state: 'committed', rowCount: 1 },
      ],
    });
    expect(await counts()).toEqual({ a: 2, b: 20_000, c: 1 });
    expect(await database.query(`SELECT nextval('b_large_id_seq')`)).toEqual([
      { nextval: '20001' },
    ]);
  });

  it('by Ctrl-C ends with 130 and says what is committed', async () => {
    const running = await startAndWait(['--json']);
    running.kill('SIGINT');
    const { exitCode, stderr, stdout } = await running.finished;
    expect(exitCode).toBe(130);
    expect(stderr).toContain('interrupted: committed: a_first; all others are as they were');
    expect(stderr).toContain('run the same import again: it goes on with the tables that are not');
    const report = importReportSchema.strict().parse(JSON.parse(stdout));
    expect(report.tables.map(({ target, state }) => [target, state])).toEqual([
      ['a_first', 'committed'],
      ['b_large', 'rolled-back'],
      ['c_last', 'not-loaded'],
    ]);
    expect(report.failure).toMatchObject({ kind: 'interrupted' });
    expect(await counts()).toEqual({ a: 2, b: 0, c: 0 });
  });

  it('because the server ended the session says so, and what is committed', async () => {
    const running = await startAndWait(['--retries', '0']);
    await database.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name LIKE 'sqlite-migration%'`,
    );
    const { exitCode, stderr } = await running.finished;
    expect(exitCode).toBe(12);
    expect(stderr).toContain('committed: a_first');
    expect(await counts()).toEqual({ a: 2, b: 0, c: 0 });
  });

  it('while PostgreSQL still judges the rows has written nothing', async () => {
    await database.query('ALTER TABLE b_large ADD CHECK (passes(id))');
    const running = await startAndWait([], '%SELECT judged%');
    running.kill('SIGINT');
    const { exitCode, stderr } = await running.finished;
    expect(exitCode).toBe(130);
    expect(stderr).toContain('interrupted: ');
    expect(await counts()).toEqual({ a: 0, b: 0, c: 0 });
  });

  it('in a dry run leaves nothing at all', async () => {
    const running = await startAndWait(['--dry-run']);
    running.kill('SIGINT');
    const { exitCode, stderr } = await running.finished;
    expect(exitCode).toBe(130);
    expect(stderr).toContain('the target is as it was');
    expect(await counts()).toEqual({ a: 0, b: 0, c: 0 });
  });
});

describe('an export that ends before its time', () => {
  const source = join(folder, 'wide.db');

  beforeAll(() => {
    // The generated column makes the export long without making the source large.
    createSource(
      source,
      `CREATE TABLE small (id INTEGER PRIMARY KEY);
       CREATE TABLE t (id INTEGER PRIMARY KEY, wide TEXT AS (printf('%.*c', 4000, 'x')));
       WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
         INSERT INTO t (id) SELECT i FROM n;`,
    );
  });

  /** Starts an export and resolves when its first data file has bytes. */
  const startAndWait = async (out: string): Promise<RunningScript> => {
    const running = startScript('export', ['--source', source, '--out', out]);
    const hasBytes = (): boolean =>
      leftOf(out).some((name) => {
        const data = join(folder, name, 'data/002-t.ndjson');
        return existsSync(data) && statSync(data).size > 0;
      });
    await expect.poll(hasBytes, { ...POLL, interval: 5 }).toBe(true);
    return running;
  };

  /** What lies beside the artifact under any name that begins with its own. */
  const leftOf = (out: string): string[] =>
    readdirSync(folder).filter((name) =>
      name.replace(/^\./, '').startsWith(out.split(/[/\\]/).at(-1) ?? out),
    );

  it('by Ctrl-C ends with 130 and leaves nothing', async () => {
    const out = join(folder, 'stopped');
    const running = await startAndWait(out);
    running.kill('SIGINT');
    const { exitCode, stderr } = await running.finished;
    expect(exitCode).toBe(130);
    expect(stderr).toContain('no artifact was written');
    expect(leftOf(out)).toEqual([]);
  });

  it('by SIGKILL leaves nothing that could be taken for an artifact, and a new export succeeds', async () => {
    const out = join(folder, 'killed');
    const running = await startAndWait(out);
    running.kill('SIGKILL');
    expect(await running.finished).toMatchObject({ exitCode: null, signal: 'SIGKILL' });
    expect(existsSync(out)).toBe(false);
    const left = leftOf(out);
    expect(left).toEqual([expect.stringMatching(/^\.killed\.partial-/)]);
    for (const name of left) {
      expect(await verifyInProcess(join(folder, name))).toMatchObject({
        errorCode: 'not-an-artifact',
      });
    }
    await exportArtifact(source, out, { tables: ['small'] });
    expect(await verifyInProcess(out)).toEqual({ findings: [] });
  });
});
