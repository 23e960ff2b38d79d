import { existsSync, statSync } from 'node:fs';
import { cp, mkdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';

import { ToolkitError } from '../model/errors.ts';
import { hasMigrations, migrateDiffScript, writeFirstMigration } from '../prisma/migrate.ts';
import { migrationsBeside } from '../target/migrations.ts';

/** A Prisma schema with the migrations beside it. */
export interface PrismaProject {
  /** A file, or the folder of a schema in several files. */
  readonly schema: string;
  readonly migrations: string;
}

const DRAFT_FOLDER = join('exports', 'rehearsal', 'schema');

/**
 * The schema that the user names. One that has no migrations yet is copied, and the copy gets a first
 * migration that makes exactly this schema, as `prisma migrate dev` would.
 *
 * @throws ToolkitError of kind `usage` when there is no schema, `target-schema` when Prisma refuses it
 */
export async function openPrismaProject(schema: string): Promise<PrismaProject> {
  if (!existsSync(schema)) {
    throw new ToolkitError({
      kind: 'usage',
      code: 'usage',
      message: `--prisma-schema ${schema}: there is no such file or folder`,
    });
  }
  if (hasMigrations(schema)) return { schema, migrations: migrationsBeside(schema) };
  const script = await migrateDiffScript(schema);
  await rm(DRAFT_FOLDER, { recursive: true, force: true });
  await mkdir(DRAFT_FOLDER, { recursive: true });
  const copy = statSync(schema).isDirectory() ? DRAFT_FOLDER : join(DRAFT_FOLDER, basename(schema));
  await cp(schema, copy, { recursive: true });
  await writeFirstMigration(join(DRAFT_FOLDER, 'migrations'), script);
  return { schema: copy, migrations: migrationsBeside(copy) };
}
