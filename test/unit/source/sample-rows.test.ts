import { expect, it } from 'vitest';
import { sampleRows } from '../../../scripts/lib/source/sample-rows.ts';
import { memoryDatabase, tableOf } from '../../support/sqlite.ts';
import { exactRow, exactly } from '../../support/values.ts';

it('takes sample rows exactly, text that is no text included', () => {
  const db = memoryDatabase(`CREATE TABLE t (id INTEGER PRIMARY KEY, x);
    INSERT INTO t VALUES (1, 'a'), (2, CAST(x'ff' AS TEXT)), (3, 'c')`);
  expect(sampleRows(db, tableOf(db, 't'), 'UTF-8', 2).map(exactRow)).toEqual([
    ['integer 1', exactly('a')],
    ['integer 2', 'malformed ff'],
  ]);
});
