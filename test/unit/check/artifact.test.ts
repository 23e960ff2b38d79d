import { cpSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openArtifact } from '../../../scripts/lib/artifact/reader.ts';
import { checkArtifact, type CheckedTable } from '../../../scripts/lib/check/artifact.ts';
import { FindingCollector, type Finding } from '../../../scripts/lib/model/findings.ts';
import {
  edit,
  editManifest,
  exportedArtifact,
  forge,
  quietContext,
} from '../../support/artifact.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();
const users = 'data/001-users.ndjson';
const orders = 'data/002-orders.ndjson';
let original: string;
let path: string;
let count = 0;
beforeAll(async () => {
  original = await exportedArtifact(
    folder,
    'artifact',
    `CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT);
     CREATE TABLE orders (id TEXT PRIMARY KEY, user_id INTEGER REFERENCES users, total REAL);
     INSERT INTO users VALUES (1, 'Ada'), (2, 'Brook'), (10, NULL);
     INSERT INTO orders VALUES ('a', 1, 1.5), ('b', 2, 2.0), ('c', NULL, NULL)`,
  );
});
beforeEach(() => {
  path = join(folder, String(++count));
  cpSync(original, path, { recursive: true });
});

async function check(): Promise<{ tables: CheckedTable[]; findings: Finding[] }> {
  const findings = new FindingCollector();
  const tables = await checkArtifact(await openArtifact(path), findings, quietContext);
  return { tables, findings: findings.list() };
}

/** `code file`, a line for each finding. */
async function faults(): Promise<string[]> {
  return (await check()).findings.map(({ code, where }) => `${code} ${where.file}`);
}

it('finds nothing in an artifact as it was written, and says what it read', async () => {
  const { tables, findings } = await check();
  expect(findings).toEqual([]);
  expect(tables).toMatchObject([
    { name: 'users', rowCount: 3, sizeBytes: readFileSync(join(path, users)).length },
    { name: 'orders', rowCount: 3, sizeBytes: readFileSync(join(path, orders)).length },
  ]);
});

it('shows every row with its line and key to whoever looks on', async () => {
  const seen: unknown[] = [];
  await checkArtifact(await openArtifact(path), new FindingCollector(), quietContext, (table) =>
    table.name === 'users'
      ? { look: (row, place) => void seen.push([row, { ...place }]) }
      : undefined,
  );
  expect(seen).toEqual([
    [[1n, 'Ada'], { line: 1, rowKey: 'id=1' }],
    [[2n, 'Brook'], { line: 2, rowKey: 'id=2' }],
    [[10n, null], { line: 3, rowKey: 'id=10' }],
  ]);
});

it('leaves it to whoever looks on whether a row needs its parents', async () => {
  forge(path, users, (text) => text.replace(/.*(?:Ada|Brook).*\n/g, ''));
  const orphansIn = async (isNeeded: (id: unknown) => boolean): Promise<unknown[]> => {
    let last: unknown;
    const findings = new FindingCollector();
    await checkArtifact(await openArtifact(path), findings, quietContext, () => ({
      look: ([id]) => {
        last = id;
      },
      needsParent: ({ columns }) => columns.join() === 'user_id' && isNeeded(last),
    }));
    return findings
      .list()
      .flatMap(({ code, examples }) => [code, ...examples.map((row) => row.line)]);
  };
  expect(await orphansIn(() => true)).toEqual(['orphan', 1, 2]);
  expect(await orphansIn((id) => id === 'b')).toEqual(['orphan', 2]);
  expect(await orphansIn(() => false)).toEqual([]);
});

