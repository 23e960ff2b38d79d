import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { exportedArtifact } from '../../support/artifact.ts';
import { detailsOf, restoreInProcess } from '../../support/restore.ts';
import { querySource } from '../../support/source-file.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();
const NOTES = `CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT);
  INSERT INTO notes VALUES (3, 'milk and honey'), (7, 'bread and butter');`;
let count = 0;
let name: string;
let target: string;
beforeEach(() => {
  name = `case-${++count}`;
  target = join(folder, `${name}-restored.db`);
});

async function restore(sql: string): Promise<string[]> {
  const artifact = await exportedArtifact(folder, name, sql);
  const { exitCode, findings } = await restoreInProcess(artifact, target);
  expect(exitCode).toBe(0);
  return detailsOf(findings);
}

it.each([
  ['fts5 over a table', `USING fts5 (body, content='notes', content_rowid='id')`],
  ['fts5 over a view', `USING "fts5" (body, content=all_notes, content_rowid=id)`],
  ['fts4 over a table', `USING fts4 (body, content="notes")`],
])('a full-text index finds the rows that stand in a table of their own: %s', async (_, using) => {
  const found = await restore(
    `${NOTES} CREATE VIEW all_notes AS SELECT id, body FROM notes;
     CREATE VIRTUAL TABLE search ${using};
     CREATE TRIGGER after_insert AFTER INSERT ON notes BEGIN
       INSERT INTO search (rowid, body) VALUES (new.id, new.body); END;`,
  );
  expect(found).toEqual([]);
  expect(querySource(target, `SELECT rowid FROM search WHERE search MATCH 'honey'`)).toEqual([
    { rowid: 3n },
  ]);
});

it.each([
  ['fts5 with text of its own', 'USING fts5 (body)'],
  ['fts5 that keeps no text', `USING fts5 (body, content='')`],
  ['fts5 over a table that is not there', `USING fts5 (body, content='nowhere')`],
  ['fts3', 'USING fts3 (body)'],
  ['rtree', 'USING rtree (id, x0, x1)'],
])('a virtual table whose rows the artifact does not have is made empty: %s', async (_, using) => {
  const found = await restore(`${NOTES} CREATE VIRTUAL TABLE "the table" ${using};`);
  expect(found).toEqual(['virtual-table-empty: the table']);
  expect(querySource(target, `SELECT sql FROM sqlite_schema WHERE name = 'the table'`)).toEqual([
    { sql: `CREATE VIRTUAL TABLE "the table" ${using}` },
  ]);
});
