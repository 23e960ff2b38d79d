import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  findTarget,
  listArtifacts,
  listMappings,
  listSources,
  newArtifactPath,
  resolveName,
} from '../../../scripts/lib/serve/catalogue.ts';
import { exportArtifact } from '../../support/in-process.ts';
import { codeOf, servedFolder } from '../../support/serve.ts';
import { createSource } from '../../support/source-file.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();
const outside = temporaryFolder();
const config = servedFolder(folder, {
  targets: [{ name: 'staging', url: 'postgresql://app@db/shop' }],
});
const sources = join(folder, 'sources');
const artifacts = join(folder, 'artifacts');
const SQL = 'CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t VALUES (1), (2)';

beforeAll(async () => {
  createSource(join(sources, 'shop.db'), SQL);
  writeFileSync(join(sources, 'notes.db'), 'this is text');
  writeFileSync(join(sources, '.hidden.db'), '');
  writeFileSync(join(sources, 'read.me'), '');
  createSource(join(outside, 'secret.db'), SQL);
  symlinkSync(join(outside, 'secret.db'), join(sources, 'link.db'));
  await exportArtifact(join(sources, 'shop.db'), join(artifacts, 'shop'));
  await exportArtifact(join(outside, 'secret.db'), join(outside, 'secret'));
  symlinkSync(join(outside, 'secret'), join(artifacts, 'secret'));
  mkdirSync(join(artifacts, 'broken'));
  writeFileSync(join(artifacts, 'broken', 'manifest.json'), '{');
  mkdirSync(join(artifacts, 'no-artifact'));
  writeFileSync(join(folder, 'mapping.json'), '{}');
  writeFileSync(join(folder, 'package.json'), '{}');
});

describe('what is listed', () => {
  it('are the SQLite files of the folders, and none that a link leads out to', async () => {
    expect((await listSources(config)).map(({ name }) => name)).toEqual([join(sources, 'shop.db')]);
  });

  it('are the artifacts that can be read, and none that a link leads out to', async () => {
    expect(await listArtifacts(config)).toEqual([
      expect.objectContaining({ name: join(artifacts, 'shop'), tables: 1, rows: 2 }),
    ]);
  });

  it('are mapping files by their name', async () => {
    const names = (await listMappings(config)).map(({ name }) => name);
    expect(names).toEqual([join(folder, 'mapping.json')]);
  });

  it('is nothing of a folder that is not there', async () => {
    expect(await listSources({ ...config, sources: [join(folder, 'absent')] })).toEqual([]);
  });
});

describe('a name', () => {
  it('of what is listed leads to it', async () => {
    const name = join(sources, 'shop.db');
    expect(await resolveName(config, 'source', name)).toBe(name);
  });

  it.each([
    () => join(outside, 'secret.db'),
    () => join(sources, 'link.db'),
    () => join(sources, '.hidden.db'),
    () => `${sources}/../sources/shop.db`,
    () => `${sources}//shop.db`,
    () => '/etc/passwd',
    () => '',
    () => '__proto__',
  ])('of anything else leads nowhere (%#)', async (name) => {
    await expect(resolveName(config, 'source', name())).rejects.toMatchObject({
      code: 'unknown-name',
    });
  });

  it('of a target is one that is configured', () => {
    expect(findTarget(config, 'staging').url).toContain('shop');
    expect(codeOf(() => findTarget(config, 'postgresql://evil@h/d'))).toBe('unknown-name');
  });

  it('of a new artifact goes into the first folder', () => {
    expect(newArtifactPath(config, 'data/shop.db', 'tonight')).toBe(join(artifacts, 'tonight'));
    expect(newArtifactPath(config, 'data/shop.db', undefined)).toMatch(/artifacts\/shop-\d{8}T/);
  });
});