describe('one byte', () => {
  it.each([users, orders, 'schema.sql'])('changed anywhere in %s is found', async (file) => {
    const bytes = readFileSync(join(path, file));
    for (const position of [0, Math.floor(bytes.length / 2), bytes.length - 1]) {
      edit(path, file, (text) => text.slice(0, position) + '!' + text.slice(position + 1));
      const found = await faults();
      expect(found).toContain(`checksum ${file}`);
      cpSync(join(original, file), join(path, file));
    }
  });

  it('changed in the manifest is found by SHA256SUMS', async () => {
    edit(path, 'manifest.json', (text) => text.replace('"artifact.db"', '"artifact.dc"'));
    expect(await faults()).toEqual(['checksum manifest.json']);
  });

  it('changed in SHA256SUMS is found', async () => {
    edit(path, 'SHA256SUMS', (text) => text.replace(/^./, (digit) => (digit === '0' ? '1' : '0')));
    expect(await faults()).toEqual([`checksum ${users}`]);
  });
});

describe('lines that agree with every checksum', () => {
  it('are refused when they are not rows, each with its line and what is wrong', async () => {
    forge(path, users, (text) =>
      text.replace('"id":1,', '"id":01,').replace('{"id":10', '{"ID":10'),
    );
    const { findings } = await check();
    expect(findings).toMatchObject([
      {
        code: 'line-malformed',
        total: 2,
        where: { table: 'users', file: users },
        examples: [
          { line: 1, detail: 'the line has a value in no known form (column id)' },
          {
            line: 3,
            detail: 'the line does not have the key "id" where the manifest has it (column id)',
          },
        ],
      },
      // The row is lost with its line, so whoever refers to it is an orphan.
      { code: 'orphan', where: { table: 'orders' }, examples: [{ rowKey: 'id="a"', line: 1 }] },
    ]);
  });

  it('are refused when a key stands twice', async () => {
    forge(path, users, (text) => text.replace('"id":2', '"id":1'));
    expect((await check()).findings).toMatchObject([
      {
        code: 'duplicate-key',
        where: { table: 'users', column: 'id' },
        examples: [{ rowKey: 'id=1', line: 2 }],
      },
      { code: 'orphan' },
    ]);
  });

  it('are refused when they are not in the order of the key', async () => {
    forge(path, users, (text) => text.split('\n').slice(0, 3).toReversed().concat('').join('\n'));
    expect((await check()).findings).toMatchObject([
      {
        code: 'key-order',
        total: 2,
        examples: [
          { rowKey: 'id=2', line: 2 },
          { rowKey: 'id=1', line: 3 },
        ],
      },
    ]);
  });

  it('are refused when a parent is gone', async () => {
    forge(path, users, (text) => text.replace(/.*Brook.*\n/, ''));
    expect((await check()).findings).toMatchObject([
      {
        code: 'orphan',
        total: 1,
        examples: [{ rowKey: 'id="b"', line: 2, detail: 'user_id=2 has no parent' }],
      },
    ]);
  });

  it('are refused when the last one has no end', async () => {
    forge(path, users, (text) => text.slice(0, -1));
    // The forged count is of newlines.
    expect(await faults()).toEqual([`row-count ${users}`, `line-unfinished ${users}`]);
  });

  it('are refused when there are more or fewer than the manifest says', async () => {
    editManifest(path, (manifest) => {
      for (const table of manifest.tables) table.rowCount += 1;
    });
    const { findings } = await check();
    expect(findings.map(({ message }) => message)).toEqual([
      'the file has 3 lines, the manifest says 4 rows',
      'the file has 3 lines, the manifest says 4 rows',
    ]);
  });
});

it('reports all that it finds, not the first thing only', async () => {
  rmSync(join(path, users));
  edit(path, orders, (text) => text.replace('1.5', '1.50'));
  const { tables, findings } = await check();
  expect(findings.map(({ code, where }) => `${code} ${where.file}`)).toEqual([
    `file-missing ${users}`,
    `file-size ${orders}`,
    `checksum ${orders}`,
    `orphan ${orders}`,
  ]);
  expect(tables).toMatchObject([
    { name: 'users', rowCount: 0, sizeBytes: 0, sha256: null },
    { name: 'orders', rowCount: 3 },
  ]);
});

it('stops when it is told to', async () => {
  const signal = AbortSignal.abort(new Error('stopped'));
  const artifact = await openArtifact(path);
  const checking = checkArtifact(artifact, new FindingCollector(), { ...quietContext, signal });
  await expect(checking).rejects.toThrow('stopped');
});
