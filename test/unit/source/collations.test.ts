import { expect, it } from 'vitest';
import { readCollations } from '../../../scripts/lib/source/collations.ts';
import { memoryDatabase, tableOf } from '../../support/sqlite.ts';

it('reads the collation that each column declares, whatever its indexes have', () => {
  const db = memoryDatabase(`CREATE TABLE "my t" (
    plain TEXT, "no case" TEXT COLLATE NOCASE, trimmed TEXT COLLATE RTRIM, n INTEGER COLLATE nocase);
    CREATE UNIQUE INDEX other ON "my t" (plain COLLATE NOCASE);
    INSERT INTO "my t" VALUES ('a', 'a', 'a', 1);`);
  const columns = ['plain', 'no case', 'trimmed', 'n'];
  expect(readCollations(db, 'my t', columns)).toEqual(['BINARY', 'NOCASE', 'RTRIM', 'NOCASE']);
});

it('takes no index for a parent key that compares otherwise than its column', () => {
  const db = memoryDatabase(`CREATE TABLE p (k TEXT); CREATE UNIQUE INDEX i ON p (k COLLATE NOCASE);
    CREATE TABLE c (r TEXT REFERENCES p (k));`);
  expect(tableOf(db, 'c').foreignKeys).toMatchObject([{ parent: 'no-such-key' }]);
  db.exec('CREATE UNIQUE INDEX own ON p (k)');
  expect(tableOf(db, 'c').foreignKeys).toMatchObject([{ parent: 'exists' }]);
});

it('tells a parent that has no place in the artifact from one that there is not', () => {
  const db =
    memoryDatabase(`CREATE VIEW v AS SELECT 1 AS id; CREATE TABLE _prisma_migrations (id TEXT PRIMARY KEY);
    CREATE TABLE c (a REFERENCES v (id), b REFERENCES _prisma_migrations, d REFERENCES nowhere (id));`);
  const parents = tableOf(db, 'c').foreignKeys.map(({ parentTable, parent }) => [
    parentTable,
    parent,
  ]);
  expect(Object.fromEntries(parents)).toEqual({
    v: 'no-such-key',
    _prisma_migrations: 'no-such-key',
    nowhere: 'no-such-table',
  });
});
