import {
  chmodSync,
  cpSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readChunks } from '../../../scripts/lib/artifact/read-file.ts';
import { removeAfter, unwritable } from '../../../scripts/lib/artifact/unwritable.ts';
import { convertArtifact, exportSingleFile } from '../../../scripts/lib/commands/convert.ts';
import { exportSource } from '../../../scripts/lib/commands/export.ts';
import { restoreArtifact } from '../../../scripts/lib/commands/restore.ts';
import { verifyArtifact } from '../../../scripts/lib/commands/verify.ts';
import { ToolkitError } from '../../../scripts/lib/model/errors.ts';
import type { CommandContext } from '../../../scripts/lib/model/progress.ts';
import { exportedArtifact, quietContext } from '../../support/artifact.ts';
import { errorOf } from '../../support/error-of.ts';
import { asOrdinaryUser, withMode } from '../../support/ordinary-user.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();
const source = join(folder, 'shop.db');
const artifact = join(folder, 'shop');
const singleFile = join(folder, 'shop.json');
let out: string;

beforeAll(async () => {
  chmodSync(folder, 0o755);
  await exportedArtifact(
    folder,
    'shop',
    'CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t VALUES (1), (2)',
  );
  await convertArtifact(artifact, { kind: 'single-file', path: singleFile }, quietContext);
});

beforeEach(() => {
  out = join(folder, 'out');
  mkdirSync(out);
  chmodSync(out, 0o777);
});

afterEach(() => rmSync(out, { recursive: true, force: true }));

type Work = (context: CommandContext) => Promise<unknown>;

/** Every way to write something new into a folder. */
const writers: readonly (readonly [name: string, kind: string, work: Work])[] = [
  ['an export', 'artifact', (context) => exportSource({ source, out: join(out, 'new') }, context)],
  [
    'an export as a single file',
    'artifact',
    (context) => exportSingleFile({ source }, join(out, 'new.json'), context),
  ],
  [
    'a copy as a folder',
    'artifact',
    (context) => convertArtifact(artifact, { kind: 'folder', path: join(out, 'new') }, context),
  ],
  [
    'a copy as a single file',
    'artifact',
    (context) =>
      convertArtifact(artifact, { kind: 'single-file', path: join(out, 'new.json') }, context),
  ],
  [
    'a restore',
    'target',
    (context) => restoreArtifact({ artifact, file: join(out, 'new.db'), dryRun: false }, context),
  ],
];

describe('what cannot be written', () => {
  it.each(writers)(
    'because the folder is not writable: %s says so, and succeeds once it is',
    async (_, kind, work) => {
      const error = await withMode(out, 0o555, () => errorOf(() => work(quietContext)));
      expect(error).toMatchObject({
        kind,
        code: kind === 'artifact' ? 'artifact-unwritable' : 'target-unwritable',
        message: expect.stringContaining('EACCES'),
        where: { file: expect.stringContaining(join(out, 'new')) },
      });
      expect(readdirSync(out)).toEqual([]);
      await work(quietContext);
      expect(readdirSync(out)).toHaveLength(1);
    },
  );

  // A folder that cannot be read cannot be synced, which shows after the rename only.
  it.each(writers)(
    'for good, because the folder cannot be synced: %s takes the name back',
    async (_, kind, work) => {
      const error = await withMode(out, 0o333, () => errorOf(() => work(quietContext)));
      expect(error).toMatchObject({ kind, message: expect.stringContaining('EACCES') });
      expect(readdirSync(out)).toEqual([]);
      await work(quietContext);
      expect(readdirSync(out)).toHaveLength(1);
    },
  );

  it('and cannot be removed either, is named in the hint', async () => {
    const locking: CommandContext = {
      ...quietContext,
      progress: {
        note: () => undefined,
        start: () => {
          const [partial = ''] = readdirSync(out);
          chmodSync(join(out, partial), 0o555);
          return { advance: () => undefined, done: () => undefined };
        },
      },
    };
    const error = await asOrdinaryUser(() =>
      errorOf(() => exportSource({ source, out: join(out, 'new') }, locking)),
    );
    const [partial = ''] = readdirSync(out);
    expect(partial).toMatch(/^\.new\.partial-/);
    expect(error.hint).toContain(`remove ${join(out, partial)} by hand`);
    chmodSync(join(out, partial), 0o755);
  });
});

