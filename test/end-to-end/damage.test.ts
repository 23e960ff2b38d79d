import {
  cpSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildSample } from '../../scripts/lib/sample/build.ts';
import { REFUSED, tryArtifact } from '../support/damaged-artifact.ts';
import type { TestDatabase } from '../support/database.ts';
import { exportArtifact, verifyInProcess } from '../support/in-process.ts';
import { createMigratedDatabase } from '../support/migrated-database.ts';
import { runScript } from '../support/run-script.ts';
import { dataFileOf, listArtifact, readManifest, writeManifest } from '../support/tampering.ts';
import { temporaryFolder } from '../support/temp.ts';

const folder = temporaryFolder();
const sound = join(folder, 'sound');
let database: TestDatabase;

/** The sample's tables; known before the artifact is made, so that each file has tests of its own. */
const TABLES = [
  'users',
  'organizations',
  'user_organizations',
  'ai_providers',
  'organization_ai_configs',
  'ai_usage_logs',
  'api_configurations',
  'organization_api_credentials',
  'data_source_mappings',
  'field_configurations',
  'pfa_records',
  'sync_logs',
] as const;
const OTHER_FILES = [
  'SHA256SUMS',
  'data/000-_prisma_migrations.ndjson',
  'manifest.json',
  'schema.sql',
] as const;

beforeAll(async () => {
  const source = join(folder, 'sample.db');
  await buildSample({ file: source, rows: 60 });
  await exportArtifact(source, sound);
  database = await createMigratedDatabase();
});

/** The artifact that a test damages. */
let artifact: string;
let copies = 0;
beforeEach(() => {
  copies += 1;
  artifact = join(folder, `copy-${copies}`);
  cpSync(sound, artifact, { recursive: true });
});

async function rowsInTarget(): Promise<number> {
  const tables = readManifest(sound).tables.map(({ name }) => `SELECT 1 FROM "${name}"`);
  return (await database.query(tables.join(' UNION ALL '))).length;
}

/** Refused, and this was said. */
function refusedSaying(text: string | RegExp): unknown {
  return { ...REFUSED, said: expect.stringMatching(text) as unknown };
}

it("the sample's artifact has the files that are damaged here, and is sound before", async () => {
  const dataFiles = TABLES.map((table) => dataFileOf(sound, table));
  expect(listArtifact(sound)).toEqual([...OTHER_FILES, ...dataFiles].toSorted());
  expect(await verifyInProcess(sound)).toEqual({ findings: [] });
});

const isTable = (name: string): boolean => TABLES.some((table) => table === name);

describe.each([...OTHER_FILES, ...TABLES])(
  'damage to %s is found by verify and by import:',
  (name) => {
    const pathInCopy = (): string => join(artifact, isTable(name) ? dataFileOf(sound, name) : name);

    it('one byte changed at several places, one lost, one added', async () => {
      const path = pathInCopy();
      const bytes = readFileSync(path);
      const damaged = [Buffer.concat([bytes, Buffer.from('\n')])];
      if (bytes.length > 0) {
        damaged.push(bytes.subarray(0, -1));
        for (const place of [0, bytes.length >> 2, bytes.length >> 1, bytes.length - 1]) {
          const flipped = Buffer.from(bytes);
          flipped[place] = (flipped[place] ?? 0) ^ 1;
          damaged.push(flipped);
        }
      }
      for (const content of damaged) {
        writeFileSync(path, content);
        expect(await tryArtifact(artifact, database.url)).toMatchObject(REFUSED);
      }
      expect(await rowsInTarget()).toBe(0);
    });

    it('the file removed, and a symbolic link or a folder in its place', async () => {
      const path = pathInCopy();
      const elsewhere = join(folder, `elsewhere-${copies}`);
      renameSync(path, elsewhere);
      expect(await tryArtifact(artifact, database.url)).toMatchObject(REFUSED);
      symlinkSync(elsewhere, path);
      expect(await tryArtifact(artifact, database.url)).toEqual(
        refusedSaying(/symbolic link|not a regular file/),
      );
      rmSync(path);
      mkdirSync(path);
      expect(await tryArtifact(artifact, database.url)).toMatchObject(REFUSED);
      expect(await rowsInTarget()).toBe(0);
    });
  },
);

