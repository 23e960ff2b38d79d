import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  silentProgress,
  type CommandContext,
  type Progress,
} from '../../../scripts/lib/model/progress.ts';
import { importReportSchema } from '../../../scripts/lib/model/reports/import.ts';
import {
  edit,
  editManifest,
  exportedArtifact,
  forge,
  quietContext,
} from '../../support/artifact.ts';
import { exportArtifact } from '../../support/in-process.ts';
import { readDatabase } from '../../support/independent-reader.ts';
import { detailsOf, restoreInProcess } from '../../support/restore.ts';
import { querySource } from '../../support/source-file.ts';
import { readManifest, sha256Of, writeManifest } from '../../support/tampering.ts';
import { temporaryFolder } from '../../support/temp.ts';

const folder = temporaryFolder();
let count = 0;
let name: string;
let target: string;
beforeEach(() => {
  name = `case-${++count}`;
  target = join(folder, `${name}-restored.db`);
});

const SHOP = `CREATE TABLE customers (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT);
  CREATE TABLE orders (id TEXT PRIMARY KEY, customer INTEGER REFERENCES customers (id), total REAL);
  INSERT INTO customers VALUES (1, 'Ada'), (5, 'Brook'), (9, 'gone'); DELETE FROM customers WHERE id = 9;
  INSERT INTO orders VALUES ('a', 1, 1.5), ('b', 5, 2.0);`;

/** What lies in the folder under any name that begins with the target's. */
const leftOf = (file: string): string[] =>
  readdirSync(folder).filter((entry) =>
    entry.replace(/^\./, '').startsWith(file.split('/').at(-1) ?? file),
  );

describe('a restored database', () => {
  it('is reported table by table, as an import is', async () => {
    const artifact = await exportedArtifact(folder, name, SHOP);
    const { exitCode, report } = await restoreInProcess(artifact, target);
    expect(exitCode).toBe(0);
    const schema = importReportSchema.omit({
      command: true,
      toolVersion: true,
      startedAt: true,
      elapsedMs: true,
      exitCode: true,
      peakMemoryBytes: true,
    });
    expect(schema.strict().parse(report)).toMatchObject({
      target: `sqlite:${target}`,
      dryRun: false,
      totalRows: 4,
      tables: [
        {
          source: 'customers',
          target: 'customers',
          state: 'committed',
          rowCount: 2,
          rowsBefore: 0,
          rowsAfter: 2,
          sequences: [{ column: 'id', sequence: 'sqlite_sequence', nextValue: '10' }],
        },
        { source: 'orders', state: 'committed', rowCount: 2, sequences: [] },
      ],
      findings: [],
    });
  });

  it('has the migration history, which no report counts', async () => {
    const artifact = await exportedArtifact(
      folder,
      name,
      `CREATE TABLE _prisma_migrations (id TEXT PRIMARY KEY NOT NULL, migration_name TEXT);
       INSERT INTO _prisma_migrations VALUES ('b', '2_second'), ('a', '1_first'); ${SHOP}`,
    );
    const { report } = await restoreInProcess(artifact, target);
    expect(report?.tables.map(({ source }) => source)).toEqual(['customers', 'orders']);
    expect(report?.totalRows).toBe(4);
    expect(
      querySource(target, 'SELECT migration_name FROM _prisma_migrations ORDER BY id'),
    ).toEqual([{ migration_name: '1_first' }, { migration_name: '2_second' }]);
  });

  it('is made whole from an artifact that knows neither history, marks nor statements', async () => {
    const artifact = await exportedArtifact(
      folder,
      name,
      `CREATE TABLE _prisma_migrations (id TEXT PRIMARY KEY NOT NULL); ${SHOP}
       INSERT INTO _prisma_migrations VALUES ('a'); CREATE INDEX i ON orders (total);`,
    );
    const older = join(folder, `${name}-older`);
    await exportArtifact(join(folder, `${name}.db`), older);
    writeManifest(older, { ...readManifest(older), migrationHistory: undefined });
    rmSync(join(older, 'data/000-_prisma_migrations.ndjson'));
    editManifest(older, (manifest) => {
      delete manifest.schema.statements;
      for (const table of manifest.tables) delete table.autoincrementRowid;
    });
    await restoreInProcess(artifact, target);
    execute(target, 'DELETE FROM _prisma_migrations');
    const again = join(folder, `${name}-again.db`);
    const { exitCode, findings } = await restoreInProcess(older, again);
    expect(exitCode).toBe(0);
    expect(detailsOf(findings)).toEqual(['table-left-out: _prisma_migrations']);
    expect(readDatabase(again)).toEqual(readDatabase(target));
  });

  it('has the tables that the export left out, without rows, and says so', async () => {
    await exportedArtifact(folder, name, `${SHOP} CREATE VIEW v AS SELECT * FROM customers`);
    const part = join(folder, `${name}-part`);
    await exportArtifact(join(folder, `${name}.db`), part, { exclude: ['customers'] });
    const { exitCode, findings } = await restoreInProcess(part, target);
    expect(exitCode).toBe(0);
    expect(detailsOf(findings)).toContain('table-left-out: customers');
    expect(querySource(target, 'SELECT count(*) AS rows FROM v')).toEqual([{ rows: 0n }]);
  });

  it('holds what the source broke, as warnings', async () => {
    const artifact = await exportedArtifact(
      folder,
      name,
      `${SHOP} INSERT INTO orders VALUES ('c', 77, NULL);
       CREATE TABLE c (a CHECK (a > 0)); PRAGMA ignore_check_constraints = ON; INSERT INTO c VALUES (-1);`,
    );
    const { exitCode, findings } = await restoreInProcess(artifact, target);
    expect(exitCode).toBe(0);
    expect(findings.map(({ severity }) => severity)).toEqual(['warning', 'warning']);
    expect(detailsOf(findings).toSorted()).toEqual([
      'orphan: customer=77 has no parent',
      'rules-broken: CHECK constraint failed in c',
    ]);
  });
});

