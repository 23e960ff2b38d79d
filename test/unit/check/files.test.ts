import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  cpSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openArtifact } from '../../../scripts/lib/artifact/reader.ts';
import {
  checkDigest,
  checkFileList,
  hashFile,
  readChecksums,
} from '../../../scripts/lib/check/files.ts';
import { FindingCollector } from '../../../scripts/lib/model/findings.ts';
import { edit, editManifest, exportedArtifact } from '../../support/artifact.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();
const users = 'data/001-users.ndjson';
let original: string;
let path: string;
let count = 0;
beforeAll(async () => {
  original = await exportedArtifact(
    folder,
    'artifact',
    'CREATE TABLE users (id INTEGER PRIMARY KEY); INSERT INTO users VALUES (1)',
  );
});
beforeEach(() => {
  path = join(folder, String(++count));
  cpSync(original, path, { recursive: true });
});

/** `code file`, a line for each finding about the files of the artifact. */
async function faults(): Promise<{ found: string[]; readable: string[] }> {
  const findings = new FindingCollector();
  const artifact = await openArtifact(path);
  const readable = await checkFileList(artifact, findings);
  await readChecksums(artifact, readable, findings);
  return {
    found: findings.list().map(({ code, where, total }) => `${code} ${where.file} ${total}`),
    readable: [...readable].toSorted(),
  };
}

const all = ['SHA256SUMS', users, 'manifest.json', 'schema.sql'];

it('finds nothing in an artifact as it was written', async () => {
  expect(await faults()).toEqual({ found: [], readable: all });
});

it('lets reports stand beside the files', async () => {
  mkdirSync(join(path, 'reports', 'deep'), { recursive: true });
  writeFileSync(join(path, 'reports', 'deep', 'verify.json'), '{}');
  expect(await faults()).toEqual({ found: [], readable: all });
});

describe('a file', () => {
  it.each(['schema.sql', users, 'SHA256SUMS'])('that is missing is named: %s', async (file) => {
    rmSync(join(path, file));
    const { found, readable } = await faults();
    expect(found).toEqual([`file-missing ${file} 1`]);
    expect(readable).toEqual(all.filter((other) => other !== file));
  });

  it.each(['data/002-more.ndjson', 'notes.txt', 'data/.hidden', 'data/deep/x', 'Reports'])(
    'that does not belong there is named: %s',
    async (file) => {
      mkdirSync(join(path, 'data', 'deep'), { recursive: true });
      writeFileSync(join(path, file), '');
      expect((await faults()).found).toEqual([`file-extra ${file} 1`]);
    },
  );

  it('of another size is named, and read all the same', async () => {
    edit(path, users, (text) => `${text}\n`);
    expect(await faults()).toEqual({ found: [`file-size ${users} 1`], readable: all });
  });

  it('that is a folder instead is missing', async () => {
    rmSync(join(path, 'schema.sql'));
    mkdirSync(join(path, 'schema.sql'));
    expect((await faults()).found).toEqual(['file-missing schema.sql 1']);
  });

  it.skipIf(process.platform === 'win32')(
    'that is a socket is refused without being opened',
    async () => {
      rmSync(join(path, users));
      const server = createServer().listen(join(path, users));
      await once(server, 'listening');
      const { found, readable } = await faults();
      server.close();
      expect(found).toEqual([`not-a-file ${users} 1`]);
      expect(readable).not.toContain(users);
    },
  );
});

describe.skipIf(process.platform === 'win32')('a symbolic link', () => {
  it.each(['schema.sql', users, 'SHA256SUMS'])('is refused in the place of %s', async (file) => {
    renameSync(join(path, file), join(folder, `moved-${count}`));
    symlinkSync(join(folder, `moved-${count}`), join(path, file));
    const { found, readable } = await faults();
    expect(found).toEqual([`symbolic-link ${file} 1`]);
    expect(readable).not.toContain(file);
  });

  it('is refused in the place of the data folder', async () => {
    renameSync(join(path, 'data'), join(folder, `moved-${count}`));
    symlinkSync(join(folder, `moved-${count}`), join(path, 'data'));
    const { found, readable } = await faults();
    expect(found).toContain('symbolic-link data 1');
    expect(found).toContain(`file-missing ${users} 1`);
    expect(readable).not.toContain(users);
  });

  it('is refused beside the files, wherever it leads', async () => {
    symlinkSync('/', join(path, 'root'));
    expect((await faults()).found).toEqual(['file-extra root 1']);
  });
});

describe('SHA256SUMS', () => {
  it.each([
    [
      'without its last newline',
      (text: string) => text.slice(0, -1),
      ['checksums-malformed SHA256SUMS 1', 'checksums-files SHA256SUMS 1'],
    ],
    ['with an empty line', (text: string) => `${text}\n`, ['checksums-malformed SHA256SUMS 1']],
    ['with a comment', (text: string) => `# sums\n${text}`, ['checksums-malformed SHA256SUMS 1']],
    ['with a file twice', (text: string) => text + text, ['checksums-malformed SHA256SUMS 3']],
    [
      'with one blank between',
      (text: string) => text.replace('  manifest.json', ' manifest.json'),
      ['checksums-malformed SHA256SUMS 1', 'checksums-files SHA256SUMS 1'],
    ],
    [
      'with a checksum in capitals',
      (text: string) =>
        text.replace(/^[0-9a-f]+/, (sum) => sum.toUpperCase().replaceAll(/\d/g, 'A')),
      ['checksums-malformed SHA256SUMS 1', 'checksums-files SHA256SUMS 1'],
    ],
    [
      'without one of the files',
      (text: string) => text.replace(/.*schema\.sql\n/, ''),
      ['checksums-files SHA256SUMS 1'],
    ],
    [
      'with a file that the manifest does not have',
      (text: string) => text.replace('schema.sql', 'schema2.sql'),
      ['checksums-files SHA256SUMS 1', 'checksums-files SHA256SUMS 1'],
    ],
    ['that is empty', () => '', Array.from({ length: 3 }, () => 'checksums-files SHA256SUMS 1')],
  ])('%s is refused', async (_, change, expected) => {
    edit(path, 'SHA256SUMS', change);
    expect((await faults()).found).toEqual(expected);
  });

  it('lists each file that the manifest lists', async () => {
    editManifest(path, (manifest) =>
      manifest.notCarried.push({ name: 'v', kind: 'view', reason: '' }),
    );
    expect((await faults()).found).toEqual([]);
  });
});

describe('a digest', () => {
  it('is compared with the manifest and with SHA256SUMS, each for itself', async () => {
    const sha256 = await hashFile(await openArtifact(path), users, new AbortController().signal);
    const messages = (checksums: string | undefined, manifest?: string): string[] => {
      const findings = new FindingCollector();
      checkDigest(
        users,
        sha256,
        { checksums, ...(manifest === undefined ? {} : { manifest }) },
        findings,
      );
      return findings.list().map(({ message }) => message.replace(/^[^,]*, /, ''));
    };
    expect(messages(sha256, sha256)).toEqual([]);
    expect(messages(undefined)).toEqual([]);
    expect(messages('0', sha256)).toEqual(['SHA256SUMS says 0']);
    expect(messages(sha256, '1')).toEqual(['the manifest says 1']);
    expect(messages('0', '1')).toEqual(['the manifest says 1, SHA256SUMS says 0']);
  });

  it('is that of the bytes of the file', async () => {
    const digest = await hashFile(await openArtifact(path), users, new AbortController().signal);
    const bytes = readFileSync(join(path, users));
    expect(digest).toBe(createHash('sha256').update(bytes).digest('hex'));
  });
});
