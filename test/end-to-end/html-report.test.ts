import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { importReportSchema } from '../../scripts/lib/model/reports/import.ts';
import { verifyReportSchema } from '../../scripts/lib/model/reports/verify.ts';
import { shortDigest } from '../../scripts/lib/model/short-digest.ts';
import { runScript } from '../support/run-script.ts';
import { createScenario, type Scenario } from '../support/scenario.ts';
import { temporaryFolder } from '../support/temp.ts';

const folder = temporaryFolder();
const PASSWORD = /^[^:]+:\/\/[^:]*:([^@]*)@/;
let scenario: Scenario;

beforeAll(async () => {
  scenario = await createScenario(folder, {
    importer: 'owner',
    source: `CREATE TABLE parent (id INTEGER PRIMARY KEY, name TEXT);
      CREATE TABLE child (id INTEGER PRIMARY KEY, parent_id INTEGER REFERENCES parent (id));
      INSERT INTO parent VALUES (1, 'a'), (2, 'b');
      INSERT INTO child VALUES (1, 1), (2, 1), (3, 2);`,
    target: `CREATE TABLE parent (id integer PRIMARY KEY, name text);
      CREATE TABLE child (id integer PRIMARY KEY, parent_id integer REFERENCES parent);`,
  });
});

it('an import and a verification leave a page each, with what their reports say and no password', async () => {
  const [importFile, verifyFile] = ['import.html', 'verify.html'].map((file) => join(folder, file));
  const { artifact, url } = scenario;
  const imported = await runScript('import', [
    artifact,
    '--target',
    url,
    '--skip-migration-check',
    '--html',
    importFile ?? '',
    '--json',
  ]);
  expect(imported.exitCode).toBe(0);
  const report = importReportSchema.parse(imported.json());
  expect(report.dependencies).toEqual({
    tables: [
      { name: 'parent', refersTo: [] },
      { name: 'child', refersTo: ['parent'] },
    ],
    cycles: [],
  });
  const page = readFileSync(importFile ?? '', 'utf8');
  for (const { digest, startedAt, job } of report.tables) {
    expect(page).toContain(shortDigest(digest ?? 'none'));
    expect(page).toContain(startedAt?.slice(11) ?? 'none');
    expect(job).toBeGreaterThan(0);
  }
  const verified = await runScript('verify', [
    artifact,
    '--target',
    url,
    '--against-source',
    `${artifact}.db`,
    '--html',
    verifyFile ?? '',
    '--json',
  ]);
  expect(verified.exitCode).toBe(0);
  const { proof, story } = verifyReportSchema.parse(verified.json());
  const verifyPage = readFileSync(verifyFile ?? '', 'utf8');
  for (const table of proof?.tables ?? []) {
    for (const digest of [table.source?.sha256, table.archive, table.target?.target]) {
      expect(verifyPage).toContain(shortDigest(digest ?? 'none'));
    }
  }
  expect(story?.loads.map((load) => load.tables.length)).toEqual([2]);
  const [, password = 'none'] = PASSWORD.exec(url) ?? [];
  expect(password.length).toBeGreaterThan(4);
  for (const text of [page, verifyPage]) expect(text).not.toContain(password);
});

it('an import that finds something leaves a page that says what to do', async () => {
  const file = join(folder, 'findings.html');
  const { exitCode } = await runScript('import', [
    scenario.artifact,
    '--target',
    scenario.url,
    '--restart',
    '--skip-migration-check',
    '--html',
    file,
  ]);
  expect(exitCode).toBe(3);
  const page = readFileSync(file, 'utf8');
  expect(page).toContain('Done, but with blocking findings');
  expect(page).toContain('What to do:');
});

it('a script that cannot do its work leaves a page that says why', async () => {
  const file = join(folder, 'error.html');
  const { exitCode } = await runScript('verify', [join(folder, 'nowhere'), '--html', file]);
  expect(exitCode).toBe(11);
  expect(readFileSync(file, 'utf8')).toContain('The artifact cannot be read or written');
});

it('no page is written where it cannot or must not be, which is said before anything is done', async () => {
  const other = join(folder, 'notes.txt');
  writeFileSync(other, 'mine');
  mkdirSync(join(folder, 'folder.html'));
  const places: readonly (readonly [file: string, why: RegExp])[] = [
    [join(folder, 'none', 'page.html'), /no folder/],
    [other, /something else is there/],
    [join(folder, 'folder.html'), /something else is there/],
    [join(scenario.artifact, 'page.html'), /lie in an artifact/],
  ];
  const out = join(folder, 'exported');
  for (const [file, why] of places) {
    const source = `${scenario.artifact}.db`;
    const args = ['--source', source, '--out', out, '--html', file];
    const { exitCode, stderr } = await runScript('export', args);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(why);
  }
  expect(existsSync(out)).toBe(false);
  expect(readFileSync(other, 'utf8')).toBe('mine');
  expect(readdirSync(folder).filter((name) => name.includes('.partial'))).toEqual([]);
});
