import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildSample } from '../../scripts/lib/sample/build.ts';
import { errorReportSchema } from '../../scripts/lib/model/reports/parts.ts';
import type { TestDatabase } from '../support/database.ts';
import { exportArtifact } from '../support/in-process.ts';
import { createMigratedDatabase } from '../support/migrated-database.ts';
import { createOwner, type TestRole } from '../support/role.ts';
import { runScript, type ScriptName, type ScriptResult } from '../support/run-script.ts';
import { createSource } from '../support/source-file.ts';
import { temporaryFolder } from '../support/temp.ts';

const folder = temporaryFolder();
const source = join(folder, 'source.db');
const artifact = join(folder, 'artifact');
let database: TestDatabase;
let owner: TestRole;

beforeAll(async () => {
  await buildSample({ file: source });
  await exportArtifact(source, artifact);
  database = await createMigratedDatabase();
  owner = await createOwner(database);
});

/** A port that nothing listens on. */
async function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0));
    });
  });
}

describe.concurrent('exit code 2, on one line that names what is wrong:', () => {
  const TARGET = 'postgresql://nobody@localhost/nothing';
  const cases: readonly (readonly [string, ScriptName, readonly string[], readonly string[]])[] = [
    ['a flag that does not exist', 'export', ['--sorce', 'a.db'], ['--sorce', '--source']],
    ['a missing value', 'export', ['--source'], ['--source']],
    ['a bad value', 'analyze', ['--source', 'a.db', '--samples', 'many'], ['--samples', 'many']],
    ['no source', 'export', [], ['--source', 'SQLITE_URL']],
    ['no artifact', 'verify', [], ['artifact']],
    ['no target', 'import', ['a'], ['--target', 'DATABASE_URL']],
    [
      'two flags that exclude each other',
      'import',
      ['a', '--target', TARGET, '--truncate', '--append'],
      ['--truncate', '--append'],
    ],
  ];
  it.each(cases)('%s', async (_, script, args, named) => {
    const { exitCode, stderr, stdout } = await runScript(script, args);
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    for (const name of named) expect(stderr).toContain(name);
  });

  it('a URL that is none', async () => {
    const args = [artifact, '--target', 'mysql://root:hidden-word@localhost/x'];
    const { exitCode, stderr } = await runScript('import', args);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('postgresql://');
    expect(stderr).not.toContain('hidden-word');
  });

  it('a table that the source does not have', async () => {
    const args = [
      '--source',
      source,
      '--out',
      join(folder, 'none'),
      '--tables',
      'users,organisations',
    ];
    const { exitCode, stderr } = await runScript('export', args);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('organisations');
    expect(stderr).toContain('did you mean organizations?');
  });
});

/** Runs a script that must fail, checks its JSON, and gives its error. */
async function failing(
  script: ScriptName,
  args: readonly string[],
): Promise<
  ScriptResult & {
    error: { code: string; message: string; where: object; hint?: string | undefined };
  }
> {
  const result = await runScript(script, [...args, '--json']);
  const report = errorReportSchema.strict().parse(result.json());
  expect(report.command).toBe(script);
  expect(report.exitCode).toBe(result.exitCode);
  expect(report.error.hint).toBeTruthy();
  expect(result.stderr).toContain(report.error.message);
  return { ...result, error: report.error };
}

describe.concurrent('exit code 10: a source', () => {
  it('that does not exist', async () => {
    const file = join(folder, 'missing.db');
    const { exitCode, error } = await failing('analyze', ['--source', file]);
    expect([exitCode, error.code, error.where]).toEqual([10, 'source-missing', { file }]);
  });

  it('that is a folder', async () => {
    const { exitCode, error } = await failing('export', ['--source', folder]);
    expect([exitCode, error.code]).toEqual([10, 'source-not-a-file']);
  });

  it('that is no database', async () => {
    const file = join(folder, 'text.db');
    writeFileSync(file, 'Not a database, but long enough to have the header of one. '.repeat(40));
    const { exitCode, error } = await failing('export', [
      '--source',
      file,
      '--out',
      join(folder, 'no'),
    ]);
    expect([exitCode, error.code]).toEqual([10, 'source-not-a-database']);
    expect(error.hint).toContain('not a SQLite database');
  });

  it('that another process has locked', async () => {
    const file = createSource(join(folder, 'locked.db'), 'CREATE TABLE t (id INTEGER PRIMARY KEY)');
    const writer = new BetterSqlite3(file);
    writer.exec('BEGIN EXCLUSIVE');
    const { exitCode, error } = await failing('export', [
      '--source',
      file,
      '--out',
      join(folder, 'no'),
    ]);
    writer.close();
    expect([exitCode, error.code]).toEqual([10, 'source-locked']);
    expect(error.hint).toContain('lock');
  });
});

describe.concurrent('exit code 11: an artifact', () => {
  it('that does not exist', async () => {
    const { exitCode, error } = await failing('verify', [join(folder, 'nowhere')]);
    expect([exitCode, error.code]).toEqual([11, 'not-an-artifact']);
  });

  it('that is some other folder', async () => {
    const other = join(folder, 'other');
    mkdirSync(other);
    const { exitCode, error } = await failing('import', [other, '--target', database.url]);
    expect([exitCode, error.code]).toEqual([11, 'not-an-artifact']);
  });
});

/** The owner's URL with a change. */
function withUrl(change: (url: URL) => void): URL {
  const url = new URL(owner.url);
  change(url);
  return url;
}

/** The error of an import into a target that refuses it, and the password nowhere in the output. */
async function refused(
  url: URL,
): Promise<{ code: string; message: string; hint?: string | undefined }> {
  const args = [artifact, '--target', url.href];
  const { exitCode, error, stdout, stderr } = await failing('import', args);
  expect(exitCode).toBe(12);
  expect(url.password).not.toBe('');
  expect(stdout + stderr).not.toContain(url.password);
  return error;
}

describe.concurrent('exit code 12, and the password nowhere: a target', () => {
  it('where nothing listens', async () => {
    const port = String(await freePort());
    const error = await refused(withUrl((url) => (url.port = port)));
    expect(error.hint).toContain('check that the server runs');
    expect(error.message).toContain(`:${port}/`);
  });

  it('that refuses the password', async () => {
    const error = await refused(withUrl((url) => (url.password = 'wrong-and-secret')));
    expect(error.hint).toContain('password');
  });

  it('that is no database of the server', async () => {
    const error = await refused(withUrl((url) => (url.pathname = '/no_such_database')));
    expect(error.message).toContain('no_such_database');
    expect(error.hint).toContain('create the database');
  });

  it('whose tables belong to somebody else', async () => {
    const error = await refused(withUrl((url) => (url.pathname = `/${database.name}`)));
    expect(error.hint).toContain('owner of the tables');
  });
});

describe.concurrent('the PG* variables and --schema', () => {
  it('stand in for a URL, and exit code 13 names the schema that was never migrated', async () => {
    const url = new URL(database.url);
    const env = {
      PGHOST: url.hostname,
      PGPORT: url.port,
      PGUSER: decodeURIComponent(url.username),
      PGPASSWORD: decodeURIComponent(url.password),
      PGDATABASE: database.name,
    };
    await database.query('CREATE SCHEMA empty');
    const result = await runScript('import', [artifact, '--schema', 'empty'], { env });
    expect(result).toMatchObject({ exitCode: 13, stdout: '' });
    expect(result.stderr).toContain('the schema empty of the target');
    expect(result.stderr).toContain('prisma migrate deploy');
    expect(result.stderr).not.toContain(env.PGPASSWORD);
  });
});
