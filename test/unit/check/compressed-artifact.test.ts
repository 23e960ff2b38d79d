import { createHash } from 'node:crypto';
import { copyFileSync, cpSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openArtifact } from '../../../scripts/lib/artifact/reader.ts';
import type { Manifest } from '../../../scripts/lib/artifact/manifest.ts';
import { exportSource } from '../../../scripts/lib/commands/export.ts';
import { editManifest, quietContext } from '../../support/artifact.ts';
import {
  HERE,
  compressFile,
  decompressFile,
  recompressFile,
  replaceBytes,
} from '../../support/compressed.ts';
import { errorOf } from '../../support/error-of.ts';
import { exportArtifact, verifyInProcess } from '../../support/in-process.ts';
import { AWKWARD_SQL } from '../../support/single-file.ts';
import { sqliteFile } from '../../support/sqlite.ts';
import { listArtifact, readManifest } from '../../support/tampering.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();
const source = join(folder, 'source.db');
const plain = join(folder, 'plain');
const compressed = join(folder, 'compressed');
const USERS = 'data/001-users.ndjson.gz';
const LOGS = 'data/002-logs.ndjson.gz';

const SQL = `CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, bytes BLOB);
  INSERT INTO users VALUES (1, 'Ann', x'00ff'), (2, 'Bo' || char(10), NULL), (3, 'Größe', NULL);
  CREATE TABLE logs (id INTEGER PRIMARY KEY, user REFERENCES users, at REAL);
  INSERT INTO logs VALUES (1, 1, 0.5), (2, 1, 17.0), (3, 3, -1e300);`;

beforeAll(async () => {
  sqliteFile(source, SQL);
  await exportArtifact(source, plain);
  await exportArtifact(source, compressed, { compress: 'gzip' });
});

let count = 0;
let artifact: string;
beforeEach(() => {
  artifact = join(folder, `case-${++count}`);
  cpSync(compressed, artifact, { recursive: true });
});

/** `code severity file` of each finding. */
async function faults(path = artifact): Promise<string[]> {
  const { findings, errorCode } = await verifyInProcess(path);
  if (errorCode !== undefined) return [errorCode];
  return findings.flatMap(({ code, severity, where, examples }) => {
    const files =
      code === 'file-recompressed'
        ? examples.map(({ detail }) => detail?.split(' ')[0])
        : [where.file];
    return files.map((file) => `${code} ${severity} ${file ?? ''}`);
  });
}

/** What the manifest says of each table's rows, whatever files they lie in. */
function rowsIn(path: string): unknown[] {
  return readManifest(path).tables.map(({ file: _file, stored: _stored, ...table }) => table);
}

describe('a compressed artifact', () => {
  it.each(HERE)('of %s is sound, and its rows are those of a plain one', async (compress) => {
    for (const [name, sql] of [
      ['shop', SQL],
      ['awkward', AWKWARD_SQL],
    ] as const) {
      const file = sqliteFile(join(folder, `${compress}-${name}.db`), sql);
      const one = await exportArtifact(file, join(folder, `${compress}-${name}-plain`));
      const other = await exportArtifact(file, join(folder, `${compress}-${name}`), { compress });
      expect(await faults(other)).toEqual([]);
      expect(rowsIn(other)).toEqual(rowsIn(one));
    }
  });

  it('names its files and their checksums as they lie there', () => {
    const sums = readFileSync(join(artifact, 'SHA256SUMS'), 'utf8');
    expect(listArtifact(artifact).filter((file) => file !== 'SHA256SUMS')).toEqual(
      sums.split('\n').slice(0, -1).map((line) => line.slice(66)).toSorted(), // prettier-ignore
    );
    for (const { file, stored, sizeBytes, sha256 } of readManifest(artifact).tables) {
      const bytes = readFileSync(join(artifact, file));
      const rows = gunzipSync(bytes);
      expect(stored).toEqual({
        compression: 'gzip',
        sizeBytes: bytes.length,
        sha256: sha256Of(bytes),
      });
      expect({ sizeBytes, sha256 }).toEqual({ sizeBytes: rows.length, sha256: sha256Of(rows) });
      expect(sums).toContain(`${sha256Of(bytes)}  ${file}\n`);
    }
  });

  it('reports both sizes of an export', async () => {
    const out = join(folder, 'reported');
    const report = await exportSource({ source, out, compress: 'gzip' }, quietContext);
    expect(report.tables.map(({ file, sizeBytes, sha256, stored }) => ({ file, sizeBytes, sha256, stored }))).toEqual(
      readManifest(out).tables.map(({ file, sizeBytes, sha256, stored }) => ({ file, sizeBytes, sha256, stored })),
    ); // prettier-ignore
  });
});

