import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  verifyTogether,
  type VerifyTogetherResult,
} from '../../../scripts/lib/commands/verify-together.ts';
import type { MappingFile } from '../../../scripts/lib/mapping/file/schema.ts';
import { edit, exportedArtifact, quietContext } from '../../support/artifact.ts';
import { errorOf } from '../../support/error-of.ts';
import { mappingFile } from '../../support/mapping.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();
let artifacts = 0;

async function artifactOf(sql: string): Promise<string> {
  artifacts += 1;
  return exportedArtifact(folder, `a${artifacts}`, sql);
}

const USERS = `CREATE TABLE Users (Id INTEGER PRIMARY KEY, name TEXT);
  INSERT INTO Users VALUES (1, 'Ann'), (2, 'Bob'), (3, 'Cid');`;
const referring = (column: string, ...values: string[]): string =>
  `CREATE TABLE note (id INTEGER PRIMARY KEY, ${column});
   INSERT INTO note VALUES ${values.map((value, index) => `(${index + 1}, ${value})`).join(', ')};`;
const toUsers: MappingFile['tables'] = {
  note: { references: [{ columns: ['user_id'], table: 'users', key: ['id'] }] },
};

interface Given {
  readonly sql: string;
  readonly tables?: MappingFile['tables'];
  readonly more?: Partial<MappingFile>;
}

async function verify(...given: readonly Given[]): Promise<VerifyTogetherResult> {
  const toVerify = [];
  for (const { sql, tables, more } of given) {
    const mapping =
      tables === undefined && more === undefined
        ? undefined
        : mappingFile(folder, tables ?? {}, more);
    toVerify.push({ artifact: await artifactOf(sql), mapping });
  }
  return verifyTogether(toVerify, quietContext);
}

const parents = (id: string): string =>
  `CREATE TABLE users (id PRIMARY KEY) WITHOUT ROWID; INSERT INTO users VALUES (${id});`;
const tenant = (name: string): Given => ({ sql: USERS, more: { set: { tenant: name } } });

const codesOf = ({ findings }: VerifyTogetherResult): [string, number][] =>
  findings.map(({ code, total }) => [code, total]);

