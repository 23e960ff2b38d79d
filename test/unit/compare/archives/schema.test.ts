import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeSchemaDifference } from '../../../../scripts/lib/compare/archives/findings.ts';
import { editManifest } from '../../../support/artifact.ts';
import {
  changeFile,
  figuresOf,
  seeChange,
  tableIn,
  verifyAgainst,
  type SeenChange,
} from '../../../support/archive-comparison.ts';
import { exportArtifact } from '../../../support/in-process.ts';
import { sqliteFile } from '../../../support/sqlite.ts';
import { reseal } from '../../../support/tampering.ts';
import { temporaryFolder } from '../../../support/temp.ts';

const folder = temporaryFolder();

const SQL = `
  CREATE TABLE parents (id INTEGER PRIMARY KEY);
  CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT, n INT DEFAULT 1, UNIQUE (name));
  INSERT INTO t VALUES (1, 'a', 1), (2, 'b', 2);
  CREATE TABLE marked (id INTEGER PRIMARY KEY AUTOINCREMENT); INSERT INTO marked VALUES (3);
  CREATE VIEW v AS SELECT id FROM t; CREATE INDEX by_n ON t (n);
  CREATE TRIGGER r AFTER INSERT ON t BEGIN DELETE FROM marked; END;`;

async function see(sql: string, start = SQL): Promise<SeenChange> {
  const seen = await seeChange(folder, start, (file) => changeFile(file, sql));
  expect(seen.againstBaseline.schema).toEqual(seen.againstSource.schema);
  return seen;
}

async function differences(sql: string): Promise<string[]> {
  const { againstSource } = await see(sql);
  expect(againstSource.isEqual).toBe(false);
  return againstSource.schema.map(describeSchemaDifference);
}

/** Makes table t anew with this definition, without rows. */
const anew = (definition: string): string =>
  `DROP TRIGGER r; DROP VIEW v; DROP TABLE t; CREATE TABLE t (${definition}; CREATE INDEX by_n ON t (n);
   CREATE VIEW v AS SELECT id FROM t; CREATE TRIGGER r AFTER INSERT ON t BEGIN DELETE FROM marked; END`;

const DEFINITION = 'definition of table t changed';

const CHANGES: readonly (readonly [sql: string, expected: readonly string[]])[] = [
  ['CREATE TABLE more (a)', ['table more added']],
  ['DROP TABLE parents', ['table parents removed']],
  ['ALTER TABLE t ADD COLUMN age REAL', ['column age of t added: REAL', DEFINITION]],
  [
    anew(
      'id INTEGER PRIMARY KEY, name TEXT, n TEXT NOT NULL COLLATE NOCASE DEFAULT 2, UNIQUE (name))',
    ),
    ['column n of t: INT DEFAULT 1 → TEXT NOT NULL DEFAULT 2 COLLATE NOCASE', DEFINITION],
  ],
  [
    anew('id INTEGER PRIMARY KEY, name TEXT, n INT AS (1) STORED, UNIQUE (name))'),
    ['column n of t: INT DEFAULT 1 → INT GENERATED STORED', DEFINITION],
  ],
  [
    anew('name TEXT, id INTEGER PRIMARY KEY, n INT DEFAULT 1, UNIQUE (name))'),
    ['order of the columns of t: id, name, n → name, id, n', DEFINITION],
  ],
  [
    anew('id INTEGER, name TEXT, n INT DEFAULT 1, UNIQUE (name), PRIMARY KEY (name, id))'),
    ['primary key of t: (id) → (name, id)', DEFINITION],
  ],
  [
    anew('id INTEGER, name TEXT, n INT DEFAULT 1, UNIQUE (name))'),
    ['primary key of t removed: (id)', DEFINITION],
  ],
  [
    anew('id INTEGER PRIMARY KEY, name TEXT, n INT DEFAULT 1, UNIQUE (name, n))'),
    ['unique key (name) of t removed', 'unique key (name, n) of t added', DEFINITION],
  ],
  [
    anew(
      'id INTEGER PRIMARY KEY REFERENCES parents ON DELETE CASCADE, name TEXT, n INT DEFAULT 1, UNIQUE (name))',
    ),
    [
      'foreign key (id) → parents (id) of t added: ON DELETE CASCADE ON UPDATE NO ACTION',
      DEFINITION,
    ],
  ],
  [
    anew('id INTEGER PRIMARY KEY, name TEXT, n INT DEFAULT 1, UNIQUE (name)) STRICT'),
    ['option STRICT of t added', DEFINITION],
  ],
  [
    anew('id INTEGER PRIMARY KEY, name TEXT, n INT DEFAULT 1 CHECK (n > 0), UNIQUE (name))'),
    [DEFINITION],
  ],
  ['UPDATE sqlite_sequence SET seq = 7', ['AUTOINCREMENT mark of marked: 3 → 7']],
  ['DROP VIEW v; CREATE VIEW v AS SELECT 1', ['view v changed']],
  [
    'DROP INDEX by_n; CREATE INDEX by_name_and_n ON t (name, n)',
    ['index by_n removed', 'index by_name_and_n added'],
  ],
  ['DROP TRIGGER r', ['trigger r removed']],
  [
    'PRAGMA user_version = 4; PRAGMA application_id = 5',
    ['user_version: 0 → 4', 'application_id: 0 → 5'],
  ],
  ['CREATE VIRTUAL TABLE words USING fts5(word)', ['table words added']],
];

