import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Manifest, ManifestForeignKey } from '../../../scripts/lib/artifact/manifest.ts';
import { openArtifact } from '../../../scripts/lib/artifact/reader.ts';
import { manifestOf, manifestTable } from '../../support/catalogs.ts';
import { temporaryFolder } from '../../support/temp.ts';

const root = temporaryFolder();
let path: string;
let count = 0;
beforeEach(() => {
  path = join(root, String(++count));
  mkdirSync(path);
});

function writeManifest(content: unknown): void {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  writeFileSync(join(path, 'manifest.json'), text);
}

const users = manifestTable('users', ['id', 'name'], { primaryKey: ['id'] });
const orders = manifestTable('orders', ['id', 'user_id'], {
  order: 2,
  file: 'data/002-orders.ndjson',
});
const toUsers: ManifestForeignKey = {
  columns: ['user_id'],
  parentTable: 'users',
  parentColumns: ['id'],
  parent: 'exists',
  onDelete: 'NO ACTION',
  onUpdate: 'NO ACTION',
};
const sound = manifestOf([users, { ...orders, foreignKeys: [toUsers] }]);

it('reads a manifest with what it says', async () => {
  writeManifest(sound);
  expect(await openArtifact(path)).toMatchObject({ path, manifest: sound });
});

it('passes over fields that it does not know', async () => {
  writeManifest({ ...sound, signedBy: 'x', source: { ...sound.source, mood: 'good' } });
  expect((await openArtifact(path)).manifest).toEqual(sound);
});

describe('no artifact at all', () => {
  it('is a path where nothing is', async () => {
    await expect(openArtifact(join(path, 'nothing'))).rejects.toMatchObject({
      kind: 'artifact',
      code: 'not-an-artifact',
      message: expect.stringContaining('does not exist'),
    });
  });

  it('is a folder without a manifest, or a file', async () => {
    writeFileSync(join(path, 'file'), '');
    for (const place of [path, join(path, 'file')]) {
      await expect(openArtifact(place)).rejects.toMatchObject({
        code: 'not-an-artifact',
        where: { file: place },
        hint: expect.stringContaining('manifest.json'),
      });
    }
  });

  it.each([
    ['empty', ''],
    ['cut off', JSON.stringify(sound).slice(0, 200)],
    ['not JSON', 'format: sqlite'],
    ['a list', '[]'],
    ['null', 'null'],
    ['of something else', '{"format":"docker-image","formatVersion":1}'],
    ['without a format', '{"formatVersion":1}'],
  ])('is a manifest that is %s', async (_, content) => {
    writeManifest(content);
    await expect(openArtifact(path)).rejects.toMatchObject({ code: 'not-an-artifact' });
  });

  it('is a manifest that is not UTF-8', async () => {
    const text = JSON.stringify(sound).replace('shop.db', 'caf\u00e9.db');
    writeFileSync(join(path, 'manifest.json'), Buffer.from(text, 'latin1'));
    await expect(openArtifact(path)).rejects.toMatchObject({ code: 'not-an-artifact' });
  });
});

it.each([2, 0, '1', null])(
  'names format version %j before it looks at anything else',
  async (v) => {
    writeManifest({ format: sound.format, formatVersion: v, everythingElse: 'is new' });
    await expect(openArtifact(path)).rejects.toMatchObject({
      code: 'artifact-format-version',
      message: `the artifact has format version ${v}; this toolkit reads 1`,
    });
  },
);

it('names the first field that is not as it should be', async () => {
  writeManifest({ ...sound, tables: [{ ...users, rowCount: -1 }] });
  await expect(openArtifact(path)).rejects.toMatchObject({
    code: 'manifest-malformed',
    message: expect.stringContaining('tables.0.rowCount'),
    where: { file: 'manifest.json' },
  });
});

function withTables(...tables: Manifest['tables']): Manifest {
  return { ...sound, tables };
}

describe('a manifest that contradicts itself is refused:', () => {
  const second = { order: 2, file: 'data/002-x.ndjson' };
  const brokenKey = (change: Partial<ManifestForeignKey>): Manifest =>
    withTables(users, { ...orders, foreignKeys: [{ ...toUsers, ...change }] });

  it.each<[string, Manifest, string]>([
    [
      'two tables with one file',
      withTables(users, { ...orders, file: users.file }),
      'the same file',
    ],
    [
      'a migration history in the file of a table',
      { ...sound, migrationHistory: { ...users, name: '_prisma_migrations', order: 0 } },
      'the same file',
    ],
    [
      'a migration history that is a table of the load order too',
      { ...sound, migrationHistory: { ...users, file: 'data/000-users.ndjson', order: 0 } },
      'the same name',
    ],
    ['two tables with one name', withTables(users, { ...users, ...second }), 'the same name'],
    ['a column twice', withTables(manifestTable('t', ['a', 'a'])), 'a column twice'],
    ['an order with a gap', withTables(users, { ...orders, order: 3 }), 'its place in the order'],
    [
      'tables out of order',
      withTables({ ...users, order: 2 }, { ...orders, order: 1 }),
      'its place',
    ],
    [
      'a primary key over no column of the table',
      withTables(manifestTable('t', ['a'], { primaryKey: ['b'] })),
      'a key over b',
    ],
    [
      'a unique key over no column of the table',
      withTables(
        manifestTable('t', ['a'], {
          uniqueKeys: [{ origin: 'unique', columns: [{ name: 'b', collation: 'BINARY' }] }],
        }),
      ),
      'a key over b',
    ],
    ['a foreign key over no column of the table', brokenKey({ columns: ['x'] }), 'a key over x'],
    [
      'a foreign key to no column of its parent',
      brokenKey({ parentColumns: ['x'] }),
      'foreign key to users',
    ],
    [
      'a foreign key of unequal length',
      brokenKey({ parentColumns: ['id', 'name'] }),
      'foreign key to users',
    ],
  ])('%s', async (_, manifest, reason) => {
    writeManifest(manifest);
    await expect(openArtifact(path)).rejects.toMatchObject({
      code: 'manifest-malformed',
      message: expect.stringContaining(reason),
    });
  });

  it('but not for a foreign key whose parent the artifact leaves out or the source lacks', async () => {
    const gone = { ...toUsers, parentTable: 'gone', parentColumns: [] };
    const foreignKeys: ManifestForeignKey[] = [
      { ...toUsers, parentTable: 'excluded' },
      { ...gone, parent: 'no-such-table' },
      { ...toUsers, parentColumns: ['name', 'id'], parent: 'no-such-key' },
    ];
    writeManifest(withTables(users, { ...orders, foreignKeys }));
    expect((await openArtifact(path)).manifest.tables[1]?.foreignKeys).toHaveLength(3);
  });
});

it('does not follow a manifest that is a symbolic link', async () => {
  writeFileSync(join(path, 'elsewhere.json'), JSON.stringify(sound));
  symlinkSync('elsewhere.json', join(path, 'manifest.json'));
  await expect(openArtifact(path)).rejects.toMatchObject({
    code: 'manifest-malformed',
    message: expect.stringContaining('not a regular file'),
  });
});
