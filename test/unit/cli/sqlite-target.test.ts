import { describe, expect, it } from 'vitest';
import {
  describeRestore,
  refuseWithSqlite,
  sqliteTargetPath,
} from '../../../scripts/lib/cli/sqlite-target.ts';
import type { ImportReport } from '../../../scripts/lib/model/reports/import.ts';

describe('a target that begins with sqlite:', () => {
  it.each([
    ['sqlite:restored.db', 'restored.db'],
    ['sqlite:./a folder/restored.db', './a folder/restored.db'],
    ['sqlite:/tmp/restored.db', '/tmp/restored.db'],
    ['sqlite:///tmp/restored.db', '/tmp/restored.db'],
    ['sqlite://localhost/tmp/restored.db', '/tmp/restored.db'],
    ['sqlite:what?.db', 'what?.db'],
  ])('names a file: %s', (target, path) => {
    expect(sqliteTargetPath(target)).toBe(path);
  });

  it.each(['sqlite:', 'sqlite://', 'sqlite::memory:', 'sqlite:folder/'])(
    'is refused when it names none: %s',
    (target) => {
      expect(() => sqliteTargetPath(target)).toThrow(
        expect.objectContaining({ kind: 'usage', message: expect.stringContaining(target) }),
      );
    },
  );

  it('is no other target', () => {
    expect(sqliteTargetPath('postgresql://localhost/sqlite:x')).toBeNull();
  });
});

describe('the flags of a target that Prisma migrated', () => {
  it('are refused by name with a SQLite file', () => {
    const given = { schema: 'app', truncate: true, append: false, skipMigrationCheck: true };
    expect(() => refuseWithSqlite({ ...given, migrations: undefined })).toThrow(
      expect.objectContaining({
        kind: 'usage',
        message: expect.stringMatching(/--schema, --truncate, --skip-migration-check$/),
      }),
    );
  });

  it('may be absent', () => {
    expect(() => refuseWithSqlite({ schema: undefined, truncate: false })).not.toThrow();
  });
});

describe('the summary of a restore', () => {
  const report: ImportReport = {
    command: 'import',
    toolVersion: '1.0.0',
    startedAt: '2026-01-31T23:59:59.000Z',
    elapsedMs: 1234,
    exitCode: 0,
    peakMemoryBytes: 0,
    artifact: { path: 'exports/app', id: '0'.repeat(64) },
    target: 'sqlite:restored.db',
    dryRun: false,
    totalRows: 67,
    totalBytes: 27_700,
    run: null,
    migrations: [],
    mapping: null,
    ledger: [],
    tables: [],
    dependencies: { tables: [], cycles: [] },
    findings: [],
  };

  it('says what was restored and what is proven', () => {
    expect(describeRestore(report)).toBe(
      "0 tables, 67 rows restored into sqlite:restored.db in 1.2 s; every table's SHA-256 is that of the artifact",
    );
  });

  it('says of a dry run that nothing is left', () => {
    expect(describeRestore({ ...report, dryRun: true })).toContain('the file was removed again');
  });

  it('says of a refusal that nothing was written', () => {
    expect(describeRestore({ ...report, exitCode: 11 })).toBe(
      'nothing was written to sqlite:restored.db',
    );
  });
});
