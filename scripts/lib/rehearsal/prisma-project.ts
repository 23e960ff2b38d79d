import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { ToolkitError } from '../model/errors.ts';

/** A Prisma schema and the migrations that belong to it. */
export interface PrismaProject {
  /** A file, or the folder of a schema in several files. */
  readonly schema: string;
  readonly migrations: string;
}

/** This repository's own. */
export const OWN_PROJECT: PrismaProject = {
  schema: join('prisma', 'schema.prisma'),
  migrations: join('prisma', 'migrations'),
};

/**
 * The schema that the user names, with the `migrations` folder beside it.
 *
 * @throws ToolkitError of kind `usage` when either is missing
 */
export function prismaProjectOf(schema: string): PrismaProject {
  if (!existsSync(schema)) throw unusable(`${schema} does not exist`);
  const folder = statSync(schema).isDirectory() ? schema : dirname(schema);
  const migrations = join(folder, 'migrations');
  if (!existsSync(migrations)) {
    throw unusable(
      `${schema} has no folder migrations beside it; make one: PRISMA_SCHEMA=${schema} npx prisma migrate diff --from-empty --to-schema ${schema} --script --output ${join(migrations, '0_init', 'migration.sql')}`,
    );
  }
  return { schema, migrations };
}

function unusable(reason: string): ToolkitError {
  return new ToolkitError({
    kind: 'usage',
    code: 'usage',
    message: `--prisma-schema: ${reason}`,
  });
}
