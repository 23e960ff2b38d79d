import { request } from 'node:http';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { OFFERED_STAGES } from '../../../scripts/lib/serve/offered.ts';
import { OPERATIONS } from '../../../scripts/lib/serve/server.ts';
import { problemIn, serveInProcess, servedFolder, type Asked } from '../../support/serve.ts';
import { temporaryFolder } from '../../support/temp.ts';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 150);
const folder = temporaryFolder();
let server: Asked & { readonly close: () => Promise<void> };

beforeAll(async () => {
  server = await serveInProcess(
    servedFolder(folder, { targets: [{ name: 'staging', url: 'postgresql://app@127.0.0.1:1/a' }] }),
  );
});

// A bug of the server would be thrown here.
afterAll(async () => server.close());

const PATHS = OPERATIONS.filter(({ method }) => method === 'POST').map(({ path }) =>
  path.replace('/api/v1/migration', ''),
);
const names = OFFERED_STAGES.flatMap(({ options }) => options.map(({ name }) => name));

/** Bodies that are nearly right, and bodies that are anything. */
const body = fc.oneof(
  fc.json(),
  fc.string({ unit: 'binary' }),
  fc
    .record(
      {
        stage: fc.constantFrom('analyze', 'export', 'verify', 'import', 'rehearse', ''),
        artifact: fc.oneof(fc.string(), fc.constant('../../etc/passwd')),
        confirm: fc.oneof(fc.constant('staging'), fc.string()),
        options: fc.dictionary(
          fc.constantFrom(...names, '__proto__', 'json', 'progressFile'),
          fc.oneof(fc.jsonValue(), fc.constantFrom('staging', '/etc/passwd', '--json')),
        ),
        force: fc.jsonValue(),
      },
      { requiredKeys: [] },
    )
    .map((value) => JSON.stringify(value)),
);

it('no body starts anything that it should not, and each is answered with what is wrong', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...PATHS), body, async (path, text) => {
      const answer = await server.post(path, text);
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
      expect(answer.type).toMatch(/^application\/problem\+json/);
      expect(problemIn(answer)).toMatchObject({ type: 'about:blank', kind: 'usage', exitCode: 2 });
    }),
    { numRuns: RUNS },
  );
  expect((await server.get('')).json()).toEqual({ runs: [] });
});

/** Sends a path as it is: fetch would tidy it up. */
async function rawGet(path: string): Promise<{ status: number; text: string }> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, path, method: 'GET' }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    asked.on('error', reject).end();
  });
}

const segment = fc.oneof(
  fc.constantFrom('..', '.', '%2e%2e', '..%2f..%2f', '%00', '%', '%ff', '__proto__', 'constructor'),
  fc.constantFrom('api', 'v1', 'migration', 'status', 'log', 'schema', 'assets', 'events'),
  fc.constantFrom(
    'app.js',
    'etc',
    'passwd',
    'run.json',
    '?artifact=..%2f..',
    '?artifact=a&artifact=b',
  ),
  fc.webSegment(),
);

it('no path leads out of what the server has', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(segment, { minLength: 1, maxLength: 7 }), async (segments) => {
      const { status, text } = await rawGet(`/${segments.join('/')}`);
      expect(status).toBeLessThan(500);
      expect(text).not.toMatch(/root:.*:0:0:/);
    }),
    { numRuns: RUNS },
  );
});
