import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { artifactPath, openArtifact } from '../../../../scripts/lib/artifact/reader.ts';
import { exportedArtifact } from '../../../support/artifact.ts';
import { bytesOf, toSingleFile } from '../../../support/single-file.ts';
import { temporaryFolder } from '../../../support/temp.ts';

const root = temporaryFolder();
let folder: string;
let file: string;

beforeAll(async () => {
  folder = await exportedArtifact(root, 'shop', 'CREATE TABLE t (id INTEGER PRIMARY KEY);');
  file = await toSingleFile(folder, join(root, 'shop.json'));
});

it('a single file is opened under its own path, with its files in a folder that close removes', async () => {
  const artifact = await openArtifact(file);
  expect(artifact.path).toBe(file);
  expect(artifactPath(artifact, 'schema.sql')).toBe(join(artifact.folder, 'schema.sql'));
  expect(bytesOf(artifact.folder)).toEqual(bytesOf(folder));
  await artifact.close();
  expect([existsSync(artifact.folder), existsSync(file)]).toEqual([false, true]);
});

it('a folder is opened where it is, and close leaves it', async () => {
  const before = bytesOf(folder);
  const artifact = await openArtifact(folder);
  expect([artifact.path, artifact.folder]).toEqual([folder, folder]);
  await artifact.close();
  expect(bytesOf(folder)).toEqual(before);
});

it('a symbolic link is followed to a folder, and not to a file or to nothing', async () => {
  const links = ['to-folder', 'to-file', 'to-nothing'].map((name) => join(root, name));
  for (const [index, target] of [folder, file, join(root, 'nothing')].entries()) {
    symlinkSync(target, links[index] ?? '');
  }
  const [toFolder = '', ...others] = links;
  expect((await openArtifact(toFolder)).path).toBe(toFolder);
  for (const link of others) {
    await expect(openArtifact(link)).rejects.toMatchObject({
      code: 'not-an-artifact',
      message: expect.stringContaining('symbolic link'),
      where: { file: link },
    });
  }
});

it('what is neither is refused with what to name instead', async () => {
  const other = join(root, 'other.json');
  writeFileSync(other, '{"command":"analyze"}');
  mkdirSync(join(root, 'empty'));
  for (const path of [other, join(root, 'empty'), '/dev/null']) {
    await expect(openArtifact(path)).rejects.toMatchObject({
      code: 'not-an-artifact',
      where: { file: path },
      hint: expect.stringMatching(/folder .* or the single file/),
    });
  }
});
