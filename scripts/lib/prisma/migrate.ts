import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ToolkitError } from '../model/errors.ts';
import type { ErrorKind } from '../model/errors.ts';
import { runPrisma } from './cli.ts';
import type { PrismaOptions, PrismaResult } from './cli.ts';

/** The CLI's sentence for a database that has every migration of the folder, and no failed one. */
const UP_TO_DATE = 'Database schema is up to date!';
/** Prisma's codes for a database that cannot be reached or entered, rather than migrated. */
const CONNECTION_CODES = /\bP10(?:00|01|02|03|08|10|11|13|17)\b/;

/**
 * Applies the pending migrations with `prisma migrate deploy` and proves by `prisma migrate status` that they are
 * applied: the CLI's exit code alone does not, for it is 0 also where the engine has ended without a word.
 * @returns what both commands have said, for people
 * @throws ToolkitError of kind `target` when the database is out of reach, `target-schema` when it refuses a migration
 *   or its history does not fit the migrations folder
 */
export async function migrateDeploy(
  options: PrismaOptions & { readonly databaseUrl: string },
): Promise<string> {
  const deploy = await runPrisma(['migrate', 'deploy'], options);
  if (deploy.exitCode !== 0) throw prismaError('migrate deploy', deploy);
  const status = await runPrisma(['migrate', 'status'], options);
  if (status.exitCode !== 0 || !status.stdout.includes(UP_TO_DATE)) {
    throw prismaError('migrate status', status);
  }
  return `${deploy.stdout.trim()}\n\n${status.stdout.trim()}\n`;
}

/**
 * The SQL that makes an empty database into one of this schema, for a schema that has no migrations. Needs no database.
 * @throws ToolkitError of kind `target-schema` when Prisma does not accept the schema
 */
export async function migrateDiffScript(
  schemaPath: string,
  options: Pick<PrismaOptions, 'signal'> = {},
): Promise<string> {
  const args = ['migrate', 'diff', '--from-empty', '--to-schema', resolve(schemaPath), '--script'];
  const result = await runPrisma(args, options);
  if (result.exitCode !== 0 || result.stdout.trim() === '') {
    throw prismaError('migrate diff', result);
  }
  return result.stdout;
}

/**
 * Puts a schema file into the form that `prisma format` gives it, which also checks it. Needs no database.
 * @returns the text that the file then has
 * @throws ToolkitError of kind `target-schema` when Prisma does not accept the schema
 */
export async function formatPrismaSchema(
  schemaPath: string,
  options: Pick<PrismaOptions, 'signal'> = {},
): Promise<string> {
  const result = await runPrisma(['format'], { ...options, schemaPath });
  if (result.exitCode !== 0) throw prismaError('format', result);
  return readFileSync(schemaPath, 'utf8');
}

/** Writes a migrations folder that holds one migration, as `prisma migrate dev` would begin it. */
export async function writeFirstMigration(migrations: string, script: string): Promise<void> {
  const migration = join(migrations, '0_init');
  await mkdir(migration, { recursive: true });
  await writeFile(join(migration, 'migration.sql'), script);
  await writeFile(join(migrations, 'migration_lock.toml'), 'provider = "postgresql"\n');
}

/** Whether there is a migration in the folder where Prisma looks for those of this schema: `migrations`, beside it. */
export function hasMigrations(schemaPath: string): boolean {
  const folder = statSync(schemaPath).isDirectory() ? schemaPath : dirname(schemaPath);
  const migrations = join(folder, 'migrations');
  if (!existsSync(migrations)) return false;
  return readdirSync(migrations, { withFileTypes: true }).some((entry) => entry.isDirectory());
}

function prismaError(command: string, result: PrismaResult): ToolkitError {
  const said = [result.stdout, result.stderr].map((text) => text.trim()).filter(Boolean);
  const output = said.join('\n\n');
  const kind: ErrorKind = CONNECTION_CODES.test(output) ? 'target' : 'target-schema';
  return new ToolkitError({
    kind,
    code: `prisma-${command.replace(' ', '-')}-failed`,
    message: `prisma ${command} has failed (its exit code: ${result.exitCode}):\n${output}`,
    hint:
      kind === 'target'
        ? 'check that the server runs and that the URL is right'
        : 'mend what Prisma names above, then run it again; `npx prisma migrate status` shows where the database stands',
  });
}
