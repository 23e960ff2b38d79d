import { describe, expect, it } from 'vitest';
import { openArtifact } from '../../../scripts/lib/artifact/reader.ts';
import { readStatements, splitStatements } from '../../../scripts/lib/restore/statements.ts';
import { readSchemaSql } from '../../../scripts/lib/source/schema-sql.ts';
import { editManifest, exportedArtifact } from '../../support/artifact.ts';
import { memoryDatabase } from '../../support/sqlite.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();

const SQL = `
  CREATE TABLE a (id INTEGER PRIMARY KEY, t TEXT DEFAULT 'x;

CREATE TABLE trap (y);
');
  CREATE TABLE "b ""quoted""; name" (x, /* old;

CREATE TABLE trap (y) */ y);
  CREATE UNIQUE INDEX [i n] ON a (t) WHERE t = ';';
  CREATE VIEW v AS SELECT 1 -- a comment
;
  CREATE VIEW 'w''s' AS SELECT 2 /* ; */;
  CREATE TRIGGER \`t t\` AFTER INSERT ON a BEGIN SELECT 'a;

CREATE TABLE trap (y)'; SELECT 2; END;
  CREATE VIRTUAL TABLE notes USING fts5 (body);
`;

const OBJECTS = [
  ['table', 'a', 'a'],
  ['table', 'b "quoted"; name', 'b "quoted"; name'],
  ['table', 'notes', 'notes'],
  ['index', 'i n', 'a'],
  ['view', 'v', 'v'],
  ['view', "w's", "w's"],
  ['trigger', 't t', 'a'],
];

/** What SQLite itself keeps, in the same order. */
function keptBySqlite(): string[] {
  return memoryDatabase(SQL)
    .prepare<[], string>(
      `SELECT sql FROM sqlite_schema WHERE name NOT GLOB 'notes_*' AND sql IS NOT NULL
       ORDER BY CASE type WHEN 'table' THEN 0 WHEN 'index' THEN 1 WHEN 'view' THEN 2 ELSE 3 END, rowid`,
    )
    .pluck()
    .all();
}

describe('the statements of schema.sql', () => {
  it('are taken from where the manifest says that they stand', async () => {
    const artifact = await openArtifact(await exportedArtifact(folder, 'placed', SQL));
    const statements = await readStatements(artifact);
    expect(statements.map(({ type, name, table }) => [type, name, table])).toEqual(OBJECTS);
    expect(statements.map(({ sql }) => sql)).toEqual(keptBySqlite());
  });

  it('are found by SQLite itself where the manifest does not say', () => {
    const kept = keptBySqlite();
    const statements = splitStatements(kept.map((sql) => `${sql};\n`).join('\n'));
    expect(statements.map(({ sql }) => sql)).toEqual(kept);
    expect(statements.map(({ type, name }) => [type, name])).toEqual(
      OBJECTS.map(([type, name]) => [type, name]),
    );
    expect(statements.filter(({ table }) => table === null).map(({ type }) => type)).toEqual([
      'index',
      'trigger',
    ]);
  });

  it('are none for an empty database', () => {
    expect(splitStatements('')).toEqual([]);
  });

  it('can be run one after the other as they stand in the file', () => {
    const text = readSchemaSql(memoryDatabase(SQL)).text;
    expect(readSchemaSql(memoryDatabase(text)).text).toBe(text);
  });
});

describe('a schema.sql that is no schema', () => {
  const malformed = { code: 'manifest-malformed', kind: 'artifact' };

  it.each([
    ['anything but CREATE', `ATTACH 'x.db' AS x;\n`],
    ['a second statement', `CREATE TABLE a (b); DELETE FROM a;\n`],
    ['a statement without an end', `CREATE TABLE a (b;\n`],
  ])('is refused: %s', (_, text) => {
    expect(() => splitStatements(text)).toThrow(expect.objectContaining(malformed));
  });

  it.each([
    ['before a statement', { offset: 1 }],
    ['beyond the end', { offset: 10_000 }],
    ['past the end', { sizeBytes: 10_000 }],
  ])('is refused when the manifest points %s', async (name, change) => {
    const path = await exportedArtifact(folder, name, 'CREATE TABLE a (b)');
    editManifest(path, ({ schema }) => Object.assign(schema.statements?.[0] ?? {}, change));
    const artifact = await openArtifact(path);
    await expect(readStatements(artifact)).rejects.toMatchObject(malformed);
  });
});
