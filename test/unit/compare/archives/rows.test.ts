import { describe, expect, it } from 'vitest';
import type { Comparison } from '../../../../scripts/lib/model/archive-comparison.ts';
import {
  changeFile,
  describeChanged,
  figuresOf,
  seeChange,
  tableIn,
} from '../../../support/archive-comparison.ts';
import { temporaryFolder } from '../../../support/temp.ts';

const folder = temporaryFolder();

const SQL = `
  CREATE TABLE t (id INTEGER PRIMARY KEY, v, w TEXT);
  INSERT INTO t VALUES (-5, 1, 'a'), (1, '', 'b'), (2, x'00ff', 'c'), (9007199254740993, 0.0, NULL),
    (9223372036854775807, char(65533), 'e');
  CREATE TABLE words (word TEXT COLLATE NOCASE PRIMARY KEY, n) WITHOUT ROWID;
  INSERT INTO words VALUES ('apple', 1), ('Banana', 2), ('cherry', 3);
  CREATE TABLE pairs (a, b, v, PRIMARY KEY (b, a));
  INSERT INTO pairs VALUES (1, 'x', 'p'), (1.5, 'x', 'q'), ('1', 'y', 'r'), (NULL, 'x', 's'), (NULL, 'x', 's'),
    (NULL, 'x', 't');
  CREATE TABLE notes (text); INSERT INTO notes VALUES ('a'), ('b'), ('b'), ('b'), ('c');`;

/** The comparison of a change, the same seen from the database and from another artifact. */
async function compare(sql: string, start = SQL): Promise<Comparison> {
  const seen = await seeChange(folder, start, (file) => changeFile(file, sql), true);
  expect(comparable(seen.againstBaseline)).toEqual(comparable(seen.againstSource));
  return seen.againstSource;
}

/** Where one artifact is compared with another, equal files are not read. */
function comparable({ isEqual, schema, tables }: Comparison): unknown {
  return {
    isEqual,
    schema,
    tables: tables.map((table) => ({
      ...table,
      elapsedMs: null,
      comparedBy: table.state === 'equal' ? null : table.comparedBy,
    })),
  };
}

describe('a changed value is found and named', () => {
  it.each([
    [
      'NULL becomes an empty text',
      `UPDATE t SET w = '' WHERE id = 9007199254740993`,
      'id=9007199254740993: w: null → ""',
    ],
    ['an empty text becomes NULL', 'UPDATE t SET v = NULL WHERE id = 1', 'id=1: v: "" → null'],
    ['an INTEGER becomes a REAL', 'UPDATE t SET v = 1.0 WHERE id = -5', 'id=-5: v: 1 → 1.0'],
    ['an INTEGER becomes a text', `UPDATE t SET v = '1' WHERE id = -5`, 'id=-5: v: 1 → "1"'],
    ['a text becomes a BLOB', `UPDATE t SET v = x'' WHERE id = 1`, 'id=1: v: "" → {"$blob":""}'],
    ['a letter changes its case', `UPDATE t SET w = 'A' WHERE id = -5`, 'id=-5: w: "a" → "A"'],
    ['a blank is added', `UPDATE t SET w = 'a ' WHERE id = -5`, 'id=-5: w: "a" → "a "'],
    [
      'a byte of a BLOB',
      `UPDATE t SET v = x'00fe' WHERE id = 2`,
      'id=2: v: {"$blob":"AP8="} → {"$blob":"AP4="}',
    ],
    [
      'a zero becomes negative',
      'UPDATE t SET v = -0.0 WHERE v = 0.0',
      'id=9007199254740993: v: 0.0 → -0.0',
    ],
    [
      'a text becomes malformed',
      `UPDATE t SET v = CAST(x'ff' AS TEXT) WHERE id = 1`,
      'id=1: v: "" → {"$text":"/w=="}',
    ],
    [
      'U+FFFD becomes what it stands for',
      `UPDATE t SET v = CAST(x'ff' AS TEXT) WHERE v = char(65533)`,
      'id=9223372036854775807: v: "�" → {"$text":"/w=="}',
    ],
  ])('%s', async (_, sql, expected) => {
    const comparison = await compare(sql);
    expect(describeChanged(tableIn(comparison, 't').changed)).toEqual([expected]);
    expect(figuresOf(comparison, 't')).toEqual([4, 0, 0, 1]);
    expect(comparison.tables.filter(({ state }) => state !== 'equal')).toHaveLength(1);
  });

  it('in each of its columns, with how many rows changed in which', async () => {
    const { changed, columns } = tableIn(
      await compare(
        `UPDATE t SET v = 'new', w = 'new' WHERE id < 0; UPDATE t SET w = 'z' WHERE id = 2`,
      ),
      't',
    );
    expect(describeChanged(changed)).toEqual([
      'id=-5: v: 1 → "new"; w: "a" → "new"',
      'id=2: w: "c" → "z"',
    ]);
    expect(columns).toEqual([
      { name: 'v', rowsChanged: 1 },
      { name: 'w', rowsChanged: 2 },
    ]);
  });

  it('without the values unless they are asked for', async () => {
    const seen = await seeChange(folder, SQL, (file) =>
      changeFile(
        file,
        `UPDATE t SET w = 'secret' WHERE id = 1; INSERT INTO notes VALUES ('secret')`,
      ),
    );
    expect(JSON.stringify(seen)).not.toContain('secret');
    const [row] = tableIn(seen.againstSource, 't').changed;
    expect(row?.columns[0]).toMatchObject({
      before: { storageClass: 'text', length: 1 },
      after: { storageClass: 'text', length: 6, sha256: expect.stringMatching(/^[0-9a-f]{12}$/) },
    });
  });
});

