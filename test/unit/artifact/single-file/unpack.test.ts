import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { unpackSingleFile } from '../../../../scripts/lib/artifact/single-file/unpack.ts';
import { exportedArtifact, quietContext } from '../../../support/artifact.ts';
import { bytesOf, toSingleFile } from '../../../support/single-file.ts';
import { temporaryFolder } from '../../../support/temp.ts';

const root = temporaryFolder();
let text: string;
let original: Record<string, string>;
let folder: string;
let count = 0;

beforeAll(async () => {
  const artifact = await exportedArtifact(
    root,
    'shop',
    `CREATE TABLE a (id INTEGER PRIMARY KEY, v); INSERT INTO a VALUES (1, 17.0), (2, 'é"'), (3, x'00');
     CREATE TABLE b (id INTEGER PRIMARY KEY); CREATE TABLE c (id INTEGER PRIMARY KEY); INSERT INTO c VALUES (7);`,
  );
  original = bytesOf(artifact);
  text = readFileSync(await toSingleFile(artifact, join(root, 'shop.json')), 'utf8');
});

function freshFolder(): string {
  const fresh = join(root, `unpacked-${++count}`);
  mkdirSync(fresh);
  return fresh;
}

/** Unpacks a file of this content into {@link folder}, a new one each time. */
async function unpack(content: string | Uint8Array, context = quietContext): Promise<void> {
  folder = freshFolder();
  const path = join(root, `file-${count}.json`);
  writeFileSync(path, content);
  await unpackSingleFile(path, folder, context);
}

/** Unpacks the document with `part` replaced by `other`. */
async function unpackWith(part: string, other: string): Promise<void> {
  const changed = text.replace(part, other);
  expect(changed).not.toBe(text);
  await unpack(changed);
}

interface Parts {
  [key: string]: unknown;
  manifest: unknown;
  tables: { name: string; rows: unknown[] }[];
  checksums: Record<string, string>;
}

/** The document as another tool would write it anew; numbers are not looked at. */
function rewritten(change: (parts: Parts) => object, indent = 0): string {
  return JSON.stringify(change(JSON.parse(text) as Parts), null, indent);
}

const MALFORMED = { kind: 'artifact', code: 'single-file-malformed' };
const NOTHING = { kind: 'artifact', code: 'not-an-artifact' };

/** The document with its tables changed. */
function withTables(change: (list: Parts['tables']) => unknown): string {
  return rewritten((parts) => ({ ...parts, tables: change(parts.tables) }));
}

/** Refused as no document of this form, and this was said. */
function wrong(message: string | RegExp): object {
  return { ...MALFORMED, message: expect.stringMatching(message) as unknown };
}

describe('a single file gives back each file of the folder, byte by byte', () => {
  it('as it was written', async () => {
    await unpack(text);
    expect(bytesOf(folder)).toEqual(original);
  });

  it('with other white space and other escapes', async () => {
    const spaced = text
      .replaceAll('"rows": [', '"rows"\r\n:\t[ ')
      .replaceAll('{"id":', '{ "id" : ');
    await unpack(`\n ${spaced.replace('é', String.raw`\u00e9`)}\n\n`);
    expect(bytesOf(folder)).toEqual(original);
  });

  it('on one line', async () => {
    await unpack(text.replaceAll(/\n */g, ''));
    expect(bytesOf(folder)).toEqual(original);
  });

  it('wherever reads of it end', async () => {
    for (const shift of [256 * 1024 - 40, 256 * 1024 - 500, 256 * 1024 - text.length]) {
      await unpack(' '.repeat(shift) + text);
      expect(bytesOf(folder)).toEqual(original);
    }
  });
});

it('rows are taken as they are, for the check of the files to judge', async () => {
  const rows = ['{"v":1,"id":2}', '5', '[]', 'null', '{"id":1,"id":1}', '{"id":-0}', '"\\ud800"'];
  await unpackWith('"name": "b", "rows": [', `"name": "b", "rows": [${rows.join(', ')}`);
  expect(readFileSync(join(folder, 'data/002-b.ndjson'), 'utf8')).toBe(`${rows.join('\n')}\n`);
});

