import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { verifyReportSchema } from '../../scripts/lib/model/reports/verify.ts';
import { changeFile } from '../support/archive-comparison.ts';
import { exportArtifact } from '../support/in-process.ts';
import { runScript } from '../support/run-script.ts';
import { createSource } from '../support/source-file.ts';
import { temporaryFolder } from '../support/temp.ts';

const folder = temporaryFolder();
const source = join(folder, 'app.db');
const earlier = join(folder, 'earlier');
const later = join(folder, 'later');

beforeAll(async () => {
  createSource(
    source,
    `CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, email TEXT);
     INSERT INTO users VALUES (1, 'Ann', 'ann@example.org'), (2, 'Bob', NULL), (3, 'Cid', 'c@example.org');
     CREATE TABLE logs (text); INSERT INTO logs VALUES ('a'), ('b');
     CREATE TABLE same (id INTEGER PRIMARY KEY); INSERT INTO same VALUES (1), (2);`,
  );
  await exportArtifact(source, earlier);
  changeFile(
    source,
    `UPDATE users SET email = 'bob@example.org', name = 'Robert' WHERE id = 2; DELETE FROM users WHERE id = 3;
     INSERT INTO logs VALUES ('c'); CREATE TABLE fresh (id INTEGER PRIMARY KEY); PRAGMA user_version = 2`,
  );
  await exportArtifact(source, later);
});

describe('verify --against-source', () => {
  it('says that nothing changed since the export, and exits with 0', async () => {
    const { exitCode, stderr } = await runScript('verify', [
      later,
      '--against-source',
      `file:${source}`,
    ]);
    expect(exitCode).toBe(0);
    expect(stderr).toContain(`${source} holds what was exported: 7 rows the same\n`);
  });

  it('says what changed, a table a line, and exits with 3', async () => {
    const { exitCode, stderr } = await runScript('verify', [earlier, '--against-source', source]);
    expect(exitCode).toBe(3);
    expect(stderr).toContain(`${earlier} is sound: 3 tables, 7 rows`);
    expect(stderr).toMatch(/^ {2}table +artifact +source now +equal +added +removed +changed$/m);
    expect(stderr).toMatch(/^ {2}users +3 +2 +1 +0 +1 +1 +name 1, email 1$/m);
    expect(stderr).toMatch(/^ {2}logs +2 +3 +2 +1 +0 +0$/m);
    expect(stderr).toMatch(/^ {2}fresh +- +0 +0 +0 +0 +0 +the table was added$/m);
    expect(stderr).toContain('  1 table with the same rows\n');
    expect(stderr).toContain('- user_version: 0 → 2\n');
    expect(stderr).toMatch(/^ {2}- id=2: name: TEXT of length 3 \(SHA-256 .*; email: NULL → TEXT/m);
    expect(stderr).toContain(
      `${source} is NOT what was exported: 5 rows the same, 1 added, 1 removed, 1 changed, 2 differences of the schema\n`,
    );
    expect(stderr).not.toContain('bob@example.org');
  });

  it('shows values where they are asked for', async () => {
    const flags = ['--against-source', source, '--show-values'];
    const { stderr } = await runScript('verify', [earlier, ...flags]);
    expect(stderr).toContain('- id=2: name: "Bob" → "Robert"; email: null → "bob@example.org"\n');
    expect(stderr).toContain('- line 3: {"text":"c"}\n');
  });

  it('that cannot be read exits with 10', async () => {
    const missing = join(folder, 'missing.db');
    const { exitCode, stderr } = await runScript('verify', [earlier, '--against-source', missing]);
    expect(exitCode).toBe(10);
    expect(stderr).toContain(`error the SQLite file does not exist (file ${missing})`);
    expect(stderr).not.toContain('--source (');
  });
});

describe('verify --baseline', () => {
  it('reports rows by key and column as JSON', async () => {
    const { exitCode, json } = await runScript('verify', [later, '--baseline', earlier, '--json']);
    expect(exitCode).toBe(3);
    const { baseline, againstSource } = verifyReportSchema.parse(json());
    expect(againstSource).toBeUndefined();
    expect(baseline).toMatchObject({
      artifact: { path: earlier },
      isEqual: false,
      rowsEqual: 5,
      rowsAdded: 1,
      rowsRemoved: 1,
      rowsChanged: 1,
      schema: [{ name: 'user_version' }, { kind: 'table', name: 'fresh', change: 'added' }],
    });
    expect(baseline?.tables.find(({ name }) => name === 'users')).toMatchObject({
      comparedBy: 'key',
      removed: [{ rowKey: 'id=3' }],
      changed: [{ rowKey: 'id=2', columns: [{ name: 'name' }, { name: 'email' }] }],
      columns: [
        { name: 'name', rowsChanged: 1 },
        { name: 'email', rowsChanged: 1 },
      ],
    });
  });

  it('exits with 0 for a copy', async () => {
    const copy = join(folder, 'copy');
    cpSync(later, copy, { recursive: true });
    const { exitCode, stderr } = await runScript('verify', [copy, '--baseline', later]);
    expect(exitCode).toBe(0);
    expect(stderr).toContain('both are the same artifact: 7 rows the same\n');
  });

  it('that is no artifact exits with 11, and names it', async () => {
    const { exitCode, stderr } = await runScript('verify', [later, '--baseline', source]);
    expect(exitCode).toBe(11);
    expect(stderr).toContain(source);
  });
});

it('--show-values alone is a mistake of the command line', async () => {
  const { exitCode, stderr } = await runScript('verify', [later, '--show-values']);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('--show-values goes with --target, --against-source or --baseline');
});
