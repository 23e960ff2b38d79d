import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildSample, type SampleReport } from '../../../scripts/lib/sample/build.ts';

const REAL_COUNTS = {
  users: 7,
  organizations: 28,
  user_organizations: 12,
  ai_providers: 3,
  organization_ai_configs: 2,
  ai_usage_logs: 0,
  api_configurations: 10,
  organization_api_credentials: 0,
  data_source_mappings: 4,
  field_configurations: 1,
  pfa_records: 0,
  sync_logs: 0,
};

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'sample-'));
});
afterAll(() => {
  rmSync(directory, { recursive: true });
});

function inDirectory(name: string): string {
  return path.join(directory, name);
}

function sha256(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

function countsOf(report: SampleReport): Readonly<Record<string, number>> {
  return Object.fromEntries(report.tables.map(({ name, rows }) => [name, rows]));
}

function query(file: string, sql: string): readonly unknown[] {
  const database = new BetterSqlite3(file, { readonly: true });
  try {
    return database.prepare(sql).safeIntegers().raw().all();
  } finally {
    database.close();
  }
}

describe('the sample as it is by default', () => {
  let report: SampleReport;
  let file: string;
  beforeAll(async () => {
    file = inDirectory('default.db');
    report = await buildSample({ file });
  });

  it('has the 67 rows of the real database, table by table', () => {
    expect(countsOf(report)).toEqual(REAL_COUNTS);
    for (const [table, rows] of Object.entries(REAL_COUNTS)) {
      expect([table, query(file, `SELECT count(*) FROM ${table}`)]).toEqual([
        table,
        [[BigInt(rows)]],
      ]);
    }
  });

  it('reports the size that the file has', () => {
    expect(report.sizeBytes).toBe(readFileSync(file).byteLength);
  });

  it('has the same bytes when it is built again', async () => {
    const again = inDirectory('again.db');
    await buildSample({ file: again });
    expect(sha256(again)).toBe(sha256(file));
  });

  it('is whole: no broken page and no orphan', () => {
    expect(query(file, 'PRAGMA integrity_check')).toEqual([['ok']]);
    expect(query(file, 'PRAGMA foreign_key_check')).toEqual([]);
  });

  it('keeps AUTOINCREMENT marks above its ids, of empty tables too', () => {
    expect(query(file, 'SELECT name, seq, typeof(seq) FROM sqlite_sequence ORDER BY name')).toEqual(
      [
        ['ai_providers', 5n, 'integer'],
        ['ai_usage_logs', 1287n, 'integer'],
        ['sync_logs', 412n, 'integer'],
      ],
    );
  });

  it('stores a DateTime as milliseconds here and as ISO text there', () => {
    const classes = 'SELECT DISTINCT typeof(updated_at) FROM users ORDER BY 1';
    expect(query(file, classes)).toEqual([['integer'], ['text']]);
    const texts = `SELECT updated_at FROM users WHERE typeof(updated_at) = 'text'`;
    expect(query(file, texts)).toEqual([['2024-04-16T07:15:00.246+00:00']]);
  });

  it('holds a BLOB of all 256 bytes, 64-bit integers and a JSON number stored as INTEGER', () => {
    const everyByte = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    expect(query(file, 'SELECT avatar FROM users WHERE length(avatar) = 256')).toEqual([
      [everyByte],
    ]);
    expect(query(file, 'SELECT max(storage_quota_bytes) FROM organizations')).toEqual([
      [2n ** 63n - 1n],
    ]);
    expect(query(file, 'SELECT min(row_offset) FROM data_source_mappings')).toEqual([
      [-(2n ** 63n)],
    ]);
    expect(query(file, 'SELECT default_value FROM field_configurations')).toEqual([[42n]]);
  });

  it("has Prisma's history of two finished migrations", () => {
    expect(
      query(file, 'SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL'),
    ).toEqual([['20240105093012_init'], ['20240611081544_sync_log_correlation_id']]);
  });
});

describe('the sample at a size', () => {
  it('shares the rows out over the three large tables and loses none', async () => {
    const file = inDirectory('large.db');
    const report = await buildSample({ file, rows: 1009 });
    expect(countsOf(report)).toEqual({
      ...REAL_COUNTS,
      pfa_records: 808,
      ai_usage_logs: 151,
      sync_logs: 50,
    });
    expect(query(file, 'PRAGMA integrity_check')).toEqual([['ok']]);
    expect(query(file, 'PRAGMA foreign_key_check')).toEqual([]);
  });

  it('numbers on from the AUTOINCREMENT mark', async () => {
    const file = inDirectory('numbered.db');
    await buildSample({ file, rows: 100 });
    expect(query(file, 'SELECT min(id), max(id) FROM sync_logs')).toEqual([[413n, 417n]]);
    expect(query(file, `SELECT seq FROM sqlite_sequence WHERE name = 'sync_logs'`)).toEqual([
      [417n],
    ]);
  });

  it('has the same bytes when it is built again', async () => {
    const files = [inDirectory('sized-1.db'), inDirectory('sized-2.db')] as const;
    for (const file of files) await buildSample({ file, rows: 3000 });
    expect(sha256(files[0])).toBe(sha256(files[1]));
  });
});

describe('a file that is in the way', () => {
  it('is kept, and the error names it', async () => {
    const file = inDirectory('mine.db');
    writeFileSync(file, 'mine');
    await expect(buildSample({ file })).rejects.toMatchObject({
      code: 'sample-exists',
      where: { file },
    });
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });

  it('is replaced when that was asked for', async () => {
    const file = inDirectory('replaced.db');
    writeFileSync(file, 'mine');
    await buildSample({ file, overwrite: true });
    expect(query(file, 'SELECT count(*) FROM users')).toEqual([[7n]]);
  });
});

it('leaves nothing behind when it is interrupted', async () => {
  const folder = inDirectory('interrupted');
  const file = path.join(folder, 'sample.db');
  const signal = AbortSignal.abort(new Error('interrupted'));
  await expect(buildSample({ file, rows: 10_000, signal })).rejects.toThrow('interrupted');
  expect(existsSync(file)).toBe(false);
  expect(readdirSync(folder)).toEqual([]);
});
