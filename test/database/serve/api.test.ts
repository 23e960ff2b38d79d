import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { manifestSchema, type ManifestTable } from '../../../scripts/lib/artifact/manifest.ts';
import { statusSchema } from '../../../scripts/lib/serve/run-status.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import {
  begun,
  comesToLock,
  problemIn,
  runsOf,
  serveInProcess,
  servedFolder,
  statusAtEnd,
  whileLocked,
  type Asked,
} from '../../support/serve.ts';
import { createSource } from '../../support/source-file.ts';
import { temporaryFolder } from '../../support/temp.ts';

const SOURCE = `
  CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
  CREATE TABLE orders (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users (id));
  WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
    INSERT INTO users SELECT i, 'name ' || i FROM n;
  INSERT INTO orders SELECT id, id FROM users;`;
const TARGET = `
  CREATE TABLE users (id integer PRIMARY KEY, name text NOT NULL);
  CREATE TABLE orders (id integer PRIMARY KEY, user_id integer NOT NULL REFERENCES users (id));`;

const folder = temporaryFolder();
const source = join(folder, 'sources', 'shop.db');
const artifact = join(folder, 'artifacts', 'shop');
const password = 'hunter2-hunter2';
let database: TestDatabase;
let server: Asked & { readonly close: () => Promise<void> };

beforeAll(async () => {
  database = await createTestDatabase();
  await database.query(TARGET);
  const url = new URL(database.url);
  const role = `server_${database.name}`;
  await database.query(`CREATE ROLE ${role} LOGIN SUPERUSER PASSWORD '${password}'`);
  url.username = role;
  url.password = password;
  const targets = [
    { name: 'staging', url: url.href },
    { name: 'same', url: database.url },
  ];
  const config = servedFolder(folder, { targets });
  createSource(source, SOURCE);
  server = await serveInProcess(config);
  const exported = await server.post('/start', {
    stage: 'export',
    options: { source, out: 'shop' },
  });
  await statusAtEnd(server, begun(exported));
});

afterAll(async () => {
  await server.close();
  const role = `server_${database.name}`;
  await database.query(`DROP OWNED BY ${role} CASCADE; DROP ROLE ${role}`);
});

const importing = {
  artifact,
  options: { target: 'staging', skipMigrationCheck: true, retries: 0 },
  confirm: 'staging',
};

async function count(table: string): Promise<number> {
  const [row] = await database.query(`SELECT count(*)::int AS rows FROM ${table}`);
  return row?.['rows'] as number;
}

