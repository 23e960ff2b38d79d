import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { hidePasswords } from '../../../scripts/lib/prisma/cli.ts';
import { hasMigrations } from '../../../scripts/lib/prisma/migrate.ts';

test('hidePasswords masks every URL and leaves the rest', () => {
  const text = 'postgresql://me:s3cret@host/db, postgres://you:p%40ss@[::1]:5/x and me:you@host';
  expect(hidePasswords(text)).toBe(
    'postgresql://me:***@host/db, postgres://you:***@[::1]:5/x and me:you@host',
  );
});

test('hasMigrations looks beside the schema', () => {
  const folder = mkdtempSync(join(tmpdir(), 'migrations-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const schema = join(folder, 'schema.prisma');
  writeFileSync(schema, '');
  mkdirSync(join(folder, 'migrations'));
  writeFileSync(join(folder, 'migrations', 'migration_lock.toml'), '');
  expect(hasMigrations(schema)).toBe(false);
  mkdirSync(join(folder, 'migrations', '1_init'));
  expect(hasMigrations(schema)).toBe(true);
  expect(hasMigrations(folder)).toBe(true);
});