describe('artifacts that fill one target', () => {
  it('bring what the others refer to, whichever comes first', async () => {
    const users = { sql: USERS };
    const notes = { sql: referring('user_id', '1', '3', 'NULL'), tables: toUsers };
    for (const order of [
      [users, notes],
      [notes, users],
    ]) {
      const report = await verify(...order);
      expect(codesOf(report)).toEqual([]);
      expect(report).toMatchObject({ totalRows: 6, references: [{ parentTable: 'users' }] });
      expect(report.references[0]?.broughtBy).toHaveLength(1);
    }
  });

  it('name each row whose parent none of them brings', async () => {
    const report = await verify(
      { sql: referring('user_id', '1', '7', '8'), tables: toUsers },
      { sql: USERS },
    );
    expect(codesOf(report)).toEqual([['orphan', 2]]);
    const [orphan] = report.findings;
    expect(orphan?.where).toEqual({
      table: 'note',
      column: 'user_id',
      file: `${join(folder, `a${artifacts - 1}`)}/data/001-note.ndjson`,
      constraint: '(user_id) → users (id)',
    });
    expect(orphan?.examples).toEqual([
      { rowKey: 'id=2', line: 2, detail: 'user_id=7 has no parent' },
      { rowKey: 'id=3', line: 3, detail: 'user_id=8 has no parent' },
    ]);
  });

  it.each([
    ['text of digits', 'user_id TEXT', "'3'"],
    ['a whole REAL', 'user_id REAL', '3.0'],
  ])('compare keys by what the target would read: %s', async (_, column, value) => {
    const good = await verify({ sql: referring(column, value), tables: toUsers }, { sql: USERS });
    expect(codesOf(good)).toEqual([]);
  });

  it('compare UUIDs without regard to case, and bytes with bytes', async () => {
    const uuid = 'a3bb189e-8bf9-4c41-a0ba-3a1b3f5f9f10';
    const same = await verify(
      { sql: referring('user_id', `'${uuid.toUpperCase()}'`), tables: toUsers },
      { sql: parents(`'${uuid}'`) },
    );
    expect(codesOf(same)).toEqual([]);
    const bytes = await verify(
      { sql: referring('user_id', "x'00ff'", "x'00fe'"), tables: toUsers },
      { sql: parents("x'00ff'") },
    );
    expect(codesOf(bytes)).toEqual([['orphan', 1]]);
  });

  it('compare what the mappings make of the keys', async () => {
    const namespaces = { app: '6ba7b810-9dad-11d1-80b4-00c04fd430c8' };
    const convert = { convert: { uuid_v5: 'app' } } as const;
    const users = {
      sql: USERS,
      tables: { Users: { columns: { Id: convert } } },
      more: { namespaces },
    };
    const notes = {
      sql: referring('user_id', '2', '9'),
      tables: { note: { ...toUsers['note'], columns: { user_id: convert } } },
      more: { namespaces },
    };
    expect(codesOf(await verify(users, notes))).toEqual([['orphan', 1]]);
    const plain = { ...notes, tables: toUsers };
    expect(codesOf(await verify(users, plain))).toEqual([['orphan', 2]]);
  });

  it('do not count rows that a mapping leaves out as parents', async () => {
    const report = await verify(
      {
        sql: USERS,
        tables: { Users: { where: [{ column: 'name', op: 'ne', value: 'Bob' }] } },
      },
      { sql: referring('user_id', '1', '2'), tables: toUsers },
    );
    expect(codesOf(report)).toEqual([['orphan', 1]]);
  });

  it('say which references they cannot check', async () => {
    const report = await verify(
      { sql: referring('user_id', '1'), tables: toUsers },
      { sql: 'CREATE TABLE other (id INTEGER PRIMARY KEY)' },
    );
    expect(codesOf(report)).toEqual([['foreign-key-not-checked', 1]]);
    expect(report.references).toMatchObject([{ broughtBy: [] }]);
  });

  it('name the keys that more than one of them has, and those of one only as what they are', async () => {
    const more = `CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT);
      INSERT INTO users VALUES (3, 'Cid'), (4, 'Dan');`;
    const report = await verify({ sql: USERS }, { sql: more });
    expect(codesOf(report)).toEqual([['key-in-several-artifacts', 1]]);
    expect(report.findings[0]?.examples).toEqual([
      { rowKey: 'id=3', line: 1, detail: `as in ${join(folder, `a${artifacts - 1}`)}, line 3` },
    ]);
  });

  it('may hold the same keys where the mappings tell their rows apart', async () => {
    expect(codesOf(await verify(tenant('acme'), tenant('bolt')))).toEqual([]);
    expect(codesOf(await verify(tenant('acme'), tenant('acme')))).toEqual([
      ['key-in-several-artifacts', 3],
    ]);
  });

  it('are each checked by themselves, damage named with its artifact', async () => {
    const sound = await artifactOf(USERS);
    const damaged = await artifactOf(referring('user_id', '1'));
    edit(damaged, 'data/001-note.ndjson', (text) => text.replace('1', '2'));
    const { findings } = await verifyTogether(
      [{ artifact: sound }, { artifact: damaged }],
      quietContext,
    );
    expect(findings.map(({ code }) => code)).toContain('checksum');
    expect(findings.every(({ where }) => where.file?.startsWith(damaged))).toBe(true);
  });

  it('are refused when one is named twice', async () => {
    const artifact = await artifactOf(USERS);
    const error = await errorOf(async () =>
      verifyTogether([{ artifact }, { artifact }], quietContext),
    );
    expect(error).toMatchObject({ kind: 'usage' });
    expect(error.message).toContain(artifact);
  });
});