function sha256Of(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function warnings(file: string): string[] {
  return [`file-recompressed warning ${file}`];
}

describe('a file that was compressed otherwise since', () => {
  it('is read, and named, because its rows are those of the manifest', async () => {
    recompressFile(artifact, USERS);
    expect(await faults()).toEqual(warnings(USERS));
  });

  it('may be plain now', async () => {
    decompressFile(artifact, USERS);
    expect(await faults()).toEqual(warnings('data/001-users.ndjson'));
  });

  it('may have been plain', async () => {
    cpSync(plain, artifact, { recursive: true, force: true });
    for (const file of [USERS, LOGS]) rmSync(join(artifact, file));
    compressFile(artifact, 'data/001-users.ndjson');
    expect(await faults()).toEqual(warnings(USERS));
  });

  it('may have several members', async () => {
    replaceBytes(artifact, USERS, (bytes) => {
      const rows = gunzipSync(bytes);
      return Buffer.concat([gzipSync(rows.subarray(0, 7)), gzipSync(rows.subarray(7))]);
    });
    expect(await faults()).toEqual(warnings(USERS));
  });

  it('must hold the same rows to the byte', async () => {
    replaceBytes(artifact, USERS, (bytes) => {
      const rows = gunzipSync(bytes).toString('latin1');
      return gzipSync(Buffer.from(rows.replace('Ann', 'Abe'), 'latin1'));
    });
    expect(await faults()).toEqual([`checksum blocking ${USERS}`]);
    decompressFile(artifact, USERS);
    expect(await faults()).toEqual(['checksum blocking data/001-users.ndjson']);
  });

  it('is none of the artifact beside the one that the manifest names', async () => {
    const beside = 'data/001-users.ndjson';
    copyFileSync(join(plain, beside), join(artifact, beside));
    expect(await faults()).toEqual([`file-extra blocking ${beside}`]);
  });

  it('leaves SHA256SUMS as it was', async () => {
    recompressFile(artifact, USERS);
    const path = join(artifact, USERS);
    const sum = sha256Of(readFileSync(path));
    replaceBytes(artifact, 'SHA256SUMS', (bytes) =>
      Buffer.from(bytes.toString().replace(/^[0-9a-f]{64}(?= {2}data\/001)/m, sum)),
    );
    expect(await faults()).toEqual(['checksum blocking SHA256SUMS', ...warnings(USERS)]);
  });

  it('with zstd is read where Node can, and refused with what to do elsewhere', async () => {
    const zstd = 'data/001-users.ndjson.zst';
    // No zstd file: a Node that can read one finds that out.
    replaceBytes(artifact, USERS, (bytes) => bytes, zstd);
    const expected = HERE.includes('zstd')
      ? [`file-damaged blocking ${zstd}`, `orphan blocking ${LOGS}`]
      : ['compression-unsupported'];
    expect(await faults()).toEqual(expected);
  });
});

describe('damage', () => {
  it('at any byte of a compressed file is found, or its rows are proven all the same', async () => {
    const whole = readFileSync(join(artifact, USERS));
    const found = new Set<string>();
    for (let place = 0; place < whole.length; place += 11) {
      replaceBytes(artifact, USERS, () => {
        const bytes = Buffer.from(whole);
        bytes[place] = (bytes[place] ?? 0) ^ 0x10;
        return bytes;
      });
      const all = await faults();
      expect(all.some((fault) => fault.endsWith(` ${USERS}`))).toBe(true);
      for (const fault of all) found.add(fault.split(' ')[0] ?? '');
    }
    expect(found).toContain('file-damaged');
  });

  it('by a cut is found wherever it is', async () => {
    const whole = readFileSync(join(artifact, USERS));
    for (let end = 0; end < whole.length; end += 11) {
      replaceBytes(artifact, USERS, () => whole.subarray(0, end));
      expect(await faults()).toContain(`file-damaged blocking ${USERS}`);
    }
  });

  it('by files that changed places is found', async () => {
    const users = readFileSync(join(artifact, USERS));
    const logs = readFileSync(join(artifact, LOGS));
    replaceBytes(artifact, USERS, () => logs);
    replaceBytes(artifact, LOGS, () => users);
    const all = await faults();
    for (const file of [USERS, LOGS]) {
      expect(all.filter((fault) => fault.endsWith(` blocking ${file}`))).not.toEqual([]);
    }
  });

  it('by a file that holds far more than it should is found before it is read', async () => {
    const bomb = gzipSync(Buffer.alloc(200_000_000));
    replaceBytes(artifact, USERS, () => bomb);
    expect(await faults()).toContain(`file-damaged blocking ${USERS}`);
  });

  it('by bytes that follow is found', async () => {
    replaceBytes(artifact, USERS, (bytes) => Buffer.concat([bytes, Buffer.from('more')]));
    expect(await faults()).toContain(`file-damaged blocking ${USERS}`);
  });

  it('by a symbolic link in the place of a file is found', async () => {
    rmSync(join(artifact, USERS));
    symlinkSync(join(compressed, USERS), join(artifact, USERS));
    expect(await faults()).toContain(`symbolic-link blocking ${USERS}`);
  });

  it('by a file that is gone is found', async () => {
    rmSync(join(artifact, USERS));
    expect(await faults()).toContain(`file-missing blocking ${USERS}`);
  });
});

function first(manifest: Manifest): Manifest['tables'][number] {
  const [table] = manifest.tables;
  if (table === undefined) throw new Error('there is no table');
  return table;
}

describe('a manifest is refused', () => {
  it.each([
    [
      'whose compressed file has no checksum of its own',
      (manifest: Manifest) => delete first(manifest).stored,
    ],
    [
      'whose compression is not that of the name',
      (manifest: Manifest) => Object.assign(first(manifest).stored ?? {}, { compression: 'zstd' }),
    ],
    [
      'in which two tables have one file, compressed and not',
      (manifest: Manifest) => {
        const [users, logs] = manifest.tables;
        Object.assign(logs ?? {}, { file: users?.file.replace(/\.gz$/, ''), stored: undefined });
      },
    ],
  ])('%s', async (_, change) => {
    // prettier-ignore
    copyFileSync(join(plain, 'data/001-users.ndjson'), join(artifact, 'data/001-users.ndjson'));
    editManifest(artifact, change);
    expect(await errorOf(async () => openArtifact(artifact))).toMatchObject({
      code: 'manifest-malformed',
    });
  });
});
