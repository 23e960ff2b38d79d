import { renameSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import { openSource, type Source } from '../../../scripts/lib/source/open.ts';
import { startReaderThread } from '../../../scripts/lib/source/reader-thread.ts';
import {
  openSnapshotReaders,
  type SnapshotReaders,
} from '../../../scripts/lib/source/snapshot-readers.ts';
import { errorOf } from '../../support/error-of.ts';
import {
  AMOUNT_TOGETHER,
  databaseOfTwoAmounts,
  startRestlessWriter,
} from '../../support/restless-writer.ts';
import { sqliteFile } from '../../support/sqlite.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();
const ROUNDS = Number(process.env['SNAPSHOT_ROUNDS'] ?? 3);
const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function open(path: string, count: number): Promise<[Source, SnapshotReaders | undefined]> {
  const source = openSource(path);
  closing.push(() => source.close());
  const readers = await openSnapshotReaders(source, count);
  if (readers !== undefined) closing.push(async () => readers.close());
  return [source, readers];
}

function writerOf(path: string): Database.Database {
  const writer = new Database(path, { timeout: 0 });
  closing.push(() => writer.close());
  return writer;
}

/** What each of them reads, the source first. */
async function readByAll(
  [source, readers]: [Source, SnapshotReaders | undefined],
  sql: string,
): Promise<unknown[]> {
  const asked = Array.from({ length: readers?.count ?? 0 }, async () => readers?.read(sql, []));
  const answers = await Promise.all(asked);
  return [source.db.prepare(sql).raw(true).all(), ...answers];
}

describe('readers on threads', () => {
  it('see the moment of the source, whatever is committed after it', async () => {
    const path = databaseOfTwoAmounts(join(folder, 'later.db'), 'wal');
    const opened = await open(path, 3);
    writerOf(path).exec('UPDATE a SET amount = 7');
    const amounts = await readByAll(opened, 'SELECT amount FROM a');
    expect(amounts).toEqual(Array.from({ length: 4 }, () => [[AMOUNT_TOGETHER]]));
  });

  it('see what was committed while the source was open before them, as it does itself', async () => {
    const path = databaseOfTwoAmounts(join(folder, 'earlier.db'), 'wal');
    const source = openSource(path);
    closing.push(() => source.close());
    writerOf(path).exec('UPDATE a SET amount = 7');
    const readers = await openSnapshotReaders(source, 2);
    closing.push(async () => readers?.close());
    const amounts = await readByAll([source, readers], 'SELECT amount FROM a');
    expect(amounts).toEqual([[[7n]], [[7n]], [[7n]]]);
  });

  it('take every storage class, and give it back', async () => {
    const path = sqliteFile(join(folder, 'classes.db'), 'CREATE TABLE t (x)');
    const [, readers] = await open(path, 1);
    const values = [
      null,
      -9223372036854775808n,
      0.1,
      'ä\u0000',
      Buffer.from('\u0001'),
      Buffer.alloc(0),
    ];
    const [row] = (await readers?.read('SELECT ?, ?, ?, ?, ?, ?', values)) ?? [];
    expect(row?.map((value) => (value instanceof Uint8Array ? Buffer.from(value) : value))).toEqual(
      values,
    );
  });

  it('tell a fault as SQLite tells it, and go on', async () => {
    const [, readers] = await open(sqliteFile(join(folder, 'faults.db'), 'CREATE TABLE t (x)'), 1);
    await expect(readers?.read('SELECT * FROM nowhere', [])).rejects.toMatchObject({
      name: 'SqliteError',
      code: 'SQLITE_ERROR',
      message: 'no such table: nowhere',
    });
    await expect(readers?.read('INSERT INTO t VALUES (1)', [])).rejects.toThrow('return data');
    expect(await readers?.read('SELECT 1', [])).toEqual([[1n]]);
  });

  it('that are lost end what waits for them, and what comes later, with what to do next', async () => {
    const thread = startReaderThread(join(folder, 'missing', 'app.db'));
    const lost = {
      kind: 'source',
      code: 'source-reader-lost',
      message: expect.stringContaining('Cannot open database'),
      hint: expect.stringContaining('--jobs 1'),
    };
    for (let time = 0; time < 2; time++) {
      expect(await errorOf(async () => thread.ask({ action: 'mark' }))).toMatchObject(lost);
    }
    await thread.close();
  });
});

describe('there are none', () => {
  it('where another file has taken the place of the source', async () => {
    const path = sqliteFile(join(folder, 'replaced.db'), 'CREATE TABLE t (x)');
    const source = openSource(path);
    closing.push(() => source.close());
    renameSync(sqliteFile(join(folder, 'new.db'), 'CREATE TABLE t (x)'), path);
    expect(await openSnapshotReaders(source, 2)).toBeUndefined();
  });

  it('where a writer waits for the readers to end, and the source is still read', async () => {
    const path = databaseOfTwoAmounts(join(folder, 'waiting.db'), 'delete');
    const source = openSource(path);
    closing.push(() => source.close());
    const writer = writerOf(path);
    writer.exec('BEGIN IMMEDIATE; UPDATE a SET amount = 7');
    expect(() => writer.exec('COMMIT')).toThrow('locked');
    expect(await openSnapshotReaders(source, 2)).toBeUndefined();
    expect(source.db.prepare('SELECT amount FROM a').pluck().get()).toBe(AMOUNT_TOGETHER);
  });
});

describe.each(['wal', 'delete'] as const)('beside a writer in %s mode', (journalMode) => {
  it.each([0, 3])(
    'that rests %i ms, all see one moment or there are none',
    async (pauseMs) => {
      const path = join(folder, `${journalMode}-${pauseMs}.db`);
      const writer = await startRestlessWriter(databaseOfTwoAmounts(path, journalMode), pauseMs);
      try {
        for (let round = 0; round < ROUNDS; round++) {
          const opened = await open(path, 4);
          const sql =
            'SELECT a.amount, b.amount, b.moves, a.amount + b.amount FROM a, b WHERE a.id = b.id';
          const [first, ...others] = await readByAll(opened, sql);
          expect(first).toEqual([
            [expect.anything(), expect.anything(), expect.anything(), AMOUNT_TOGETHER],
          ]);
          for (const other of others) expect(other).toEqual(first);
          for (const close of closing.splice(0).toReversed()) await close();
        }
      } finally {
        await writer.stop();
      }
    },
    30_000 + ROUNDS * 5000,
  );
});