describe('a restore that cannot be', () => {
  it.each(['', '-journal', '-wal', '-shm'])(
    'leaves what is there as it was: %s',
    async (suffix) => {
      const artifact = await exportedArtifact(folder, name, SHOP);
      writeFileSync(`${target}${suffix}`, 'mine');
      expect(await restoreInProcess(artifact, target)).toMatchObject({
        exitCode: 12,
        error: { code: 'target-exists', where: { file: `${target}${suffix}` } },
      });
      expect(leftOf(target)).toEqual([`${target}${suffix}`.split('/').at(-1)]);
    },
  );

  it('names the folder that is not there', async () => {
    const artifact = await exportedArtifact(folder, name, SHOP);
    expect(await restoreInProcess(artifact, join(folder, 'nowhere', 'x.db'))).toMatchObject({
      exitCode: 12,
      error: { code: 'target-unwritable', where: { file: join(folder, 'nowhere', 'x.db') } },
    });
  });

  it('writes nothing from an artifact that is damaged', async () => {
    const artifact = await exportedArtifact(folder, name, SHOP);
    writeFileSync(
      join(artifact, 'data/002-orders.ndjson'),
      '{"id":"a","customer":1,"total":1.6}\n',
    );
    const { exitCode, report } = await restoreInProcess(artifact, target);
    expect(exitCode).toBe(11);
    expect(report?.tables.map(({ state }) => state)).toEqual(['not-loaded', 'not-loaded']);
    expect(leftOf(target)).toEqual([]);
  });

  it('writes nothing when schema.sql does not make a table of the manifest', async () => {
    const artifact = await exportedArtifact(folder, name, SHOP);
    editManifest(artifact, ({ schema }) => schema.statements?.pop());
    expect(await restoreInProcess(artifact, target)).toMatchObject({
      exitCode: 11,
      error: { code: 'manifest-malformed', message: expect.stringContaining('orders') },
    });
    expect(leftOf(target)).toEqual([]);
  });

  it('names every table that this SQLite cannot make, and keeps nothing', async () => {
    const artifact = await exportedArtifact(folder, name, SHOP);
    edit(artifact, 'schema.sql', (text) => text.replaceAll(' (id', ' )id'));
    const sha256 = sha256Of(join(artifact, 'schema.sql'));
    editManifest(artifact, ({ schema }) => Object.assign(schema, { sha256 }));
    const { exitCode, findings } = await restoreInProcess(artifact, target);
    expect(exitCode).toBe(13);
    expect(findings).toMatchObject([
      { code: 'table-not-restored', severity: 'blocking', total: 2 },
    ]);
    expect(leftOf(target)).toEqual([]);
  });

  it('names the row that no table can hold twice', async () => {
    const artifact = await exportedArtifact(
      folder,
      name,
      'CREATE TABLE t (k TEXT PRIMARY KEY, v) WITHOUT ROWID; INSERT INTO t VALUES (1, 2), (3, 4)',
    );
    forge(artifact, 'data/001-t.ndjson', (text) => text.replace('"3"', '"1"'));
    expect(await restoreInProcess(artifact, target)).toMatchObject({
      exitCode: 12,
      error: {
        code: 'row-not-restored',
        where: { table: 't', rowKey: 'k="1"', file: 'data/001-t.ndjson', line: 2 },
      },
    });
    expect(leftOf(target)).toEqual([]);
  });

  it('names the table and the line that would differ from the artifact', async () => {
    const artifact = await exportedArtifact(
      folder,
      name,
      `CREATE TABLE t (id INTEGER PRIMARY KEY, v, w AS (v || '!') VIRTUAL);
       INSERT INTO t VALUES (1, 'a'), (2, 'b')`,
    );
    forge(artifact, 'data/001-t.ndjson', (text) => text.replace('b!', 'c!'));
    expect(await restoreInProcess(artifact, target)).toMatchObject({
      exitCode: 12,
      error: { code: 'restore-differs', where: { table: 't', line: 2 } },
    });
    expect(leftOf(target)).toEqual([]);
  });
});

