import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Destination } from '../../../../scripts/lib/artifact/destination.ts';
import { openArtifact } from '../../../../scripts/lib/artifact/reader.ts';
import { packSingleFile } from '../../../../scripts/lib/artifact/single-file/pack.ts';
import {
  edit,
  editManifest,
  exportedArtifact,
  forge,
  quietContext,
} from '../../../support/artifact.ts';
import { AWKWARD_SQL, bytesOf, toFolder, toSingleFile } from '../../../support/single-file.ts';
import {
  dataFileOf,
  readManifest,
  reseal,
  sha256Of,
  writeManifest,
} from '../../../support/tampering.ts';
import { temporaryFolder } from '../../../support/temp.ts';

const root = temporaryFolder();
let count = 0;

const SHOP = `CREATE TABLE shop (id INTEGER PRIMARY KEY, name TEXT);
  INSERT INTO shop VALUES (1, 'a "b"'), (2, 'é');`;

async function artifactOf(
  sql: string,
  encoding: 'UTF-8' | 'UTF-16le' | 'UTF-16be' = 'UTF-8',
): Promise<string> {
  return exportedArtifact(root, `artifact-${++count}`, sql, encoding);
}

/** Packs without the check that comes before it in a conversion. */
async function pack(artifact: string, path: string, context = quietContext): Promise<void> {
  const destination = await Destination.choose(path);
  try {
    await packSingleFile(await openArtifact(artifact), destination, context);
  } finally {
    await destination.discard();
  }
}

describe('a database of everything awkward', () => {
  it.each(['UTF-8', 'UTF-16le', 'UTF-16be'] as const)(
    'in %s goes into one file and back without a byte of difference, and has the same id',
    async (encoding) => {
      const artifact = await artifactOf(AWKWARD_SQL, encoding);
      const file = await toSingleFile(artifact, `${artifact}.json`);
      const back = await toFolder(file, `${artifact}-back`);
      expect(bytesOf(back)).toEqual(bytesOf(artifact));
      expect(readManifest(back).tables).toHaveLength(7);
      const again = await toSingleFile(file, `${artifact}-again.json`);
      expect(readFileSync(again).equals(readFileSync(file))).toBe(true);
      const [fromFile, fromFolder] = [await openArtifact(file), await openArtifact(artifact)];
      expect([fromFile.id, fromFile.manifest]).toEqual([fromFolder.id, fromFolder.manifest]);
      await fromFile.close();
    },
  );

  it('is JSON that any reader can read, each row on a line as in its data file', async () => {
    const artifact = await artifactOf(AWKWARD_SQL);
    const text = readFileSync(await toSingleFile(artifact, `${artifact}.json`), 'utf8');
    const { tables, schema, manifest, ...others } = JSON.parse(text) as Record<string, unknown>;
    expect(Object.keys(others)).toEqual(['format', 'formatVersion', 'checksums']);
    expect(schema).toBe(readFileSync(join(artifact, 'schema.sql'), 'utf8'));
    expect(manifest).toEqual(JSON.parse(readFileSync(join(artifact, 'manifest.json'), 'utf8')));
    const lines = new Set(text.split('\n').map((line) => line.replace(/,$/, '')));
    for (const { name, file, rowCount } of readManifest(artifact).tables) {
      const rows = readFileSync(join(artifact, file), 'utf8').split('\n').slice(0, -1);
      expect([name, rows.filter((row) => lines.has(row)).length]).toEqual([name, rowCount]);
      expect(tables).toContainEqual({ name, rows: rows.map((row) => JSON.parse(row) as unknown) });
    }
  });
});

it('keeps keys of the manifest that it does not know', async () => {
  const artifact = await artifactOf(SHOP);
  const manifest = JSON.parse(readFileSync(join(artifact, 'manifest.json'), 'utf8')) as object;
  const more = { ...manifest, signedBy: { ['__proto__']: 1.5, b: [], a: {} } };
  writeFileSync(join(artifact, 'manifest.json'), `${JSON.stringify(more, null, 2)}\n`);
  edit(artifact, 'SHA256SUMS', (sums) => sums.replace(/\w+(?= {2}manifest)/, '0'.repeat(64)));
  await pack(artifact, `${artifact}.json`);
  const packed = await openArtifact(`${artifact}.json`);
  expect(bytesOf(packed.folder)).toEqual(bytesOf(artifact));
  await packed.close();
});

