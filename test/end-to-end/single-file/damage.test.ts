import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildSample } from '../../../scripts/lib/sample/build.ts';
import { REFUSED, tryArtifact } from '../../support/damaged-artifact.ts';
import type { TestDatabase } from '../../support/database.ts';
import { exportArtifact, verifyInProcess } from '../../support/in-process.ts';
import { createMigratedDatabase } from '../../support/migrated-database.ts';
import { runScript } from '../../support/run-script.ts';
import { toSingleFile } from '../../support/single-file.ts';
import { createSource } from '../../support/source-file.ts';
import { dataFileOf } from '../../support/tampering.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();
const artifact = join(folder, 'sample');
const sound = join(folder, 'sample.json');
const damaged = join(folder, 'damaged.json');
let database: TestDatabase;

beforeAll(async () => {
  const source = join(folder, 'sample.db');
  await buildSample({ file: source, rows: 60 });
  await toSingleFile(await exportArtifact(source, artifact), sound);
  database = await createMigratedDatabase();
});

it('the single file that is damaged here is sound before', async () => {
  expect(await verifyInProcess(sound)).toEqual({ findings: [] });
});

it('damage anywhere is found by verify and by import, and nothing is loaded', async () => {
  const bytes = readFileSync(sound);
  // The last byte is a newline, which the document can do without.
  const places = Array.from({ length: 12 }, (_, index) =>
    Math.floor((index * (bytes.length - 2)) / 11),
  );
  for (const place of places) {
    const flipped = Buffer.from(bytes);
    flipped[place] = (flipped[place] ?? 0) ^ 1;
    const changes = [flipped, bytes.subarray(0, place)];
    // Some byte of a value for another one, which leaves the document well-formed.
    if (/[a-z]/.test(String.fromCodePoint(bytes[place] ?? 0))) {
      changes.push(Buffer.from(bytes).fill('q', place, place + 1));
    }
    for (const changed of changes) {
      if (changed.equals(bytes)) continue;
      writeFileSync(damaged, changed);
      expect([place, await tryArtifact(damaged, database.url)]).toMatchObject([place, REFUSED]);
    }
  }
  const rows = await database.query(`SELECT 1 FROM organizations UNION ALL SELECT 1 FROM users`);
  expect(rows).toEqual([]);
});

it('no byte of a small file can be changed unnoticed', async () => {
  const source = createSource(
    join(folder, 'small.db'),
    `CREATE TABLE t (id INTEGER PRIMARY KEY, v); INSERT INTO t VALUES (1, 17.0), (2, x'00ff'), (3, 'é');`,
  );
  const file = await toSingleFile(
    await exportArtifact(source, join(folder, 'small')),
    join(folder, 'small.json'),
  );
  const bytes = readFileSync(file);
  const unnoticed: number[] = [];
  for (let place = 0; place < bytes.length; place += 11) {
    const changed = Buffer.from(bytes);
    changed[place] = (changed[place] ?? 0) ^ 1;
    writeFileSync(damaged, changed);
    const { errorCode, findings } = await verifyInProcess(damaged);
    if (errorCode === undefined && findings.length === 0) unnoticed.push(place);
  }
  expect(unnoticed).toEqual([]);
});

describe('a file that another tool wrote anew', () => {
  interface Parts {
    [key: string]: unknown;
    tables: { name: string; rows: Record<string, unknown>[] }[];
  }
  const anew = (change: (parts: Parts) => void, indent = 0): void => {
    const parts = JSON.parse(readFileSync(sound, 'utf8')) as Parts;
    change(parts);
    writeFileSync(damaged, JSON.stringify(parts, null, indent));
  };

  it.each([0, 2, 8])(
    'with the indent %d still reads right, or the changed numbers are found',
    async (indent) => {
      anew(() => undefined, indent);
      const changed = /[{,]"\w+":-?\d+\.0[,}]/.test(readFileSync(sound, 'utf8'));
      expect(changed).toBe(true);
      expect(await tryArtifact(damaged, database.url)).toMatchObject(REFUSED);
      const { findings } = await verifyInProcess(damaged);
      expect(findings).toContainEqual(expect.objectContaining({ code: 'checksum' }));
    },
  );

  it.each([
    ['a row less', (rows: Record<string, unknown>[]) => rows.slice(1), 'row-count'],
    ['a row twice', (rows: Record<string, unknown>[]) => [rows[0], ...rows], 'duplicate-key'],
    ['rows in another order', (rows: Record<string, unknown>[]) => rows.toReversed(), 'key-order'],
    [
      'a row that is none',
      (rows: Record<string, unknown>[]) => [5, ...rows.slice(1)],
      'line-malformed',
    ],
    [
      'the keys of a row in another order',
      (rows: Record<string, unknown>[]) =>
        rows.map((row) => Object.fromEntries(Object.entries(row).toReversed())),
      'line-malformed',
    ],
    [
      'a key more in a row',
      (rows: Record<string, unknown>[]) => rows.map((row) => ({ ...row, more: 1 })),
      'line-malformed',
    ],
  ] as const)('with %s is refused, and the finding names the table', async (_, change, code) => {
    anew((parts) => {
      const users = parts.tables.find(({ name }) => name === 'users');
      if (users !== undefined) Object.assign(users, { rows: change(users.rows) });
    });
    expect(await tryArtifact(damaged, database.url)).toMatchObject(REFUSED);
    const { findings } = await verifyInProcess(damaged);
    expect(findings).toContainEqual(
      expect.objectContaining({
        code,
        where: expect.objectContaining({ table: 'users' }) as unknown,
      }),
    );
  });
});

describe('the scripts refuse', () => {
  it('a damaged file, verify with 3 and import and export with 11, with the place named', async () => {
    const text = readFileSync(sound, 'utf8');
    writeFileSync(damaged, text.replace('"email":"', '"email":"x'));
    const out = join(folder, 'from-damaged');
    const [verified, imported, exported] = await Promise.all([
      runScript('verify', [damaged]),
      runScript('import', [damaged, '--target', database.url]),
      runScript('export', ['--from', damaged, '--out', out]),
    ]);
    expect([verified.exitCode, imported.exitCode, exported.exitCode]).toEqual([3, 11, 11]);
    for (const { stderr } of [verified, imported, exported]) {
      expect(stderr).toContain(dataFileOf(artifact, 'users'));
    }
    expect(verified.stderr).toContain(`${damaged} is NOT sound`);
    expect(exported.stderr).toContain(`the artifact ${damaged} is damaged`);
  });

  it('a file that is cut off, with 11 and the table in which it ends', async () => {
    const text = readFileSync(sound, 'utf8');
    writeFileSync(damaged, text.slice(0, text.indexOf('"email":"')));
    for (const script of ['verify', 'import'] as const) {
      const args = script === 'import' ? ['--target', database.url] : [];
      const { exitCode, stderr } = await runScript(script, [damaged, ...args]);
      expect(exitCode).toBe(11);
      expect(stderr).toMatch(
        /the file ends before the document does \(table users, file .*damaged\.json, line \d+\)/,
      );
    }
  });

  it('a symbolic link to a file, which may lead anywhere', async () => {
    const link = join(folder, 'link.json');
    symlinkSync(sound, link);
    const { exitCode, stderr } = await runScript('verify', [link]);
    expect(exitCode).toBe(11);
    expect(stderr).toContain('symbolic link');
  });
});
