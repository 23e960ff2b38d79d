import { cpSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { verifyTarget } from '../../../scripts/lib/commands/verify-target.ts';
import type { VerifyResult } from '../../../scripts/lib/commands/verify.ts';
import { quietContext } from '../../support/artifact.ts';
import { runScript } from '../../support/run-script.ts';
import { createLoadedScenario, type Scenario } from '../../support/scenario.ts';
import { dataFileOf, editLines } from '../../support/tampering.ts';
import { temporaryFolder } from '../../support/temp.ts';

const SOURCE = `
  CREATE TABLE owner (id INTEGER PRIMARY KEY, name TEXT, seen INTEGER);
  INSERT INTO owner VALUES (1, 'one', 1700000000000), (2, 'two', NULL), (10, 'ten', 0);
  CREATE TABLE thing (code TEXT PRIMARY KEY, owner INTEGER REFERENCES owner (id), data BLOB, note TEXT);
  INSERT INTO thing VALUES ('10', 1, x'00ff', 'a'), ('9', 10, NULL, 'b'), ('é', 2, x'', '"\\');
  CREATE TABLE event (n INTEGER, at TEXT);
  INSERT INTO event VALUES (2, 'x'), (1, 'y'), (2, 'x');`;

const TARGET = `
  CREATE TABLE owner (id integer PRIMARY KEY, name text, seen timestamptz(3));
  CREATE TABLE thing (code text PRIMARY KEY, owner integer REFERENCES owner, data bytea, note text);
  CREATE TABLE event (n integer, at text);`;

const folder = temporaryFolder();
let scenario: Scenario;
let copies = 0;
/** A copy of the artifact, with the report of a verification that found nothing. */
let artifact: string;

beforeAll(async () => {
  scenario = await createLoadedScenario(folder, { source: SOURCE, target: TARGET });
  await runScript('verify', [scenario.artifact]);
  await scenario.rows('CREATE SCHEMA kept; CREATE TABLE kept.thing AS TABLE thing');
}, 60_000);

beforeEach(() => {
  copies += 1;
  artifact = join(folder, `copy-${copies}`);
  cpSync(scenario.artifact, artifact, { recursive: true, preserveTimestamps: true });
});

const verify = async (options: { sample?: number; seed?: number } = {}): Promise<VerifyResult> =>
  verifyTarget(
    { artifact, target: scenario.url, showValues: true, env: {}, ...options },
    quietContext,
  );

/** All of a report but its times, and what it relied on. */
function said({ reliesOn: _reliesOn, ...report }: VerifyResult): unknown {
  const text = JSON.stringify(report, (key, value: unknown) => (key === 'elapsedMs' ? 0 : value));
  return JSON.parse(text);
}

/** What is said with the record of the verification, and without. */
async function verifyBothWays(
  options: Parameters<typeof verify>[0] = {},
): Promise<{ with: VerifyResult; without: VerifyResult }> {
  const relying = await verify(options);
  rmSync(join(artifact, 'reports'), { recursive: true });
  return { with: relying, without: await verify(options) };
}

/** Changes a data file and gives it its time back. */
function editInSecret(table: string, edit: (lines: string[]) => readonly string[]): void {
  const path = join(artifact, dataFileOf(artifact, table));
  const { atime, mtime } = statSync(path);
  editLines(artifact, table, edit);
  utimesSync(path, atime, mtime);
}

describe('a comparison that relies on a verification', () => {
  it.each([
    ['of equal rows', '', {}],
    [
      'of rows that differ, are missing and too many',
      `UPDATE thing SET note = 'c' WHERE code = '9'; DELETE FROM thing WHERE code = 'é'; INSERT INTO thing VALUES ('0')`,
      {},
    ],
    ['of a sample', `UPDATE thing SET note = 'c'`, { sample: 2, seed: 3 }],
  ])('says what it says without: %s', async (_, change, options) => {
    await scenario.rows(`DELETE FROM thing; INSERT INTO thing TABLE kept.thing; ${change}`);
    const reports = await verifyBothWays(options);
    expect(reports.with.reliesOn).toMatchObject({ toolVersion: expect.any(String) });
    expect(reports.without.reliesOn).toBeNull();
    expect(said(reports.with)).toEqual(said(reports.without));
    expect(reports.with.comparison?.tables).toHaveLength(3);
    await scenario.rows('DELETE FROM thing; INSERT INTO thing TABLE kept.thing');
  });

  it.each([
    [
      'a value',
      'checksum',
      'owner',
      (lines: string[]) => lines.map((line) => line.replace('one', 'uno')),
    ],
    ['the order of rows', 'checksum', 'owner', (lines: string[]) => lines.toReversed()],
    ['a row twice', 'file-size', 'owner', (lines: string[]) => [...lines, lines[0] ?? '']],
    ['a row without parent', 'checksum', 'thing', (lines: string[]) => lines.map(withoutParent)],
    ['a table without a key', 'file-size', 'event', (lines: string[]) => lines.slice(1)],
    ['a line that is none', 'file-size', 'event', (lines: string[]) => ['{}', ...lines.slice(1)]],
  ])('finds a file that was changed, its time restored: %s', async (_, code, table, edit) => {
    editInSecret(table, edit);
    const reports = await verifyBothWays();
    expect(reports.with).toMatchObject({ reliesOn: null, comparison: null });
    expect(reports.with.findings.map(({ code }) => code)).toContain(code);
    expect(said(reports.with)).toEqual(said(reports.without));
  });

  it.each(['schema.sql', 'SHA256SUMS'])('finds %s changed', async (file) => {
    const path = join(artifact, file);
    writeFileSync(path, `${readFileSync(path, 'utf8')}\n-- more`);
    const reports = await verifyBothWays();
    expect(reports.with).toMatchObject({ reliesOn: null, comparison: null });
    expect(said(reports.with)).toEqual(said(reports.without));
  });

  it('does not wait for rows that it compares with no more', async () => {
    const other = new pg.Client({ connectionString: scenario.url });
    await other.connect();
    await other.query('BEGIN; LOCK TABLE owner IN ACCESS EXCLUSIVE MODE');
    editInSecret('owner', (lines) => lines.toReversed());
    const reports = await verifyBothWays();
    await other.end();
    expect(said(reports.with)).toEqual(said(reports.without));
    const sessions = `SELECT FROM pg_stat_activity
      WHERE application_name = 'sqlite-migration verify' AND datname = current_database()`;
    await expect.poll(async () => scenario.rows(sessions), { timeout: 10_000 }).toEqual([]);
  });

  it('says so', async () => {
    const arguments_ = [artifact, '--target', scenario.url];
    const { exitCode, stderr } = await runScript('verify', arguments_);
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(
      /^hashing the artifact, which was verified at \S+Z, and trying every value$/m,
    );
    expect(stderr).toMatch(
      /^every file has the SHA-256 that it had when it was verified at \S+Z: /m,
    );
    editInSecret('owner', (lines) => lines.toReversed());
    const damaged = await runScript('verify', arguments_);
    expect(damaged.exitCode).toBe(3);
    expect(damaged.stderr).toMatch(
      /^the artifact is not what was verified then: beginning again$/m,
    );
    expect(damaged.stderr).not.toContain('every file has');
    expect(damaged.stderr).not.toContain('holds what the archive holds');
  });
});

function withoutParent(line: string): string {
  return line.replace('"owner":10', '"owner":11');
}