describe('refused as well is an artifact', () => {
  it.each(['extra.txt', 'data/013-extra.ndjson', 'data/deep/er.txt', '.hidden'])(
    'with a file %s that the manifest does not know',
    async (file) => {
      mkdirSync(join(artifact, 'data/deep'));
      writeFileSync(join(artifact, file), 'x');
      expect(await tryArtifact(artifact, database.url)).toEqual(refusedSaying(file));
    },
  );

  it('whose data folder is a symbolic link', async () => {
    const elsewhere = join(folder, 'data-elsewhere');
    renameSync(join(artifact, 'data'), elsewhere);
    symlinkSync(elsewhere, join(artifact, 'data'));
    expect(await tryArtifact(artifact, database.url)).toMatchObject(REFUSED);
  });

  it('whose two files were swapped', async () => {
    const [a, b] = [dataFileOf(sound, 'users'), dataFileOf(sound, 'organizations')];
    renameSync(join(artifact, a), join(artifact, 'swap'));
    renameSync(join(artifact, b), join(artifact, a));
    renameSync(join(artifact, 'swap'), join(artifact, b));
    expect(await tryArtifact(artifact, database.url)).toMatchObject(REFUSED);
  });

  it.each([
    ['a path that leads out', '../outside.ndjson'],
    ['an absolute path', '/etc/passwd'],
    ['a path that goes up inside', 'data/../../outside.ndjson'],
    ['the path of another file', 'manifest.json'],
  ])('whose manifest has %s, checksums and all', async (_, file) => {
    writeFileSync(join(folder, 'outside.ndjson'), '');
    const manifest = readManifest(artifact);
    const [first, ...others] = manifest.tables;
    writeManifest(artifact, { ...manifest, tables: [{ ...first, file }, ...others] });
    expect(await tryArtifact(artifact, database.url)).toEqual(refusedSaying('manifest-malformed'));
  });

  it('of a format version that is not known, which is told before anything else', async () => {
    writeFileSync(
      join(artifact, 'manifest.json'),
      JSON.stringify({
        format: 'sqlite-migration-artifact',
        formatVersion: 2,
        tables: 'otherwise',
      }),
    );
    expect(await tryArtifact(artifact, database.url)).toEqual(
      refusedSaying('artifact-format-version'),
    );
  });
});

describe('the scripts refuse a damaged artifact', () => {
  it('verify with 3 and import with 11, with the file named and nothing loaded', async () => {
    const file = dataFileOf(sound, 'organizations');
    const path = join(artifact, file);
    const bytes = readFileSync(path);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    const [verified, imported] = await Promise.all([
      runScript('verify', [artifact]),
      runScript('import', [artifact, '--target', database.url]),
    ]);
    expect([verified.exitCode, imported.exitCode]).toEqual([3, 11]);
    expect(verified.stderr).toContain('NOT sound');
    for (const { stderr } of [verified, imported]) {
      expect(stderr).toContain(file);
      expect(stderr).toContain('SHA-256');
    }
    expect(imported.stderr).toContain('nothing was loaded');
    expect(await rowsInTarget()).toBe(0);
  });

  it('every fault is told, not the first one only', async () => {
    const removed = dataFileOf(sound, 'users');
    rmSync(join(artifact, removed));
    writeFileSync(join(artifact, 'schema.sql'), '');
    writeFileSync(join(artifact, 'stranger'), '');
    const { exitCode, stderr } = await runScript('verify', [artifact]);
    expect(exitCode).toBe(3);
    for (const file of [removed, 'schema.sql', 'stranger']) {
      expect(stderr).toContain(`at: file ${file}`);
    }
  });
});