describe('rows with a primary key', () => {
  it('are found where they were added and removed, with their keys', async () => {
    const comparison = await compare(
      `DELETE FROM t WHERE id IN (-5, 9223372036854775807); INSERT INTO t VALUES (-6, 0, ''), (9007199254740992, 0, '')`,
    );
    expect(figuresOf(comparison, 't')).toEqual([3, 2, 2, 0]);
    const { added, removed } = tableIn(comparison, 't');
    expect(added.map(({ rowKey }) => rowKey)).toEqual(['id=-6', 'id=9007199254740992']);
    expect(removed.map(({ rowKey }) => rowKey)).toEqual(['id=-5', 'id=9223372036854775807']);
  });

  it('are others when the key changes its case, whatever its collation', async () => {
    const comparison = await compare(`UPDATE words SET word = 'APPLE' WHERE n = 1`);
    expect(figuresOf(comparison, 'words')).toEqual([2, 1, 1, 0]);
  });

  it('are the same when the key changes its storage class alone, and changed', async () => {
    const comparison = await compare(`UPDATE pairs SET a = 1.0 WHERE v = 'p'`);
    expect(figuresOf(comparison, 'pairs')).toEqual([5, 0, 0, 1]);
    const { changed } = tableIn(comparison, 'pairs');
    expect(describeChanged(changed)).toEqual(['b="x", a=1: a: 1 → 1.0']);
  });

  it('are counted by all their values where the key holds a NULL', async () => {
    const comparison = await compare(
      `DELETE FROM pairs WHERE rowid = 4; INSERT INTO pairs VALUES (NULL, 'x', 't'), (NULL, 'a', 'u')`,
    );
    expect(figuresOf(comparison, 'pairs')).toEqual([5, 2, 1, 0]);
    expect(
      tableIn(comparison, 'pairs')
        .added.map(({ rowKey = '' }) => rowKey)
        .toSorted((a, b) => (a < b ? -1 : 1)),
    ).toEqual(['b="a", a=NULL', 'b="x", a=NULL']);
  });
});

/** SQL that fills notes with long rows, by numbers. */
const many = (from: number, to: number): string =>
  `WITH RECURSIVE n (i) AS (SELECT ${from} UNION ALL SELECT i + 1 FROM n WHERE i < ${to})
   INSERT INTO notes SELECT printf('%d %.*c', i, 3000, 'x') FROM n;`;

describe('rows without a key', () => {
  it('are compared as often as they are there', async () => {
    const comparison = await compare(
      `DELETE FROM notes WHERE rowid = 2; INSERT INTO notes VALUES ('c'), ('c'), ('d')`,
    );
    expect(figuresOf(comparison, 'notes')).toEqual([4, 3, 1, 0]);
    expect(tableIn(comparison, 'notes')).toMatchObject({
      comparedBy: 'whole-rows',
      added: [
        { line: 4, times: 2, row: '{"text":"c"}' },
        { line: 7, times: 1, row: '{"text":"d"}' },
      ],
      removed: [{ times: 1, row: '{"text":"b"}' }],
    });
  });

  it('are the same in another order', async () => {
    const comparison = await compare('UPDATE notes SET rowid = 9 WHERE rowid = 1');
    expect(figuresOf(comparison, 'notes')).toEqual([5, 0, 0, 0]);
    expect(comparison.isEqual).toBe(true);
  });

  it('are counted exactly, and no more than 20 are shown', async () => {
    // More than is kept in memory waits on both sides.
    const comparison = await compare(`DELETE FROM notes; ${many(1001, 3500)}`, SQL + many(1, 2500));
    expect(figuresOf(comparison, 'notes')).toEqual([1500, 1000, 1005, 0]);
    expect(tableIn(comparison, 'notes').added).toHaveLength(20);
    expect(tableIn(comparison, 'notes').removed).toHaveLength(20);
  });
});

describe('nothing is a difference of', () => {
  it.each([
    ['an unchanged database', ''],
    ['VACUUM', 'VACUUM'],
    ['another page size', 'PRAGMA page_size = 8192; VACUUM'],
    ['the write-ahead log', 'PRAGMA journal_mode = WAL'],
    [
      'a row that went and came back',
      `DELETE FROM t WHERE id = 1; INSERT INTO t VALUES (1, '', 'b')`,
    ],
    ['statistics', 'ANALYZE'],
  ])('%s', async (_, sql) => {
    const comparison = await compare(sql);
    expect(comparison).toMatchObject({ isEqual: true, schema: [], rowsEqual: 19 });
  });
});