/** Every way to read an artifact. */
const readers: readonly (readonly [name: string, read: (path: string) => Promise<unknown>])[] = [
  ['verify', (path) => verifyArtifact({ artifact: path }, quietContext)],
  [
    'export --from',
    (path) =>
      convertArtifact(path, { kind: 'single-file', path: join(out, 'new.json') }, quietContext),
  ],
  [
    'a restore',
    (path) =>
      restoreArtifact({ artifact: path, file: join(out, 'new.db'), dryRun: false }, quietContext),
  ],
];

describe.each(readers)('an artifact of which %s may not read', (_, read) => {
  it.each(['manifest.json', 'schema.sql', 'SHA256SUMS', 'data', 'data/001-t.ndjson', '.'])(
    '%s, is named with that',
    async (file) => {
      const error = await withMode(join(artifact, file), 0o000, () =>
        errorOf(() => read(artifact)),
      );
      expect(error).toMatchObject({
        kind: 'artifact',
        code: 'artifact-unreadable',
        message: expect.stringContaining('EACCES'),
        where: { file: file === '.' ? 'manifest.json' : file },
        hint: expect.stringContaining('permissions'),
      });
      expect(readdirSync(out)).toEqual([]);
      await read(artifact);
    },
  );

  it('the single file, is named with that', async () => {
    const error = await withMode(singleFile, 0o000, () => errorOf(() => read(singleFile)));
    expect(error).toMatchObject({ code: 'artifact-unreadable', where: { file: singleFile } });
    expect(readdirSync(out)).toEqual([]);
    await read(singleFile);
  });
});

it('an artifact that is cut off between its check and its use is not restored', async () => {
  const copy = join(out, 'copy');
  cpSync(artifact, copy, { recursive: true });
  const file = join(copy, 'data/001-t.ndjson');
  const whole = readFileSync(file);
  const cutting: CommandContext = {
    ...quietContext,
    progress: {
      note: (text) => {
        if (text.startsWith('restoring')) writeFileSync(file, whole.subarray(0, 4));
      },
      start: () => ({ advance: () => undefined, done: () => undefined }),
    },
  };
  const restore = async (context: CommandContext): Promise<unknown> =>
    restoreArtifact({ artifact: copy, file: join(out, 'new.db'), dryRun: false }, context);
  expect(await errorOf(() => restore(cutting))).toMatchObject({ code: 'artifact-changed' });
  expect(readdirSync(out)).toEqual(['copy']);
  writeFileSync(file, whole);
  await restore(quietContext);
  expect(readdirSync(out)).toEqual(['copy', 'new.db']);
});

it('a file on a disk that returns errors is named with what to do', async () => {
  // On Linux, reading this from its beginning fails with EIO; elsewhere a folder fails with EISDIR.
  const [path, code] =
    process.platform === 'linux'
      ? ['/proc/self/mem', 'disk-error']
      : [folder, 'artifact-unreadable'];
  const read = async (): Promise<void> => {
    for await (const chunk of readChunks(path, undefined, 'data/001-t.ndjson')) chunk.fill(0);
  };
  expect(await errorOf(read)).toMatchObject({ code, where: { file: 'data/001-t.ndjson' } });
});

it.each([
  ['ENOSPC', 'disk-full', 'free some space'],
  ['EDQUOT', 'disk-full', 'free some space'],
  ['EIO', 'disk-error', 'the disk returns errors'],
  ['EROFS', 'artifact-unwritable', 'mounted read-only'],
  ['EFBIG', 'artifact-unwritable', 'ulimit -f'],
  ['EACCES', 'artifact-unwritable', 'permissions'],
])('%s has the code %s and its own next step', (errno, code, hint) => {
  const refused = Object.assign(new Error(errno), { code: errno, syscall: 'write' });
  expect(unwritable(refused, 'exports/shop', 'schema.sql')).toMatchObject({
    kind: 'artifact',
    code,
    message: `the artifact cannot be written: ${errno}, at its schema.sql`,
    where: { file: 'exports/shop' },
    hint: expect.stringContaining(hint),
  });
});

it('what failed stays what it is when there is nothing to remove', async () => {
  const error = new ToolkitError({ kind: 'artifact', code: 'disk-full', message: 'full' });
  expect(await removeAfter(error, [join(folder, 'never', 'made')])).toBe(error);
});
