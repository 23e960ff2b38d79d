import { join } from 'node:path';
import { expect, it } from 'vitest';
import { introspectSource } from '../../../scripts/lib/source/introspect.ts';
import { openSource } from '../../../scripts/lib/source/open.ts';
import { openSnapshotReaders } from '../../../scripts/lib/source/snapshot-readers.ts';
import {
  rowsAtATime,
  tableSize,
  tableSizeByReaders,
} from '../../../scripts/lib/source/table-size.ts';
import { sqliteFile } from '../../support/sqlite.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();

it('readers find tables as large as one connection does', async () => {
  const path = sqliteFile(
    join(folder, 'sizes.db'),
    `CREATE TABLE small (x); WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9000)
       INSERT INTO small SELECT i FROM n;
     CREATE TABLE "it's wide" (id INTEGER PRIMARY KEY, x);
     INSERT INTO "it's wide" (x) VALUES (zeroblob(3000000)), (zeroblob(10)), ('');
     CREATE TABLE keyed (k TEXT PRIMARY KEY) WITHOUT ROWID; INSERT INTO keyed VALUES ('a'), ('b');
     CREATE TABLE empty (x);`,
  );
  const source = openSource(path);
  const readers = await openSnapshotReaders(source, 2);
  try {
    if (readers === undefined) throw new Error('there are no readers');
    const found = new Map<string, readonly unknown[]>();
    for (const table of introspectSource(source.db).tables) {
      const size = await tableSizeByReaders(readers, table);
      found.set(table.name, [size.rowCount, size.rowsAtATime]);
      const alone = { ...tableSize(source.db, table), rowsAtATime: rowsAtATime(source.db, table) };
      expect(size).toEqual(alone);
    }
    expect(Object.fromEntries(found)).toEqual({
      small: [9000, 4096],
      "it's wide": [3, expect.toSatisfy((rows: number) => rows < 4)],
      keyed: [2, 4096],
      empty: [0, 4096],
    });
  } finally {
    await readers?.close();
    source.close();
  }
});
