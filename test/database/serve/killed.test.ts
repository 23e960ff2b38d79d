import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { exportArtifact } from '../../support/in-process.ts';
import { startScript, type RunningScript } from '../../support/run-script.ts';
import {
  askServer,
  begun,
  problemIn,
  runsOf,
  servedFolder,
  statusAtEnd,
  statusWhen,
  whileLocked,
  type Asked,
} from '../../support/serve.ts';
import { createSource } from '../../support/source-file.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();
const { sources, artifacts, runs } = servedFolder(folder);
const artifact = join(artifacts[0] ?? '', 'shop');
const servers: RunningScript[] = [];
let database: TestDatabase;

const request = {
  stage: 'import',
  artifact,
  options: { target: 'staging', skipMigrationCheck: true, lockTimeout: 0 },
  confirm: 'staging',
};

beforeEach(async () => {
  database = await createTestDatabase();
  await database.query('CREATE TABLE a (id integer PRIMARY KEY)');
  await database.query('CREATE TABLE b (id integer PRIMARY KEY)');
});

beforeAll(async () => {
  const source = createSource(
    join(sources[0] ?? '', 'shop.db'),
    `CREATE TABLE a (id INTEGER PRIMARY KEY); INSERT INTO a VALUES (1), (2);
     CREATE TABLE b (id INTEGER PRIMARY KEY); INSERT INTO b VALUES (1), (2), (3);`,
  );
  await exportArtifact(source, artifact);
  const config = { sources, artifacts, runs, targets: { staging: { urlFrom: 'STAGING_URL' } } };
  writeFileSync(join(folder, 'serve.json'), JSON.stringify(config));
});

// One that a test which failed has left.
afterAll(() => {
  for (const script of servers) script.kill('SIGKILL');
});

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => {
    probe.listen(0, '127.0.0.1', resolve);
  });
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => {
    probe.close(resolve);
  });
  return port;
}

/** The server as a person starts it. */
async function serve(): Promise<Asked & { readonly script: RunningScript }> {
  const port = await freePort();
  const script = startScript('serve', ['--config', 'serve.json', '--port', String(port)], {
    cwd: folder,
    env: { STAGING_URL: database.url },
  });
  servers.push(script);
  const ended = new AbortController();
  void script.finished.then(({ stderr }) => ended.abort(new Error(stderr)));
  const asked = askServer(`http://127.0.0.1:${port}/`);
  for (;;) {
    ended.signal.throwIfAborted();
    try {
      await asked.get('');
      return { ...asked, script };
    } catch {
      await setTimeout(100);
    }
  }
}

function processOf(id: string): number {
  const record = JSON.parse(readFileSync(join(runs, id, 'run.json'), 'utf8')) as {
    process: { pid: number };
  };
  return record.process.pid;
}

async function rows(): Promise<unknown> {
  const [row] = await database.query(
    'SELECT (SELECT count(*)::int FROM a) AS a, (SELECT count(*)::int FROM b) AS b',
  );
  return row;
}

it('a run goes on when the server is killed, and the next server shows it to its end', async () => {
  const first = await serve();
  const second = await whileLocked(database, 'b', async () => {
    const id = begun(await first.post('/start', request));
    await statusWhen(first, id, ({ state }) => state === 'running');
    first.script.kill('SIGKILL');
    await first.script.finished;
    const next = await serve();
    expect(await runsOf(next)).toMatchObject([{ id, state: 'running' }]);
    expect(problemIn(await next.post('/start', request)).code).toBe('target-busy');
    return { ...next, id };
  });
  expect(await statusAtEnd(second, second.id)).toMatchObject({ state: 'succeeded', rows: 5 });
  expect(await rows()).toEqual({ a: 2, b: 3 });
  second.script.kill('SIGINT');
  const { exitCode, stderr } = await second.script.finished;
  expect(exitCode).toBe(0);
  expect(stderr).toMatch(/the page is at http:\/\/127\.0\.0\.1:\d+\//);
  expect(stderr).toMatch(/runs that were started go on/);
});

it('a run that is killed is lost, says so, and goes on when it is resumed', async () => {
  const server = await serve();
  const id = await whileLocked(database, 'b', async () => {
    const id = begun(await server.post('/start', request));
    await statusWhen(server, id, ({ state }) => state === 'running');
    process.kill(processOf(id), 'SIGKILL');
    expect(await statusAtEnd(server, id)).toMatchObject({
      state: 'lost',
      exitCode: null,
      mayResume: true,
      errors: [{ code: 'run-lost' }],
    });
    return id;
  });
  const unconfirmed = await server.post(`/${id}/resume`, {});
  expect(problemIn(unconfirmed).code).toBe('confirmation-missing');
  const resumed = begun(await server.post(`/${id}/resume`, { confirm: 'staging' }));
  expect(await statusAtEnd(server, resumed)).toMatchObject({
    errors: [],
    state: 'succeeded',
    action: 'resume',
    ofRun: id,
  });
  expect(await rows()).toEqual({ a: 2, b: 3 });
  server.script.kill('SIGTERM');
  expect((await server.script.finished).exitCode).toBe(0);
});
