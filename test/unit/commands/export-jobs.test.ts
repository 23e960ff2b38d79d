import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import Database from 'better-sqlite3';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Manifest } from '../../../scripts/lib/artifact/manifest.ts';
import { exportSource } from '../../../scripts/lib/commands/export.ts';
import type { CommandContext } from '../../../scripts/lib/model/progress.ts';
import { hasWalContent } from '../../../scripts/lib/source/open.ts';
import { quietContext } from '../../support/artifact.ts';
import { errorOf } from '../../support/error-of.ts';
import {
  AMOUNT_TOGETHER,
  databaseOfTwoAmounts,
  startRestlessWriter,
} from '../../support/restless-writer.ts';
import { sqliteFile } from '../../support/sqlite.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();
const ROUNDS = Number(process.env['SNAPSHOT_ROUNDS'] ?? 2);
const JOBS = [1, 2, 4];
const PAGE_BYTES = 4096;

afterEach(() => {
  vi.useRealTimers();
});

const numbers = (rows: number): string =>
  `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows})`;

/** Tables that are read in every way there is. */
const TABLES = `
  CREATE TABLE orders (id INTEGER PRIMARY KEY, total REAL, at TEXT);
  ${numbers(20_000)} INSERT INTO orders SELECT i * 3 - 20000, i / 7.0, 'ä' || i FROM n;
  CREATE TABLE lines (order_id INT NOT NULL REFERENCES orders (id), n INT NOT NULL, x, PRIMARY KEY (order_id, n));
  ${numbers(20_000)} INSERT INTO lines SELECT (i / 4 + 1) * 3 - 20000, i % 4, i FROM n;
  CREATE TABLE names (name TEXT NOT NULL COLLATE NOCASE PRIMARY KEY, x);
  ${numbers(9000)} INSERT INTO names SELECT iif(i % 2, 'Name', 'name') || i, i FROM n;
  CREATE TABLE codes (code TEXT PRIMARY KEY, x) WITHOUT ROWID;
  ${numbers(9000)} INSERT INTO codes SELECT hex(i * 7919 % 9001), i FROM n;
  CREATE TABLE files (x);
  ${numbers(12_000)} INSERT INTO files SELECT iif(i = 9000, x'1761', i) FROM n;
  CREATE TABLE damaged_texts (x);
  ${numbers(12_000)} INSERT INTO damaged_texts SELECT iif(i = 9000, CAST(x'61ff' AS TEXT), 'ü') FROM n;
  CREATE TABLE empty (x);`;

function contextOf(more: Partial<CommandContext['progress']>): CommandContext {
  return { ...quietContext, progress: { ...quietContext.progress, ...more } };
}

