import { existsSync } from 'node:fs';

import { migrationsBeside } from '../target/migrations.ts';

export const DEFAULT_MIGRATIONS = 'prisma/migrations';

/**
 * The migrations folder to compare with: as given, or as `prisma.config.ts` has it (PRISMA_MIGRATIONS,
 * or the folder beside PRISMA_SCHEMA), or the project's own; null when there is none.
 */
export function migrationsFolder({
  migrations,
  env,
}: {
  readonly migrations?: string | undefined;
  readonly env: NodeJS.ProcessEnv;
}): string | null {
  const schema = env['PRISMA_SCHEMA'];
  const folder =
    migrations ??
    env['PRISMA_MIGRATIONS'] ??
    (schema === undefined ? undefined : migrationsBeside(schema));
  if (folder !== undefined) return folder;
  return existsSync(DEFAULT_MIGRATIONS) ? DEFAULT_MIGRATIONS : null;
}
