import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkIntegrity } from '../../../scripts/lib/source/integrity.ts';
import { sqliteFile } from '../../support/sqlite.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();
const never = new AbortController().signal;

// Each check starts a process of its own.
describe('SQLite own checks', { timeout: 30_000 }, () => {
  it('count the orphans of every foreign key and say where SQLite cannot tell', async () => {
    const path = sqliteFile(
      join(folder, 'orphans.db'),
      `CREATE TABLE parent (id INTEGER PRIMARY KEY, note);
       INSERT INTO parent VALUES (1, 'x');
       CREATE TABLE child (id TEXT PRIMARY KEY, a REFERENCES parent, b REFERENCES gone (x));
       INSERT INTO child VALUES ('k1', 1, NULL), ('k2', 2, NULL), ('k3', NULL, 'y');
       CREATE TABLE many (a REFERENCES parent);
       INSERT INTO many WITH RECURSIVE n (x) AS (SELECT 100 UNION ALL SELECT x + 1 FROM n WHERE x < 150) SELECT x FROM n;
       CREATE TABLE vague (a REFERENCES parent (note));
       INSERT INTO vague VALUES ('x')`,
    );
    const { messages, orphans, unresolvable } = await checkIntegrity(path, never);
    expect(messages).toEqual([]);
    expect(
      orphans.slice(0, 2).toSorted((a, b) => (a.parentTable < b.parentTable ? -1 : 1)),
    ).toEqual([
      {
        table: 'child',
        parentTable: 'gone',
        columns: ['b'],
        total: 1,
        examples: [{ rowKey: 'id="k3"', detail: 'b="y" has no parent' }],
      },
      {
        table: 'child',
        parentTable: 'parent',
        columns: ['a'],
        total: 1,
        examples: [{ rowKey: 'id="k2"', detail: 'a=2 has no parent' }],
      },
    ]);
    expect(orphans[2]).toMatchObject({ table: 'many', total: 51 });
    expect(orphans[2]?.examples).toHaveLength(20);
    expect(orphans[2]?.examples[0]).toEqual({ rowKey: 'rowid=1', detail: 'a=100 has no parent' });
    expect(unresolvable).toEqual([
      { table: 'vague', message: expect.stringContaining('foreign key mismatch') },
    ]);
  });

  it('tell what integrity_check finds', async () => {
    const path = sqliteFile(
      join(folder, 'damaged.db'),
      'CREATE TABLE t (x); CREATE INDEX i ON t (x); INSERT INTO t VALUES (1), (2)',
    );
    // The index is the third page: its count of cells stands in bytes 3 and 4 of the page.
    const bytes = readFileSync(path);
    bytes.writeUInt16BE(1, 2 * 4096 + 3);
    writeFileSync(path, bytes);
    const { messages } = await checkIntegrity(path, never);
    expect(messages.join('\n')).toContain('missing from index i');
  });

  it('fail with the reason when the file cannot be read at all', async () => {
    const path = join(folder, 'no.db');
    writeFileSync(path, 'no database'.repeat(100));
    await expect(checkIntegrity(path, never)).rejects.toMatchObject({
      kind: 'source',
      code: 'source-check-failed',
      message: expect.stringContaining('not a database'),
      where: { file: path },
    });
  });

  it('end when they are told to', async () => {
    const path = sqliteFile(join(folder, 'stopped.db'), 'CREATE TABLE t (x)');
    const controller = new AbortController();
    const checking = checkIntegrity(path, controller.signal);
    controller.abort(new Error('stopped'));
    await expect(checking).rejects.toThrow('stopped');
  });
});
