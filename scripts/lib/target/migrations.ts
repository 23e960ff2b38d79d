import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import type pg from 'pg';

import { ToolkitError } from '../model/errors.ts';
import { MIGRATIONS_TABLE, quoteTable } from './introspect.ts';

/** A row of Prisma's own table, as far as it matters here. */
interface MigrationRow {
  readonly migration_name: string;
  readonly checksum: string;
  readonly is_finished: boolean;
}

/** A migration on disk. */
interface MigrationFile {
  readonly name: string;
  /** SHA-256 of migration.sql as it is, and with the other line ending. */
  readonly checksums: readonly string[];
}

/**
 * Proves that the schema is what Prisma's migrations made: none failed or unfinished, and where there
 * is a folder of migrations the same ones, unchanged.
 *
 * @param folder the migrations folder, or null to compare with none
 * @returns the names of the applied migrations, in their order
 * @throws ToolkitError of kind `target-schema` that names the migration
 */
export async function checkMigrations(
  client: pg.Client,
  schema: string,
  folder: string | null,
): Promise<string[]> {
  const applied = await readApplied(client, schema);
  const unfinished = applied.find((row) => !row.is_finished);
  if (unfinished !== undefined) {
    throw notReady(
      'migration-failed',
      `the migration ${unfinished.migration_name} failed or is unfinished in the target`,
      'mend it as `npx prisma migrate resolve --help` says, then `npx prisma migrate deploy`',
    );
  }
  if (folder !== null) compare(applied, await readFolder(folder), folder);
  return applied.map((row) => row.migration_name);
}

/** Where Prisma keeps the migrations of a schema, which is a file or a folder of files. */
export function migrationsBeside(schema: string): string {
  const isFolder = statSync(schema, { throwIfNoEntry: false })?.isDirectory() === true;
  return join(isFolder ? schema : dirname(schema), 'migrations');
}

async function readApplied(client: pg.Client, schema: string): Promise<MigrationRow[]> {
  const table = quoteTable({ schema }, MIGRATIONS_TABLE);
  const { rows: found } = await client.query<{ exists: boolean }>(
    'SELECT pg_catalog.to_regclass($1) IS NOT NULL AS exists',
    [table],
  );
  if (found[0]?.exists !== true) {
    throw notReady(
      'not-migrated',
      `the schema ${schema} of the target was not made by Prisma's migrations: it has no table ${MIGRATIONS_TABLE}`,
      'run `npx prisma migrate deploy` against it, or give --skip-migration-check if the schema was made otherwise',
    );
  }
  const { rows } = await client.query<MigrationRow>(
    `SELECT migration_name, checksum, finished_at IS NOT NULL AS is_finished
     FROM ${table} WHERE rolled_back_at IS NULL ORDER BY started_at, migration_name`,
  );
  return rows;
}

async function readFolder(folder: string): Promise<MigrationFile[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
    return await Promise.all(names.toSorted().map((name) => readMigration(folder, name)));
  } catch (error) {
    throw notReady(
      'migrations-unreadable',
      `the migrations folder ${folder} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      'name the folder of the schema with --migrations DIR',
      error,
    );
  }
}

async function readMigration(folder: string, name: string): Promise<MigrationFile> {
  const text = await readFile(join(folder, name, 'migration.sql'), 'utf8');
  const unix = text.replaceAll('\r\n', '\n');
  const spellings = [text, unix, unix.replaceAll('\n', '\r\n')];
  return {
    name,
    checksums: spellings.map((spelling) => createHash('sha256').update(spelling).digest('hex')),
  };
}

function compare(
  applied: readonly MigrationRow[],
  onDisk: readonly MigrationFile[],
  folder: string,
): void {
  const hintOther =
    'if the target belongs to another Prisma schema, name its folder with --migrations DIR';
  for (const file of onDisk) {
    const row = applied.find((candidate) => candidate.migration_name === file.name);
    if (row === undefined) {
      throw notReady(
        'migration-missing',
        `the migration ${file.name} of ${folder} is not applied to the target`,
        `run \`npx prisma migrate deploy\`; ${hintOther}`,
      );
    }
    if (!file.checksums.includes(row.checksum)) {
      throw notReady(
        'migration-changed',
        `the migration ${file.name} in ${folder} is not the one that was applied to the target`,
        `restore the file, or make the target anew; ${hintOther}`,
      );
    }
  }
  const unknown = applied.find((row) => !onDisk.some((file) => file.name === row.migration_name));
  if (unknown !== undefined) {
    throw notReady(
      'migration-unknown',
      `the target has the migration ${unknown.migration_name}, which ${folder} does not have`,
      `bring the project up to date; ${hintOther}`,
    );
  }
}

function notReady(code: string, message: string, hint: string, cause?: unknown): ToolkitError {
  return new ToolkitError({ kind: 'target-schema', code, message, hint, cause });
}
