import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openArtifact, type Artifact } from '../../../scripts/lib/artifact/reader.ts';
import { FindingCollector } from '../../../scripts/lib/model/findings.ts';
import {
  findDifferingTables,
  findOtherDifference,
  firstDifferingLine,
  type Proof,
} from '../../../scripts/lib/restore/proof.ts';
import { findDamage } from '../../../scripts/lib/restore/soundness.ts';
import { readStatements } from '../../../scripts/lib/restore/statements.ts';
import { openSource } from '../../../scripts/lib/source/open.ts';
import { exportedArtifact, quietContext } from '../../support/artifact.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();
const SQL = `PRAGMA user_version = 3;
  CREATE TABLE plain (v, w TEXT); INSERT INTO plain VALUES (1, 'a'), (2.0, 'b'), (x'33', 'c');
  CREATE TABLE counted (id INTEGER PRIMARY KEY AUTOINCREMENT, v UNIQUE); INSERT INTO counted VALUES (5, 'x');
  CREATE TABLE other (v); INSERT INTO other VALUES (char(65533)), ('a');
  CREATE INDEX by_w ON plain (w); CREATE VIEW v AS SELECT 1;`;

let count = 0;
let artifact: Artifact;
let file: string;
let proof: Proof | undefined;
beforeEach(async () => {
  const name = `case-${++count}`;
  // The source itself is the restored database here, so that each test changes one thing in it.
  artifact = await openArtifact(await exportedArtifact(folder, name, SQL));
  file = join(folder, `${name}.db`);
});
afterEach(() => proof?.restored.close());

function change(sql: string): Proof {
  const db = new Database(file);
  db.unsafeMode(true);
  db.exec(sql);
  db.close();
  proof = { restored: openSource(file), artifact, context: quietContext };
  return proof;
}

async function otherDifference(sql: string): Promise<string | undefined> {
  return findOtherDifference(change(sql), await readStatements(artifact));
}

describe('the rows of a restored database', () => {
  it('are those of the artifact when nothing was changed', async () => {
    expect(await findDifferingTables(change(''))).toEqual([]);
    expect(await otherDifference('')).toBeUndefined();
  });

  it.each([
    ['a value', 'UPDATE plain SET v = 3 WHERE v = 2', 2],
    ['a storage class', 'UPDATE plain SET v = 2 WHERE v = 2', 2],
    ['a row less', `DELETE FROM plain WHERE w = 'c'`, 3],
    ['the order of two rows', 'UPDATE plain SET rowid = 9 WHERE rowid = 1', 1],
    ['a row more', `INSERT INTO plain VALUES (1, 'a')`, undefined],
  ])('differ by %s', async (_, sql, line) => {
    const changed = change(sql);
    expect(await findDifferingTables(changed)).toEqual(['plain']);
    const table = artifact.manifest.tables.find(({ name }) => name === 'plain');
    expect(table === undefined ? null : await firstDifferingLine(changed, table)).toBe(line);
  });
});

describe('everything else of a restored database', () => {
  it.each([
    ['PRAGMA user_version = 4', 'userVersion is 4 and should be 3'],
    ['UPDATE sqlite_sequence SET seq = 4', 'the AUTOINCREMENT mark of counted is another one'],
    ['DROP VIEW v', 'the definition of view v is another one'],
    [
      'DROP INDEX by_w; CREATE INDEX by_w ON plain (w DESC)',
      'the definition of index by_w is another one',
    ],
    ['CREATE TABLE extra (v)', 'table extra is more than schema.sql has'],
  ])('differs after %s', async (sql, difference) => {
    expect(await otherDifference(sql)).toBe(difference);
  });
});

describe('the soundness of a restored database', () => {
  it('is told apart from rules that rows break', async () => {
    change(`PRAGMA writable_schema = ON;
      UPDATE sqlite_schema SET sql = 'CREATE TABLE plain (v CHECK (v < 3), w TEXT)' WHERE name = 'plain';`);
    expect(await damage()).toEqual([undefined, [{ detail: 'CHECK constraint failed in plain' }]]);
  });

  it('is not given when an index lacks a row', async () => {
    change(`PRAGMA writable_schema = ON;
      UPDATE sqlite_schema SET sql = 'CREATE INDEX by_w ON plain (w) WHERE v = 1' WHERE name = 'by_w';
      PRAGMA writable_schema = RESET; REINDEX by_w; PRAGMA writable_schema = ON;
      UPDATE sqlite_schema SET sql = 'CREATE INDEX by_w ON plain (w)' WHERE name = 'by_w';`);
    const [found] = await damage();
    expect(found).toContain('by_w');
  });
});

async function damage(): Promise<[string | undefined, unknown[]]> {
  const db = new Database(file);
  const findings = new FindingCollector();
  const found = await findDamage(db, artifact.manifest, findings, quietContext);
  db.close();
  return [found, findings.list().flatMap(({ examples }) => examples)];
}
