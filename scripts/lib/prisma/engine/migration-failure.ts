import { DriverAdapterError } from '@prisma/driver-adapter-utils';
import * as z from 'zod';
import { UserFacingError } from './errors.ts';

/** A script that the database has refused. */
export interface ScriptFailure {
  readonly script: string;
  readonly error: unknown;
}

const applyMigrationsSchema = z.object({
  migrationsList: z.object({
    migrationDirectories: z.array(
      z.object({ path: z.string(), migrationFile: z.object({ content: z.unknown() }) }),
    ),
  }),
});
const contentSchema = z.object({ tag: z.literal('ok'), value: z.string() });

/**
 * Prisma's own words for a migration that the database refuses. The WebAssembly engine says only what the driver
 * said, without the migration's name in its message.
 * @param params of the method `applyMigrations`
 * @returns undefined when no migration has this script
 */
export function toMigrationError(params: unknown, failure: ScriptFailure): Error | undefined {
  const { migrationsList } = applyMigrationsSchema.parse(params);
  const migration = migrationsList.migrationDirectories.find(({ migrationFile }) => {
    const content = contentSchema.safeParse(migrationFile.content);
    return content.success && content.data.value === failure.script;
  });
  if (migration === undefined) return undefined;
  const { code, message } = databaseErrorOf(failure.error);
  const text = `A migration failed to apply. New migrations cannot be applied before the error is recovered from. Read more about how to resolve migration issues in a production database: https://pris.ly/d/migrate-resolve

Migration name: ${migration.path}

Database error code: ${code}

Database error:
${message}
`;
  return new UserFacingError('P3018', text, failure.error);
}

function databaseErrorOf(error: unknown): { readonly code: string; readonly message: string } {
  if (!(error instanceof DriverAdapterError)) return { code: 'none', message: String(error) };
  const { originalCode, originalMessage } = error.cause;
  return { code: originalCode ?? 'none', message: originalMessage ?? error.message };
}
