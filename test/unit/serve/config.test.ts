import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isLoopback, readConfig, type ServeOptions } from '../../../scripts/lib/serve/config.ts';
import { ToolkitError } from '../../../scripts/lib/model/errors.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();
const SECRET = 'k8sHd73nA0wq';
const URL = `postgresql://app:${SECRET}@db.example/shop`;
const TOKEN = 'a-token-that-is-long-enough';

function configFile(text: string): string {
  const file = join(folder, 'serve.json');
  writeFileSync(file, text);
  return file;
}

async function refusal(options: ServeOptions): Promise<ToolkitError> {
  const error = await readConfig(options).then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (!(error instanceof ToolkitError)) throw new Error(`it was not refused: ${String(error)}`);
  expect(error.kind).toBe('usage');
  expect(`${error.message} ${error.hint}`).not.toContain(SECRET);
  return error;
}

describe('the configuration', () => {
  it('needs no file: it listens on this machine, and the target is DATABASE_URL', async () => {
    const config = await readConfig({ env: { DATABASE_URL: URL } });
    expect(config).toMatchObject({ host: '127.0.0.1', token: null, artifacts: ['exports'] });
    expect(config.targets).toEqual([{ name: 'default', url: URL }]);
  });

  it('has no target where DATABASE_URL is a SQLite file, or not set', async () => {
    expect((await readConfig({ env: { DATABASE_URL: 'file:./dev.db' } })).targets).toEqual([]);
    expect((await readConfig({ env: {} })).targets).toEqual([]);
  });

  it('takes URLs from the environment by name, and comments in the file', async () => {
    const config = configFile(`{
      // the rehearsal
      "targets": { "staging": { "urlFrom": "STAGING_URL", "migrations": "prisma/migrations" } },
      "port": 8080,
    }`);
    const read = await readConfig({ config, env: { STAGING_URL: URL } });
    expect(read.targets).toEqual([{ name: 'staging', url: URL, migrations: 'prisma/migrations' }]);
    expect(read.port).toBe(8080);
    expect(read.secretVariables).toEqual(['SERVE_TOKEN', 'DATABASE_URL', 'STAGING_URL']);
  });

  it('lets the command line come first', async () => {
    const config = configFile('{"port": 8080, "host": "127.0.0.2"}');
    const read = await readConfig({ config, host: 'localhost', port: 1, env: {} });
    expect(read).toMatchObject({ host: 'localhost', port: 1 });
  });

  it.each([
    ['text that is no JSON', '{"port": ', /it is not JSON/, 1],
    ['a key that there is not', '{\n "prot": 1\n}', /prot/, 1],
    ['a value of another type', '{\n "port": "80"\n}', /^[^:]*: port: /, 2],
    ['a URL in the file', `{"targets": {"a": {"url": "${URL}"}}}`, /targets\.a/, 1],
    [
      'a variable that is not set',
      '{"targets": {"a": {"urlFrom": "UNSET_URL"}}}',
      /UNSET_URL is set neither/,
      undefined,
    ],
  ])('refuses %s, and says where', async (_case, text, message, line) => {
    const config = configFile(text);
    const error = await refusal({ config, env: {} });
    expect(error.message).toMatch(message);
    expect(error.where).toEqual({ file: config, ...(line === undefined ? {} : { line }) });
  });

  it('refuses a URL that is none of PostgreSQL without showing it', async () => {
    const config = configFile('{"targets": {"a": {"urlFrom": "A_URL"}}}');
    const error = await refusal({ config, env: { A_URL: `mysql://app:${SECRET}@h/d` } });
    expect(error.message).toMatch(/not a PostgreSQL URL/);
  });

  it('refuses a file that is not there when it is named', async () => {
    const error = await refusal({ config: join(folder, 'absent.json'), env: {} });
    expect(error).toMatchObject({ code: 'serve-config' });
  });

  it('asks for a token where other machines reach the address', async () => {
    const error = await refusal({ host: '0.0.0.0', env: {} });
    expect(error.message).toMatch(/no token/);
    const config = await readConfig({ host: '0.0.0.0', env: { SERVE_TOKEN: TOKEN } });
    expect(config.token).toBe(TOKEN);
  });

  it('refuses a token that can be guessed', async () => {
    const error = await refusal({ env: { SERVE_TOKEN: 'short' } });
    expect(error.message).not.toContain('short ');
  });
});

it.each([
  ['127.0.0.1', true],
  ['127.1.2.3', true],
  ['localhost', true],
  ['::1', true],
  ['0.0.0.0', false],
  ['::', false],
  ['127.0.0.1.evil.example', false],
  ['10.0.0.1', false],
])('only this machine reaches %s: %s', (host, expected) => {
  expect(isLoopback(host)).toBe(expected);
});
