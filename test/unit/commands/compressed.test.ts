import { cpSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { closeBatches, scanDataFile } from '../../../scripts/lib/artifact/data-file.ts';
import { dataTables } from '../../../scripts/lib/artifact/manifest.ts';
import { openArtifact, rowsFile } from '../../../scripts/lib/artifact/reader.ts';
import { readRow } from '../../../scripts/lib/artifact/token.ts';
import type { Row } from '../../../scripts/lib/model/values.ts';
import { anyDatabase, makeDatabase } from '../../support/any-database.ts';
import { verifyAgainst } from '../../support/archive-comparison.ts';
import { HERE, compressFile, decompressFile, recompressFile } from '../../support/compressed.ts';
import { errorOf } from '../../support/error-of.ts';
import { exportArtifact, verifyInProcess } from '../../support/in-process.ts';
import { restoreInProcess } from '../../support/restore.ts';
import { AWKWARD_SQL, bytesOf, toFolder, toSingleFile } from '../../support/single-file.ts';
import { sqliteFile } from '../../support/sqlite.ts';
import { dataFileOf } from '../../support/tampering.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();
const source = join(folder, 'source.db');
const plain = join(folder, 'plain');
const compressed = join(folder, 'compressed');
let count = 0;

beforeAll(async () => {
  sqliteFile(source, `${AWKWARD_SQL} CREATE TABLE last (a)`);
  await exportArtifact(source, plain);
  await exportArtifact(source, compressed, { compress: 'gzip' });
});

function newPath(): string {
  return join(folder, `new-${++count}`);
}

function copyOf(artifact: string): string {
  const path = newPath();
  cpSync(artifact, path, { recursive: true });
  return path;
}

describe('export --from', () => {
  it('copies a compressed artifact to the byte', async () => {
    expect(bytesOf(await toFolder(compressed, newPath()))).toEqual(bytesOf(compressed));
  });

  it('makes no single file of it, and leaves nothing', async () => {
    const path = newPath();
    expect(await errorOf(async () => toSingleFile(compressed, path))).toMatchObject({
      code: 'no-single-file-form',
      where: { file: expect.stringMatching(/^data\/.*\.gz$/) },
    });
    expect(existsSync(path)).toBe(false);
  });

  it('gives back a plain artifact whose files somebody compressed', async () => {
    const artifact = copyOf(plain);
    compressFile(artifact, dataFileOf(artifact, 'values'));
    expect(bytesOf(await toFolder(artifact, newPath()))).toEqual(bytesOf(plain));
    const single = await toSingleFile(artifact, `${newPath()}.json`);
    expect(bytesOf(await toFolder(single, newPath()))).toEqual(bytesOf(plain));
  });

  it.each([
    ['other bytes', recompressFile],
    ['a plain file', decompressFile],
  ])('says that it cannot give back what is %s now', async (_, change) => {
    const artifact = copyOf(compressed);
    change(artifact, dataFileOf(artifact, 'values'));
    const path = newPath();
    expect(await errorOf(async () => toFolder(artifact, path))).toMatchObject({
      code: 'compressed-otherwise',
    });
    expect(existsSync(path)).toBe(false);
  });
});

describe('a compressed artifact', () => {
  it('is equal to a plain one of the same rows, and to its source', async () => {
    const { baseline, againstSource } = await verifyAgainst(compressed, {
      baseline: plain,
      againstSource: source,
    });
    expect([baseline?.isEqual, againstSource?.isEqual]).toEqual([true, true]);
    const other = await verifyAgainst(plain, { baseline: compressed });
    expect(other.baseline?.isEqual).toBe(true);
  });

  it('is compared by rows where they differ', async () => {
    const file = sqliteFile(join(folder, 'other.db'), AWKWARD_SQL.replace('(-1),', '(-2),'));
    const other = await exportArtifact(file, newPath(), { compress: 'gzip' });
    const { baseline } = await verifyAgainst(other, { baseline: compressed });
    expect(baseline).toMatchObject({ isEqual: false });
    expect(baseline?.tables.find(({ name }) => name === 'values')).toMatchObject({
      rowsChanged: 1,
    });
  });

  it('is restored as a plain one is', async () => {
    const file = `${newPath()}.db`;
    expect(await restoreInProcess(compressed, file)).toMatchObject({ exitCode: 0 });
    const again = await exportArtifact(file, newPath());
    for (const table of dataTables((await openArtifact(plain)).manifest)) {
      const bytes = readFileSync(join(plain, table.file));
      expect(readFileSync(join(again, table.file)).equals(bytes)).toBe(true);
    }
  });
});

async function rowsOf(path: string): Promise<unknown> {
  const artifact = await openArtifact(path);
  const tables = [];
  for (const table of dataTables(artifact.manifest)) {
    const names = table.columns.map(({ name }) => name);
    const batches = scanDataFile(rowsFile(artifact, table), names);
    const rows: Row[] = [];
    for (;;) {
      const step = await batches.next();
      if (step.done === true) {
        const { stored: _stored, ...facts } = step.value;
        tables.push({ name: table.name, rows, facts });
        break;
      }
      if ('fault' in step.value) throw new Error(step.value.fault.message);
      const { rowCount } = step.value;
      for (let row = 0; row < rowCount; row++) rows.push(readRow(step.value, row));
    }
    await closeBatches(batches);
  }
  return tables;
}

it('a database of any tables and values has the same rows, compressed and not', async () => {
  await fc.assert(
    fc.asyncProperty(anyDatabase, async (design) => {
      const file = `${newPath()}.db`;
      makeDatabase(file, design);
      const rows = await rowsOf(await exportArtifact(file, newPath()));
      for (const compress of HERE) {
        const artifact = await exportArtifact(file, newPath(), { compress });
        expect(await rowsOf(artifact)).toEqual(rows);
        expect((await verifyInProcess(artifact)).findings.filter(isDamage)).toEqual([]);
      }
    }),
    { numRuns: 15 },
  );
});

function isDamage({ kind }: { readonly kind: string }): boolean {
  return kind === 'integrity';
}