describe('a file is no artifact', () => {
  it.each([
    ['is empty', '', 'is empty'],
    ['has white space only', ' \n\n', 'ends before'],
    ['is no JSON', 'hello', 'is not JSON: expected a value'],
    ['is a SQLite database', 'SQLite format 3\0', 'is not JSON'],
    ['is no object', '[1]', 'no object'],
    ['is JSON of something else', '{"name":"x"}', 'something else'],
    ['is an empty object', '{}', 'something else'],
    ['is in a format of something else', '{"format":"docker","formatVersion":1}', 'something else'],
    ['has a format that is no string', '{"format":1}', 'format is not a string'],
    ['is in UTF-16', '\0{\0"', 'is not JSON'],
  ])('that %s', async (_, content, message) => {
    await expect(unpack(content)).rejects.toMatchObject({
      ...NOTHING,
      message: expect.stringContaining(message),
      where: { file: expect.stringContaining('file-') },
    });
  });

  it('that begins with a byte order mark', async () => {
    await expect(unpack(`\u{FEFF}${text}`)).rejects.toMatchObject({
      ...NOTHING,
      message: expect.stringContaining('byte order mark'),
    });
  });

  it('that is the manifest of a folder, which is told', async () => {
    await expect(unpack(original['manifest.json'] ?? '')).rejects.toMatchObject({
      ...NOTHING,
      message: expect.stringContaining('manifest of a folder'),
      hint: expect.stringContaining('folder'),
    });
  });
});

describe('another version is told before all else', () => {
  it.each(['2', '0', '1.0', '1e0'])('of the document: %s', async (version) => {
    const rest = '"manifest": "otherwise"}';
    await expect(
      unpack(`{"format":"sqlite-migration-single-file","formatVersion":${version},${rest}`),
    ).rejects.toMatchObject({
      code: 'artifact-format-version',
      message: `the artifact has format version ${version}; this toolkit reads 1`,
    });
  });

  it('of the manifest in it', async () => {
    const otherwise = rewritten((parts) => ({
      ...parts,
      manifest: { format: 'sqlite-migration-artifact', formatVersion: 2 },
      tables: 'otherwise',
    }));
    await expect(unpack(otherwise)).rejects.toMatchObject({ code: 'artifact-format-version' });
  });
});

