import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { lineEncoder } from '../../../scripts/lib/artifact/line.ts';
import { openArtifact } from '../../../scripts/lib/artifact/reader.ts';
import { ArtifactWriter, type FinishedArtifact } from '../../../scripts/lib/artifact/writer.ts';
import type { Row } from '../../../scripts/lib/model/values.ts';
import { manifestOf, manifestTable } from '../../support/catalogs.ts';
import { temporaryFolder } from '../../support/temp.ts';

const root = temporaryFolder();
const never = new AbortController().signal;
const file = 'data/001-users.ndjson';
let folder: string;
let count = 0;
beforeEach(() => {
  folder = join(root, String(++count));
  mkdirSync(folder);
});

function sha256(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

/** Each row as a part of its own. */
async function* linesOf(
  rows: Iterable<Row>,
  signal: AbortSignal,
): AsyncGenerator<{ bytes: Buffer; rowCount: number }> {
  const encode = lineEncoder(['id', 'name']);
  for (const row of rows) {
    signal.throwIfAborted();
    yield { bytes: Buffer.from(`${encode(row)}\n`), rowCount: 1 };
  }
}

async function writeUsers(
  writer: ArtifactWriter,
  rows: Iterable<Row>,
  onRows: (count: number) => void = () => undefined,
  signal = never,
): Promise<{ rowCount: number; sizeBytes: number; sha256: string }> {
  return writer.writeTable(file, linesOf(rows, signal), onRows);
}

async function writeArtifact(path: string): Promise<FinishedArtifact> {
  const writer = await ArtifactWriter.create(path);
  const written = await writeUsers(writer, [
    [1n, 'Ada'],
    [2n, null],
  ]);
  const schema = await writer.writeSchema('CREATE TABLE users (id, name);\n');
  const table = manifestTable('users', ['id', 'name'], written);
  const manifest = manifestOf([table]);
  return writer.finish({ ...manifest, schema: { file: 'schema.sql', ...schema } });
}

describe('a finished artifact', () => {
  it('holds the lines, the schema, the manifest and the checksums of all of them', async () => {
    const path = join(folder, 'artifact');
    await writeArtifact(path);
    expect(readdirSync(path, { recursive: true }).map(String).toSorted()).toEqual([
      'SHA256SUMS',
      'data',
      'data/001-users.ndjson',
      'manifest.json',
      'schema.sql',
    ]);
    expect(readFileSync(join(path, file), 'utf8')).toBe(
      '{"id":1,"name":"Ada"}\n{"id":2,"name":null}\n',
    );
    expect(readFileSync(join(path, 'SHA256SUMS'), 'utf8')).toBe(
      [file, 'manifest.json', 'schema.sql']
        .map((name) => `${sha256(join(path, name))}  ${name}\n`)
        .join(''),
    );
  });

  it('is read again with the id that it was given', async () => {
    const path = join(folder, 'artifact');
    const finished = await writeArtifact(path);
    const artifact = await openArtifact(path);
    expect(finished).toEqual({ path, id: sha256(join(path, 'manifest.json')) });
    expect(artifact.id).toBe(finished.id);
    expect(artifact.manifest.tables[0]).toMatchObject({
      rowCount: 2,
      sizeBytes: 43,
      sha256: sha256(join(path, file)),
    });
  });

  it('makes the folders that lead to it', async () => {
    await writeArtifact(join(folder, 'exports', 'of today', 'artifact'));
    expect(readdirSync(join(folder, 'exports', 'of today'))).toEqual(['artifact']);
  });
});

describe('until it is finished', () => {
  it('stands under no name that could be taken for it', async () => {
    const writer = await ArtifactWriter.create(join(folder, 'artifact'));
    await writeUsers(writer, [[1n, 'Ada']]);
    const [partial, ...others] = readdirSync(folder);
    expect(others).toEqual([]);
    expect(partial).toMatch(/^\.artifact\.partial-/);
    await writer.abandon();
  });

  it('leaves nothing when it is abandoned', async () => {
    const writer = await ArtifactWriter.create(join(folder, 'artifact'));
    await writeUsers(writer, [[1n, 'Ada']]);
    await writer.writeSchema('');
    await writer.abandon();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('leaves nothing when its manifest is not as it should be', async () => {
    const writer = await ArtifactWriter.create(join(folder, 'artifact'));
    const manifest = manifestOf([manifestTable('users', ['id'], { sha256: 'x' })]);
    await expect(writer.finish(manifest)).rejects.toThrow('64 lower-case');
    await writer.abandon();
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('what is there already', () => {
  it.each([
    ['a file', (path: string) => writeFileSync(path, 'mine')],
    ['a folder, though it is empty', (path: string) => mkdirSync(path)],
    ['a symbolic link that leads nowhere', (path: string) => symlinkSync('nowhere', path)],
  ])('is not written over: %s', async (_, make) => {
    const path = join(folder, 'artifact');
    make(path);
    await expect(ArtifactWriter.create(path)).rejects.toMatchObject({
      kind: 'artifact',
      code: 'artifact-exists',
      where: { file: path },
    });
    expect(readdirSync(folder)).toEqual(['artifact']);
  });

  it('is not written over when it came meanwhile', async () => {
    const path = join(folder, 'artifact');
    const writer = await ArtifactWriter.create(path);
    const schema = await writer.writeSchema('');
    await writeArtifact(path);
    const before = sha256(join(path, 'manifest.json'));
    const manifest = { ...manifestOf([]), schema: { file: 'schema.sql' as const, ...schema } };
    await expect(writer.finish(manifest)).rejects.toMatchObject({ code: 'artifact-exists' });
    expect(sha256(join(path, 'manifest.json'))).toBe(before);
    await writer.abandon();
    expect(readdirSync(folder)).toEqual(['artifact']);
  });
});

function* failing(rows: number): Generator<Row> {
  for (let id = 1n; id <= rows; id++) yield [id, 'x'.repeat(1000)];
  throw new Error('no more rows');
}

describe('a table whose rows fail', () => {
  it('is taken back, progress included, and can be written anew', async () => {
    const writer = await ArtifactWriter.create(join(folder, 'artifact'));
    let reported = 0;
    const seen: number[] = [];
    const onRows = (rows: number): void => {
      reported += rows;
      seen.push(rows);
    };
    await expect(writeUsers(writer, failing(1000), onRows)).rejects.toThrow('no more rows');
    expect(Math.max(...seen)).toBeGreaterThan(0);
    expect(reported).toBe(0);
    const partial = join(folder, readdirSync(folder)[0] ?? '');
    expect(existsSync(join(partial, file))).toBe(false);
    expect(await writeUsers(writer, [[1n, 'Ada']])).toMatchObject({ rowCount: 1, sizeBytes: 22 });
    await writer.abandon();
  });

  it('counts every row once', async () => {
    const writer = await ArtifactWriter.create(join(folder, 'artifact'));
    let reported = 0;
    const rows = Array.from({ length: 1000 }, (_, id): Row => [BigInt(id), 'x'.repeat(1000)]);
    const written = await writeUsers(writer, rows, (rows) => (reported += rows));
    expect([reported, written.rowCount]).toEqual([1000, 1000]);
    await writer.abandon();
  });

  it('stops when it is told to', async () => {
    const writer = await ArtifactWriter.create(join(folder, 'artifact'));
    const stopped = AbortSignal.abort(new Error('stopped'));
    await expect(writeUsers(writer, failing(1000), undefined, stopped)).rejects.toThrow('stopped');
    await writer.abandon();
  });
});

describe('a place that cannot be written', () => {
  it('is named with what to do: its folder is a file', async () => {
    writeFileSync(join(folder, 'file'), '');
    const path = join(folder, 'file', 'artifact');
    await expect(ArtifactWriter.create(path)).rejects.toMatchObject({
      kind: 'artifact',
      code: 'artifact-unwritable',
      where: { file: path },
      hint: expect.stringContaining('--out'),
    });
  });
});