describe('a difference of the schema', () => {
  it.each(CHANGES.map(([sql, expected]) => [expected, sql] as const))(
    'is named: %j',
    async (expected, sql) => {
      expect(await differences(sql)).toEqual(expected);
    },
  );

  it('is one of encoding, and the rows are the same', async () => {
    const [first, second] = (['UTF-8', 'UTF-16le'] as const).map((encoding) =>
      sqliteFile(
        join(folder, `${encoding}.db`),
        `CREATE TABLE t (k TEXT PRIMARY KEY, v); INSERT INTO t VALUES ('Ā', 1), ('a', 2), ('b', 3), ('ÿ', 4), ('😀', 5)`,
        encoding,
      ),
    );
    const artifact = await exportArtifact(first ?? '', join(folder, 'encoding'));
    const { againstSource } = await verifyAgainst(artifact, { againstSource: second ?? '' });
    expect(againstSource?.schema.map(describeSchemaDifference)).toEqual([
      'encoding: UTF-8 → UTF-16le',
    ]);
    expect(againstSource && figuresOf(againstSource, 't')).toEqual([5, 0, 0, 0]);
  });
});

describe('rows are compared', () => {
  it('over the columns that both sides have', async () => {
    const { againstSource } = await see(
      `ALTER TABLE t ADD COLUMN age INT DEFAULT 3; UPDATE t SET n = 9 WHERE id = 2`,
    );
    expect(figuresOf(againstSource, 't')).toEqual([1, 0, 0, 1]);
    expect(tableIn(againstSource, 't').columns).toEqual([{ name: 'n', rowsChanged: 1 }]);
  });

  it('as wholes where the primary key is another one', async () => {
    const { againstSource } = await see(
      `ALTER TABLE t RENAME COLUMN id TO number; UPDATE t SET n = 9 WHERE number = 2`,
    );
    expect(tableIn(againstSource, 't')).toMatchObject({
      comparedBy: 'whole-rows',
      rowsEqual: 1,
      rowsAdded: 1,
      rowsRemoved: 1,
    });
  });

  it('not at all where no column is common, which is said', async () => {
    const { againstSource } = await see('DROP TABLE parents; CREATE TABLE parents (number)');
    expect(tableIn(againstSource, 'parents')).toMatchObject({ state: 'not-compared' });
    expect(againstSource.isEqual).toBe(false);
  });

  it('of a table that came or went as added or removed, all of them', async () => {
    const { againstSource, againstBaseline } = await see(
      `CREATE TABLE more (a); INSERT INTO more VALUES (1), (2); DROP TABLE marked`,
    );
    for (const comparison of [againstSource, againstBaseline]) {
      expect(tableIn(comparison, 'more')).toMatchObject({ state: 'added', rowsAdded: 2 });
      expect(tableIn(comparison, 'marked')).toMatchObject({ state: 'removed', rowsRemoved: 1 });
    }
    const [fromSource, fromArtifact] = [againstSource, againstBaseline].map(
      (comparison) => tableIn(comparison, 'more').after,
    );
    expect(fromSource).toEqual(fromArtifact);
  });

  it('of the migration history as of any table', async () => {
    const history = `CREATE TABLE _prisma_migrations (id TEXT PRIMARY KEY, name TEXT);
      INSERT INTO _prisma_migrations VALUES ('1', 'init');`;
    const { againstSource } = await see(
      `INSERT INTO _prisma_migrations VALUES ('2', 'more')`,
      SQL + history,
    );
    expect(figuresOf(againstSource, '_prisma_migrations')).toEqual([1, 1, 0, 0]);
  });
});

