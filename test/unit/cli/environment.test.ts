import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadDotEnv, resolveSource, resolveTarget } from '../../../scripts/lib/cli/environment.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();
const before = process.cwd();
const variables = ['TOOLKIT_TEST_A', 'TOOLKIT_TEST_B'];
beforeEach(() => {
  process.chdir(folder);
});
afterEach(() => {
  process.chdir(before);
  rmSync(join(folder, '.env'), { force: true });
  for (const name of variables) delete process.env[name];
});

describe('the file .env', () => {
  it('fills in what the environment leaves out, and never overrides it', () => {
    process.env['TOOLKIT_TEST_A'] = 'from the environment';
    writeFileSync(
      '.env',
      '# settings\nTOOLKIT_TEST_A=from the file\nTOOLKIT_TEST_B="file:./dev.db"\n',
    );
    loadDotEnv();
    expect(variables.map((name) => process.env[name])).toEqual([
      'from the environment',
      'file:./dev.db',
    ]);
  });

  it('may be missing', () => {
    loadDotEnv();
    expect(process.env['TOOLKIT_TEST_B']).toBeUndefined();
  });
});

describe('the source', () => {
  it.each([
    ['shop.db', 'shop.db'],
    ['/data/shop.db', '/data/shop.db'],
    ['odd?name.db', 'odd?name.db'],
    ['file:./dev.db', './dev.db'],
    ['file:dev.db?connection_limit=1&x=?', 'dev.db'],
    ['file:/data/dev.db', '/data/dev.db'],
    ['file:///data/dev.db', '/data/dev.db'],
    ['file://localhost/data/dev.db', '/data/dev.db'],
  ])('%s is the path %s', (text, path) => {
    expect(resolveSource(text, {})).toBe(path);
    expect(resolveSource(undefined, { SQLITE_URL: text })).toBe(path);
  });

  it('is what --source says before SQLITE_URL', () => {
    expect(resolveSource('a.db', { SQLITE_URL: 'b.db' })).toBe('a.db');
  });

  it.each([{}, { SQLITE_URL: '' }])('must be named by one of the two: %j', (env) => {
    expect(() => resolveSource(undefined, env)).toThrow(
      expect.objectContaining({
        kind: 'usage',
        message:
          '--source FILE is missing, and SQLITE_URL is set neither in the environment nor in .env',
      }),
    );
  });

  it('is asked for with a hint when DATABASE_URL still names a SQLite file', () => {
    expect(() => resolveSource(undefined, { DATABASE_URL: 'file:./dev.db' })).toThrow(
      'DATABASE_URL names a SQLite file: give it as --source',
    );
  });

  it('is looked for where Prisma before 7 had it, to say so', () => {
    mkdirSync(join(folder, 'prisma'));
    writeFileSync(join(folder, 'prisma', 'old.db'), '');
    expect(() => resolveSource('file:./old.db', {})).toThrow(
      expect.objectContaining({
        code: 'source-missing',
        hint: expect.stringContaining(join('prisma', 'old.db')),
      }),
    );
    // A plain path means what it says.
    expect(resolveSource('./old.db', {})).toBe('./old.db');
    writeFileSync(join(folder, 'old.db'), '');
    expect(resolveSource('file:./old.db', {})).toBe('./old.db');
  });
});

describe('the target', () => {
  it('is what --target says, else DATABASE_URL, else what the PG* variables make', () => {
    const env = { DATABASE_URL: 'postgresql://b', PGHOST: 'c' };
    expect(resolveTarget('postgresql://a', env)).toBe('postgresql://a');
    expect(resolveTarget(undefined, env)).toBe('postgresql://b');
    expect(resolveTarget(undefined, { DATABASE_URL: '', PGHOST: 'c' })).toBe('postgresql://');
    expect(resolveTarget(undefined, { PGDATABASE: 'd' })).toBe('postgresql://');
  });

  it('must be named by one of them', () => {
    expect(() => resolveTarget(undefined, { PGPASSWORD: 'x' })).toThrow(
      expect.objectContaining({
        kind: 'usage',
        message: expect.stringMatching(/--target URL.*DATABASE_URL/),
      }),
    );
  });
});
