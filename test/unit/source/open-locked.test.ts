import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { openSource } from '../../../scripts/lib/source/open.ts';
import { sqliteFile } from '../../support/sqlite.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();

// openSource waits 10 s for the lock, which is why this stands in a file of its own.
it('says what to do when another connection keeps the file locked', { timeout: 30_000 }, () => {
  const path = sqliteFile(join(folder, 'locked.db'), 'CREATE TABLE t (x)');
  const writer = new Database(path);
  writer.exec('BEGIN EXCLUSIVE');
  expect(() => openSource(path)).toThrow(
    expect.objectContaining({
      kind: 'source',
      code: 'source-locked',
      where: { file: path },
      hint: expect.stringContaining('exclusive lock'),
    }),
  );
  writer.exec('ROLLBACK');
  openSource(path).close();
  writer.close();
});