it('a table that the export left out is not compared, and said to be so', async () => {
  const file = sqliteFile(join(folder, 'left-out.db'), SQL);
  const whole = await exportArtifact(file, join(folder, 'whole'));
  const part = await exportArtifact(file, join(folder, 'part'), { exclude: ['marked'] });
  for (const others of [{ againstSource: file }, { baseline: whole }]) {
    const { findings, againstSource, baseline } = await verifyAgainst(part, others);
    const comparison = againstSource ?? baseline;
    expect(comparison).toMatchObject({ isEqual: true });
    expect(comparison && tableIn(comparison, 'marked').state).toBe('not-compared');
    expect(findings).toMatchObject([
      { code: 'table-not-compared', severity: 'warning', where: { table: 'marked' } },
    ]);
  }
});

it('an artifact that does not say where its statements stand is compared all the same', async () => {
  const file = sqliteFile(join(folder, 'old.db'), SQL);
  const old = await exportArtifact(file, join(folder, 'old'));
  editManifest(old, (manifest) => delete manifest.schema.statements);
  changeFile(file, 'DROP VIEW v');
  const { againstSource } = await verifyAgainst(old, { againstSource: file });
  expect(againstSource?.schema.map(describeSchemaDifference)).toEqual(['view v removed']);
});

it('rows that another writer wrote with other digits and escapes are the same rows', async () => {
  const start = `CREATE TABLE t (id INTEGER PRIMARY KEY, v, w); INSERT INTO t VALUES (1, 1.5, 'é'), (2, 100.0, 'a');
    CREATE TABLE n (v); INSERT INTO n VALUES (1.5), (0.25)`;
  const file = sqliteFile(join(folder, 'foreign.db'), start);
  const artifact = await exportArtifact(file, join(folder, 'foreign'));
  const foreign = join(folder, 'foreign-b');
  await exportArtifact(file, foreign);
  writeFileSync(
    join(foreign, 'data/002-t.ndjson'),
    '{"id":1,"v":1.50,"w":"\\u00e9"}\n{"id":2,"v":1e2,"w":"a"}\n',
  );
  writeFileSync(join(foreign, 'data/001-n.ndjson'), '{"v":15e-1}\n{"v":0.250}\n');
  reseal(foreign);
  const { baseline } = await verifyAgainst(foreign, { baseline: artifact });
  expect(baseline).toMatchObject({ isEqual: true, rowsEqual: 4 });
  const { againstSource } = await verifyAgainst(foreign, { againstSource: file });
  expect(againstSource).toMatchObject({ isEqual: true, rowsEqual: 4 });
});
