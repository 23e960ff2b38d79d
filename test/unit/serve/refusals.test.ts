import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OPERATIONS } from '../../../scripts/lib/serve/server.ts';
import { exportArtifact } from '../../support/in-process.ts';
import {
  begun,
  problemIn,
  runsOf,
  serveInProcess,
  servedFolder,
  statusAtEnd,
  type Answered,
  type Asked,
} from '../../support/serve.ts';
import { createSource } from '../../support/source-file.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();
const source = join(folder, 'sources', 'shop.db');
const artifact = join(folder, 'artifacts', 'shop');
/** Nobody listens there. */
const targets = [{ name: 'staging', url: 'postgresql://app@127.0.0.1:1/gone' }];
const importing = { artifact, options: { target: 'staging' }, confirm: 'staging' };
let server: Asked & { readonly close: () => Promise<void> };

beforeAll(async () => {
  server = await serveInProcess(servedFolder(folder, { targets }));
  createSource(source, 'CREATE TABLE users (id INTEGER PRIMARY KEY)');
  await exportArtifact(source, artifact);
});

afterAll(async () => server.close());

/** A refusal is a problem, and no run begins. */
async function refused(ask: () => Promise<Answered>): Promise<Answered> {
  const before = (await runsOf(server)).length;
  const answer = await ask();
  expect(await runsOf(server)).toHaveLength(before);
  expect(answer.type).toMatch(/^application\/problem\+json/);
  expect(problemIn(answer)).toMatchObject({ type: 'about:blank', status: answer.status });
  return answer;
}

describe('a request is refused', () => {
  const RUN = '20200101T000000Z-000000';

  it.each<[string, number, string, () => Promise<Answered>]>([
    [
      'without a confirmation',
      422,
      'confirmation-missing',
      async () => server.post('/start', { ...importing, stage: 'import', confirm: undefined }),
    ],
    [
      'with another confirmation',
      422,
      'confirmation-missing',
      async () => server.post('/dry-run', { ...importing, confirm: 'Staging' }),
    ],
    [
      'for a target by its URL',
      404,
      'unknown-name',
      async () =>
        server.post('/dry-run', { ...importing, options: { target: 'postgresql://h/d' } }),
    ],
    [
      'for an artifact elsewhere',
      404,
      'unknown-name',
      async () => server.post('/validate', { artifact: '../../etc' }),
    ],
    [
      'for a mapping elsewhere',
      404,
      'unknown-name',
      async () => server.post('/validate', { artifact, options: { mapping: '/etc/passwd' } }),
    ],
    [
      'for a source elsewhere',
      404,
      'unknown-name',
      async () => server.post('/start', { stage: 'analyze', options: { source: '/etc/passwd' } }),
    ],
    [
      'for a place to write to',
      400,
      'usage',
      async () => server.post('/start', { stage: 'export', options: { source, out: '../x' } }),
    ],
    [
      'for a flag that is not offered',
      400,
      'usage',
      async () =>
        server.post('/start', {
          ...importing,
          stage: 'import',
          options: { target: 'staging', forget: true },
        }),
    ],
    [
      'for a stage that there is not',
      400,
      'usage',
      async () => server.post('/start', { stage: 'rehearse', options: {} }),
    ],
    ['without a body', 400, 'usage', async () => server.post('/start', '')],
    ['with a body that is no JSON', 400, 'usage', async () => server.post('/start', '{')],
    [
      'with a body that poisons prototypes',
      400,
      'usage',
      async () => server.post('/start', '{"__proto__": {"stage": "export"}}'),
    ],
    [
      'with a body of another type',
      415,
      'body-not-json',
      async () => server.post('/start', '{}', { 'content-type': 'text/plain' }),
    ],
    [
      'with a form',
      415,
      'body-not-json',
      async () =>
        server.post('/start', 'stage=export', {
          'content-type': 'application/x-www-form-urlencoded',
        }),
    ],
    [
      'with a body that is too large',
      413,
      'body-too-large',
      async () => server.post('/start', { stage: 'x'.repeat(300_000) }),
    ],
    [
      'from another site',
      403,
      'foreign-request',
      async () => server.get('/sources', { origin: 'http://evil.example' }),
    ],
    ['for a run that there is not', 404, 'no-such-run', async () => server.get(`/${RUN}/status`)],
    [
      'for a run that is a path',
      404,
      'no-such-run',
      async () => server.get('/..%2F..%2Fetc/status'),
    ],
    ['for the summary of none', 404, 'no-such-run', async () => server.get(`/${RUN}/summary`)],
    ['for the events of none', 404, 'no-such-run', async () => server.get(`/${RUN}/events`)],
    ['for the log of none', 404, 'no-such-run', async () => server.get(`/${RUN}/log`)],
    [
      'to roll back none',
      404,
      'no-such-run',
      async () => server.post(`/${RUN}/rollback`, { confirm: 'staging' }),
    ],
    ['to resume none', 404, 'no-such-run', async () => server.post(`/${RUN}/resume`, {})],
    ['to stop none', 404, 'no-such-run', async () => server.post(`/${RUN}/stop`, { confirm: RUN })],
    [
      'for the journal of none',
      404,
      'unknown-name',
      async () => server.get('/targets/none/journal'),
    ],
    [
      'for a table that there is not',
      404,
      'no-such-table',
      async () => server.get('/schema/usres'),
    ],
    [
      'for the tables of none',
      404,
      'unknown-name',
      async () => server.get('/tables?artifact=none'),
    ],
    ['for a page that there is not', 404, 'no-such-page', async () => server.get('//nothing')],
    ['with another method', 404, 'no-such-page', async () => server.post('/sources', {})],
  ])('%s: %i %s', async (_case, status, code, ask) => {
    const answer = await refused(ask);
    expect(problemIn(answer)).toMatchObject({ status, code, exitCode: 2 });
  });

  it('for what is over and done', async () => {
    const id = begun(await server.post('/validate', { artifact }));
    await statusAtEnd(server, id);
    const resume = await server.post(`/${id}/resume`, {});
    expect(problemIn(resume)).toMatchObject({ status: 409, code: 'nothing-to-resume' });
    const rollback = await server.post(`/${id}/rollback`, { confirm: 'staging' });
    expect(problemIn(rollback)).toMatchObject({ status: 409, code: 'nothing-to-roll-back' });
  });

  it('when the target cannot be reached, with the code of the script', async () => {
    const answer = await server.get('/targets/staging/journal');
    expect(problemIn(answer)).toMatchObject({ status: 502, kind: 'target', exitCode: 12 });
  });
});

describe('a server with a token', () => {
  const token = 'a-token-that-is-long-enough';

  it('shows nothing but the page without it, and everything with it', async () => {
    const guarded = await serveInProcess({ ...servedFolder(folder), token });
    try {
      const codes = await Promise.all(
        OPERATIONS.map(async ({ method, path }) => {
          const answer =
            method === 'GET' ? await guarded.get(`/${path}`) : await guarded.post(`/${path}`, {});
          return answer.status === 200 ? path : problemIn(answer).code;
        }),
      );
      expect([...new Set(codes)]).toEqual(['not-authorized', '/api/v1/openapi.json']);
      expect((await guarded.get('//')).status).toBe(200);
      expect((await guarded.get('//assets/app.js')).status).toBe(200);
      const authorization = `Bearer ${token}`;
      expect((await guarded.get('/sources', { authorization })).status).toBe(200);
      expect((await guarded.get('//metrics', { authorization })).status).toBe(200);
    } finally {
      await guarded.close();
    }
  });
});