describe('an artifact that would not come back to the byte has no single-file form:', () => {
  const REFUSED = { kind: 'artifact', code: 'no-single-file-form' };

  it.each([
    String.raw`\/`,
    String.raw`\u0041`,
    String.raw`\u00e9`,
    String.raw`\u001F`,
    String.raw`\u000a`,
  ])('with the escape %s in a row', async (escape) => {
    const artifact = await artifactOf(SHOP);
    forge(artifact, dataFileOf(artifact, 'shop'), (text) => text.replace('a \\"b\\"', escape));
    reseal(artifact);
    await expect(toSingleFile(artifact, `${artifact}.json`)).rejects.toMatchObject({
      ...REFUSED,
      where: { table: 'shop', line: 1 },
    });
    expect(existsSync(`${artifact}.json`)).toBe(false);
  });

  it.each([String.raw`\"\\\b\f\n\r\t`, String.raw`\u0000\u000b\u001f`, String.raw`\\u0041 \\/`])(
    'not with those that JSON.stringify writes, as %s',
    async (escape) => {
      const artifact = await artifactOf(SHOP);
      forge(artifact, dataFileOf(artifact, 'shop'), (text) => text.replace('a \\"b\\"', escape));
      reseal(artifact);
      const file = await toSingleFile(artifact, `${artifact}.json`);
      expect(bytesOf(await toFolder(file, `${artifact}-back`))).toEqual(bytesOf(artifact));
    },
  );

  it('with a manifest that is laid out otherwise', async () => {
    const artifact = await artifactOf(SHOP);
    editManifest(artifact, () => undefined);
    await expect(toSingleFile(artifact, `${artifact}.json`)).rejects.toMatchObject({
      ...REFUSED,
      where: { file: 'manifest.json' },
    });
  });

  it('with a schema that is not UTF-8', async () => {
    const artifact = await artifactOf(SHOP);
    appendFileSync(join(artifact, 'schema.sql'), Buffer.from('-- caf\u00e9\n', 'latin1'));
    const manifest = readManifest(artifact);
    const schema = join(artifact, 'schema.sql');
    const { size: sizeBytes } = statSync(schema);
    writeManifest(artifact, {
      ...manifest,
      schema: { ...manifest.schema, sizeBytes, sha256: sha256Of(schema) },
    });
    await expect(toSingleFile(artifact, `${artifact}.json`)).rejects.toMatchObject({
      ...REFUSED,
      where: { file: 'schema.sql' },
    });
  });
});

describe('a file that is not what the manifest says stops it, and nothing is left:', () => {
  it.each(['schema.sql', 'data/001-shop.ndjson', 'SHA256SUMS'])('%s', async (file) => {
    const artifact = await artifactOf(SHOP);
    appendFileSync(join(artifact, file), '\n');
    await expect(pack(artifact, `${artifact}.json`)).rejects.toMatchObject({
      kind: 'artifact',
      code: 'artifact-changed',
      where: { file },
    });
    expect(readdirSync(root).filter((name) => name.includes(`artifact-${count}.json`))).toEqual([]);
  });
});

describe('the path of the file', () => {
  it('is made with the folders that lead to it', async () => {
    const artifact = await artifactOf(SHOP);
    const file = join(root, `deep-${count}`, 'er', 'shop.json');
    await toSingleFile(artifact, file);
    expect(readdirSync(join(file, '..'))).toEqual(['shop.json']);
  });

  it('is refused where anything is, and where nothing can be', async () => {
    const artifact = await artifactOf(SHOP);
    const folder = join(root, `taken-${count}`);
    mkdirSync(folder);
    await expect(toSingleFile(artifact, folder)).rejects.toMatchObject({ code: 'artifact-exists' });
    const file = join(folder, 'file');
    writeFileSync(file, 'mine');
    await expect(toSingleFile(artifact, file)).rejects.toMatchObject({ code: 'artifact-exists' });
    await expect(toSingleFile(artifact, join(file, 'x'))).rejects.toMatchObject({
      code: 'artifact-unwritable',
      hint: expect.stringContaining('--single-file'),
    });
    expect([readdirSync(folder), readFileSync(file, 'utf8')]).toEqual([['file'], 'mine']);
  });
});

it('stops when it is interrupted, and leaves nothing', async () => {
  const artifact = await artifactOf(SHOP);
  const signal = AbortSignal.abort(new Error('stopped'));
  await expect(pack(artifact, `${artifact}.json`, { ...quietContext, signal })).rejects.toThrow(
    'stopped',
  );
  expect(readdirSync(root).filter((name) => name.includes(`artifact-${count}.json`))).toEqual([]);
});