describe('a document is refused', () => {
  it.each(['formatVersion', 'manifest', 'schema', 'tables', 'checksums'])(
    'without the key %s',
    async (key) => {
      const without = rewritten((parts) => ({ ...parts, [key]: undefined }));
      await expect(unpack(without)).rejects.toMatchObject({
        message: expect.stringContaining(`"${key}" is not at its place`),
      });
    },
  );

  it.each([
    [
      'in another order',
      ({ schema, ...others }: Parts) => ({ ...others, schema }),
      /"schema" is not/,
    ],
    ['with a key more', (parts: Parts) => ({ ...parts, more: 1 }), /after "checksums"/],
    ['whose manifest is a list', (parts: Parts) => ({ ...parts, manifest: [] }), /manifest is not/],
    ['whose schema is no string', (parts: Parts) => ({ ...parts, schema: 1 }), /schema is not/],
    ['whose tables are an object', (parts: Parts) => ({ ...parts, tables: {} }), /not a list/],
    [
      'whose checksums are a list',
      (parts: Parts) => ({ ...parts, checksums: [] }),
      /not an object/,
    ],
    [
      'with a checksum that is none',
      (parts: Parts) => ({ ...parts, checksums: { 'schema.sql': '00' } }),
      /no file name and SHA-256/,
    ],
    [
      'with a file name that would be another line',
      ({ checksums, ...parts }: Parts) => ({
        ...parts,
        checksums: { [`x\n${checksums['schema.sql'] ?? ''}  schema.sql`]: checksums['schema.sql'] },
      }),
      /no file name and SHA-256/,
    ],
  ] as const)('%s', async (_, change, message) => {
    await expect(unpack(rewritten(change))).rejects.toMatchObject(wrong(message));
  });

  it.each([
    ['is missing', (list: Parts['tables']) => list.slice(0, 2), '"c" is missing'],
    ['is missing before others', (list: Parts['tables']) => list.slice(1), 'manifest has "a"'],
    ['stands twice', (list: Parts['tables']) => [list[0], ...list], '"a" stands twice'],
    [
      'stands twice, the last time at the end',
      (list: Parts['tables']) => [...list, list[1]],
      '"b" stands twice',
    ],
    [
      'is in another place',
      (list: Parts['tables']) => list.toReversed(),
      '"c" stands in tables where',
    ],
    [
      'is not known',
      (list: Parts['tables']) => [...list, { name: '__proto__', rows: [] }],
      '"__proto__" in tables is not',
    ],
    ['is no object', (list: Parts['tables']) => ['a', ...list], 'is not an object'],
    [
      'has no name',
      (list: Parts['tables']) => list.map(({ rows }) => ({ rows })),
      '"name" is not at its place',
    ],
    [
      'has its rows before its name',
      (list: Parts['tables']) => list.map(({ name, rows }) => ({ rows, name })),
      '"name" is not',
    ],
    [
      'has a key more',
      (list: Parts['tables']) => list.map((table) => ({ ...table, x: 1 })),
      'after "rows"',
    ],
    [
      'has rows that are no list',
      (list: Parts['tables']) => list.map(({ name }) => ({ name, rows: {} })),
      'are not a list',
    ],
  ] as const)('when a table %s', async (_, change, message) => {
    await expect(unpack(withTables(change))).rejects.toMatchObject(wrong(message));
  });

  it('when anything follows', async () => {
    for (const more of ['{}', ',', '\0', 'x', text]) {
      await expect(unpack(text + more)).rejects.toMatchObject(wrong('something follows'));
    }
    await expect(
      unpack(Buffer.concat([Buffer.from(text), Buffer.from([0xc3])])),
    ).rejects.toMatchObject(wrong('not UTF-8'));
  });

  it('that is cut off anywhere, and no part of it is taken for the whole', async () => {
    const bytes = Buffer.from(text.trimEnd());
    for (let length = 0; length < bytes.length; length += 97) {
      await expect(unpack(bytes.subarray(0, length))).rejects.toMatchObject({ kind: 'artifact' });
    }
    expect.assertions(Math.ceil(bytes.length / 97));
  });

  it('with the line of the fault, and the table where one is being read', async () => {
    const at = text.split('\n').findIndex((line) => line.startsWith('{"id":2'));
    const lines = text.split('\n').with(at, '{"id":2,"v":}');
    await expect(unpack(lines.join('\n'))).rejects.toMatchObject({
      ...MALFORMED,
      message: 'the file is not as FORMAT.md says: the file is not JSON: expected a value',
      where: { table: 'a', line: at + 1, file: expect.stringContaining('file-') },
    });
    const latin1 = Buffer.from(text.replace('é', '\u00e9'), 'latin1');
    await expect(unpack(latin1)).rejects.toMatchObject({
      ...MALFORMED,
      message: expect.stringContaining('not UTF-8'),
      where: { table: 'a', line: at + 1 },
    });
  });

  it('with a lone surrogate in the schema, which no file could hold', async () => {
    await expect(
      unpack(rewritten((parts) => ({ ...parts, schema: '\ud800' }))),
    ).rejects.toMatchObject(wrong('lone surrogate'));
  });

  it('whose manifest names a file outside the data folder, before anything is written there', async () => {
    await expect(unpackWith('data/002-b.ndjson', '../002-b.ndjson')).rejects.toMatchObject({
      code: 'manifest-malformed',
      where: { file: expect.stringContaining('file-') },
    });
    expect(readdirSync(root)).not.toContain('002-b.ndjson');
  });
});

it('stops when it is interrupted', async () => {
  const signal = AbortSignal.abort(new Error('stopped'));
  await expect(unpack(text, { ...quietContext, signal })).rejects.toThrow('stopped');
});

it('says that the temporary folder cannot be written, and how to choose another', async () => {
  folder = freshFolder();
  writeFileSync(join(folder, 'data'), '');
  const path = join(root, 'good.json');
  writeFileSync(path, text);
  await expect(unpackSingleFile(path, folder, quietContext)).rejects.toMatchObject({
    code: 'temporary-space',
    hint: expect.stringContaining('SQLITE_TMPDIR'),
  });
});