describe('a dry run', () => {
  it('proves the database and removes it', async () => {
    const artifact = await exportedArtifact(folder, name, SHOP);
    const { exitCode, report } = await restoreInProcess(artifact, target, { dryRun: true });
    expect(exitCode).toBe(0);
    expect(report).toMatchObject({ dryRun: true, totalRows: 4 });
    expect(report?.tables.map(({ state }) => state)).toEqual(['rolled-back', 'rolled-back']);
    expect(leftOf(target)).toEqual([]);
  });
});

describe('an artifact that changes after it was checked', () => {
  it.each([
    ['a value', (text: string) => text.replace('1.5', '1.6')],
    ['a line that is no row', (text: string) => text.replace('1.5', '!')],
  ])('is found by %s, and nothing is kept', async (_, change) => {
    const artifact = await exportedArtifact(folder, name, SHOP);
    const file = 'data/002-orders.ndjson';
    const context = whenStarted('customers', () => edit(artifact, file, change));
    expect(await restoreInProcess(artifact, target, { context })).toMatchObject({
      exitCode: 11,
      error: { code: 'artifact-changed', where: { file } },
    });
    expect(leftOf(target)).toEqual([]);
  });
});

describe('an interruption', () => {
  it.each(['customers', 'orders, read back', 'integrity_check'])(
    'during "%s" leaves nothing',
    async (label) => {
      const artifact = await exportedArtifact(folder, name, SHOP);
      const controller = new AbortController();
      const context = {
        ...whenStarted(label, () => controller.abort()),
        signal: controller.signal,
      };
      await expect(restoreInProcess(artifact, target, { context })).rejects.toThrow('aborted');
      expect(leftOf(target)).toEqual([]);
    },
  );
});

function execute(file: string, sql: string): void {
  const db = new Database(file);
  db.exec(sql);
  db.close();
}

/** A context that does something when the restore, not the check before it, begins this step. */
function whenStarted(label: string, act: () => void): CommandContext {
  const start: Progress['start'] = (started, rows) => {
    if (started === label && leftOf(target).length > 0) act();
    return silentProgress.start(started, rows);
  };
  return { ...quietContext, progress: { ...silentProgress, start } };
}