describe('a migration over the API', () => {
  it('lists what there is', async () => {
    expect((await server.get('/sources')).json()).toMatchObject({ sources: [{ name: source }] });
    expect((await server.get('/artifacts')).json()).toMatchObject({
      artifacts: [{ name: artifact, tables: 2, rows: 1000 }],
    });
    expect((await server.get('/targets')).json()).toEqual({
      targets: [{ name: 'staging' }, { name: 'same' }],
    });
    expect((await server.get('/mappings')).json()).toEqual({ mappings: [] });
    expect((await server.get('/tables')).json()).toMatchObject({
      artifact,
      tables: [
        { name: 'users', rowCount: 500 },
        { name: 'orders', rowCount: 500 },
      ],
    });
    const { table } = (await server.get('/schema/orders')).json() as { table: ManifestTable };
    expect(manifestSchema.shape.tables.element.parse(table)).toEqual(table);
    expect(table.foreignKeys).toMatchObject([{ parentTable: 'users' }]);
  });

  it('goes from the checks to a rollback, each a run of its own', async () => {
    const analyzed = begun(await server.post('/start', { stage: 'analyze', options: { source } }));
    const validated = begun(await server.post('/validate', { artifact }));
    expect(await statusAtEnd(server, analyzed)).toMatchObject({ state: 'succeeded', exitCode: 0 });
    expect(await statusAtEnd(server, validated)).toMatchObject({ state: 'succeeded', rows: 1000 });

    const tried = begun(await server.post('/dry-run', importing));
    expect(await statusAtEnd(server, tried)).toMatchObject({
      state: 'succeeded',
      action: 'dry-run',
      mayRollBack: false,
    });
    expect(await count('users')).toBe(0);

    const loaded = begun(await server.post('/start', { stage: 'import', ...importing }));
    const status = await statusAtEnd(server, loaded);
    expect(statusSchema.parse(status)).toEqual(status);
    expect(status).toMatchObject({
      state: 'succeeded',
      percentage: 100,
      rows: 1000,
      errors: [],
      tables: [
        { table: 'users', state: 'done', rows: 500 },
        { table: 'orders', state: 'done', rows: 500 },
      ],
    });
    expect(await count('orders')).toBe(500);
    expect((await server.get(`/${loaded}/summary`)).json()).toMatchObject({
      recommendations: [expect.stringMatching(/verify the artifact/)],
    });
    expect((await server.get(`/${loaded}/report`)).json()).toMatchObject({ command: 'import' });
    expect((await server.get(`/${loaded}/log`)).text).toMatch(/1,000 rows loaded/);

    expect((await server.get('/targets/staging/journal')).json()).toMatchObject({
      runs: [{ runId: status.journalRunId, state: 'done' }],
    });

    const taken = begun(await server.post(`/${loaded}/rollback`, { confirm: 'staging' }));
    expect(await statusAtEnd(server, taken)).toMatchObject({ state: 'succeeded', ofRun: loaded });
    expect(await count('users')).toBe(0);

    const ids = (await runsOf(server)).map((run) => run.id);
    expect(ids).toEqual(expect.arrayContaining([analyzed, validated, tried, loaded, taken]));
  });

  it('shows the password of a target nowhere', async () => {
    for (const { id } of await runsOf(server)) {
      for (const part of ['status', 'summary', 'report', 'log', 'events']) {
        const { text } = await server.get(`/${id}/${part}`);
        expect(text).not.toContain(password);
      }
    }
  });

  it('has metrics of its runs', async () => {
    const { text, type } = await server.get('//metrics');
    expect(type).toMatch(/openmetrics-text/);
    expect(text).toMatch(/sqlite_migration_running\{migration="staging",stage="import"\} 0/);
    expect(text.endsWith('# EOF\n')).toBe(true);
    const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    const keys = samples.map((line) => line.slice(0, line.lastIndexOf(' ')));
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('names a finding, what to do with it, and loads nothing', async () => {
    await database.query("INSERT INTO users VALUES (7, 'here before')");
    try {
      const id = begun(await server.post('/start', { stage: 'import', ...importing }));
      expect(await statusAtEnd(server, id)).toMatchObject({ state: 'findings', exitCode: 3 });
      expect((await server.get(`/${id}/summary`)).json()).toMatchObject({
        findings: [{ severity: 'blocking' }],
        recommendations: [expect.stringMatching(/--truncate/), expect.anything()],
      });
      const rollback = await server.post(`/${id}/rollback`, { confirm: 'staging' });
      expect(problemIn(rollback)).toMatchObject({ status: 409, code: 'nothing-to-roll-back' });
    } finally {
      await database.query('DELETE FROM users');
    }
  });
});

describe('the events of a run', () => {
  it('are sent to everyone who asks, from where each left off', async () => {
    const id = begun(await server.post('/validate', { artifact }));
    const [one, two] = await Promise.all([
      server.get(`/${id}/events`),
      server.get(`/${id}/events`),
    ]);
    expect(one.type).toMatch(/text\/event-stream/);
    expect(one.text).toBe(two.text);
    const ids = [...one.text.matchAll(/^id: (\d+)$/gm)].map(([, offset]) => offset ?? '');
    const types = [...one.text.matchAll(/^event: ([a-z-]+)$/gm)].map(([, type]) => type);
    expect(types).toEqual(expect.arrayContaining(['start', 'phase', 'table-done']));
    expect(types.slice(-2)).toEqual(['done', 'end']);
    const rest = await server.get(`/${id}/events`, { 'last-event-id': ids[1] ?? '' });
    expect(one.text.endsWith(rest.text)).toBe(true);
    expect(rest.text).not.toContain(`id: ${ids[1]}\n`);
  });
});

describe('two who start at once', () => {
  it('do not get the same target, under whatever name, until the first is done', async () => {
    const patient = { ...importing, options: { ...importing.options, lockTimeout: 0 } };
    await whileLocked(database, 'users', async () => {
      const both = await Promise.all([
        server.post('/start', { stage: 'import', ...patient }),
        server.post('/start', { stage: 'import', ...patient }),
      ]);
      const first = both.find(({ status }) => status === 202);
      const second = both.find(({ status }) => status !== 202);
      if (first === undefined || second === undefined) throw new Error('both had their way');
      const id = begun(first);
      expect(problemIn(second)).toMatchObject({ status: 409, code: 'target-busy' });
      expect(problemIn(second).detail).toContain(id);
      const otherName = {
        ...importing,
        options: { ...importing.options, target: 'same' },
        confirm: 'same',
      };
      expect(problemIn(await server.post('/dry-run', otherName)).code).toBe('target-busy');
      expect(problemIn(await server.post(`/${id}/resume`, {})).code).toBe('run-at-work');
      expect(problemIn(await server.get(`/${id}/report`)).code).toBe('run-at-work');
      const stop = await server.post(`/${id}/stop`, {});
      expect(problemIn(stop).code).toBe('confirmation-missing');
      await comesToLock(database);
      expect((await server.post(`/${id}/stop`, { confirm: id })).status).toBe(202);
      expect(await statusAtEnd(server, id)).toMatchObject({ state: 'interrupted', exitCode: 130 });
      const again = await server.post(`/${id}/stop`, { confirm: id });
      expect(problemIn(again)).toMatchObject({ status: 409, code: 'run-over' });
    });
  });
});