describe('an export with readers side by side', () => {
  it('writes the same bytes and has the same id as one without', async () => {
    const source = sqliteFile(join(folder, 'same.db'), TABLES);
    vi.useFakeTimers({ toFake: ['Date'], now: 0 });
    const written: unknown[] = [];
    for (const jobs of JOBS) {
      const out = join(folder, `same-${jobs}`);
      const { artifact, totalRows } = await exportSource({ source, out, jobs }, quietContext);
      written.push([artifact.id, totalRows, readFileSync(join(out, 'SHA256SUMS'), 'utf8')]);
    }
    expect(written).toEqual(JOBS.map(() => written[0]));
  });

  it('tells as many rows and bytes as it writes', async () => {
    const source = sqliteFile(join(folder, 'told.db'), TABLES);
    const told = { rows: 0, bytes: 0 };
    const context = contextOf({
      start: (_label, _rows, subject) => ({
        advance: (rows, bytes = 0) => {
          if (subject?.phase !== 'export') return;
          told.rows += rows;
          told.bytes += bytes;
        },
        done: () => undefined,
      }),
    });
    const out = join(folder, 'told');
    const { totalRows, totalBytes } = await exportSource({ source, out, jobs: 2 }, context);
    expect(told).toEqual({ rows: totalRows, bytes: totalBytes });
  });

  it('that meets damage ends with what one without says, and leaves nothing', async () => {
    const source = sqliteFile(join(folder, 'damaged.db'), TABLES);
    damageLastPageOf(source, 'orders');
    const errors: unknown[] = [];
    for (const jobs of JOBS) {
      const out = join(folder, 'damaged');
      errors.push(await errorOf(async () => exportSource({ source, out, jobs }, quietContext)));
    }
    expect(errors[0]).toMatchObject({ code: 'source-damaged', where: { table: 'orders' } });
    expect(errors).toEqual(JOBS.map(() => errors[0]));
    expect(readdirSync(folder).filter((name) => /^\.?damaged(?!\.db)/.test(name))).toEqual([]);
  });

  it('that is interrupted leaves nothing, and no thread', async () => {
    const source = sqliteFile(join(folder, 'stopped.db'), TABLES);
    const controller = new AbortController();
    const context = {
      ...contextOf({
        start: (_label, _rows, subject) => ({
          advance: () => {
            if (subject?.table === 'lines') controller.abort();
          },
          done: () => undefined,
        }),
      }),
      signal: controller.signal,
    };
    const out = join(folder, 'stopped');
    await expect(exportSource({ source, out, jobs: 4 }, context)).rejects.toThrow('aborted');
    expect(readdirSync(folder).filter((name) => /^\.?stopped(?!\.db)/.test(name))).toEqual([]);
    expect(process.getActiveResourcesInfo()).not.toContain('MessagePort');
  });

  it.each(['count', 'export'])(
    'that loses a reader in phase %s leaves nothing, and is done when it runs again',
    async (phase) => {
      const name = `lost-${phase}`;
      const source = sqliteFile(join(folder, `${name}.db`), TABLES);
      const out = join(folder, name);
      const context = contextOf({
        start: (_label, _rows, subject) => {
          if (subject?.phase === phase) void threads[1]?.terminate();
          return { advance: () => undefined, done: () => undefined };
        },
      });
      const threads: Worker[] = [];
      const note = (worker: Worker): number => threads.push(worker);
      process.on('worker', note);
      const error = await errorOf(async () => exportSource({ source, out, jobs: 2 }, context));
      process.off('worker', note);
      expect(threads).toHaveLength(2);
      expect(error).toMatchObject({
        kind: 'source',
        code: 'source-reader-lost',
        where: { file: source },
        hint: expect.stringContaining('--jobs 1'),
      });
      expect(readdirSync(folder).filter((file) => file.includes(name))).toEqual([`${name}.db`]);
      await exportSource({ source, out, jobs: 2 }, quietContext);
      expect(readdirSync(folder)).toContain(name);
    },
  );

  it('leaves the files of a database in WAL mode as they are', async () => {
    const path = join(folder, 'wal.db');
    const writer = new Database(path);
    writer.exec(`PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; ${TABLES}`);
    const before = [path, `${path}-wal`].map(checksumOf);
    await exportSource({ source: path, out: join(folder, 'wal'), jobs: 2 }, quietContext);
    expect(hasWalContent(path)).toBe(true);
    expect([path, `${path}-wal`].map(checksumOf)).toEqual(before);
    writer.close();
  });

  it.each(['wal', 'delete'] as const)(
    'is one moment of a database in %s mode that is written all the time',
    { timeout: 30_000 + ROUNDS * 10_000 },
    async (journalMode) => {
      const path = databaseOfTwoAmounts(join(folder, `live-${journalMode}.db`), journalMode);
      const notes: string[] = [];
      const context = contextOf({ note: (text) => notes.push(text) });
      const writer = await startRestlessWriter(path, 5);
      try {
        for (let round = 0; round < ROUNDS; round++) {
          const out = join(folder, `live-${journalMode}-${round}`);
          await exportSource({ source: path, out, jobs: 4 }, context);
          const [a = 0n, b = 0n] = ['a', 'b'].map((table) => amountIn(out, table));
          expect(a + b).toBe(AMOUNT_TOGETHER);
        }
      } finally {
        await writer.stop();
      }
      for (const note of notes) expect(note).toContain('one reads all of it');
    },
  );
});

function checksumOf(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

function amountIn(artifact: string, table: string): bigint {
  const manifest = JSON.parse(readFileSync(join(artifact, 'manifest.json'), 'utf8')) as Manifest;
  const file = manifest.tables.find(({ name }) => name === table)?.file ?? '';
  const line = readFileSync(join(artifact, file), 'utf8');
  return BigInt((JSON.parse(line) as { amount: number }).amount);
}

/** Overwrites the last page of a table's rows. */
function damageLastPageOf(path: string, table: string): void {
  const db = new Database(path, { readonly: true });
  const page = db
    .prepare<[string], number>(
      `SELECT max(pageno) FROM dbstat WHERE name = ? AND pagetype = 'leaf'`,
    )
    .pluck()
    .get(table);
  db.close();
  const bytes = readFileSync(path);
  bytes.fill(0xff, ((page ?? 0) - 1) * PAGE_BYTES, (page ?? 0) * PAGE_BYTES);
  writeFileSync(path, bytes);
}
