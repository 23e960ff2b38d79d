import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { ToolkitError } from '../model/errors.ts';

/** Reads `.env` of the current folder into the environment; what is set already stays. */
export function loadDotEnv(): void {
  if (existsSync('.env')) process.loadEnvFile('.env');
}

/**
 * The path of the SQLite file, from `--source` or SQLITE_URL.
 *
 * @param text a path, or Prisma's `file:./dev.db?…`, which is relative to the current folder here
 * @throws ToolkitError of kind `usage` when neither is there
 */
export function resolveSource(text: string | undefined, env: NodeJS.ProcessEnv): string {
  const given = text ?? env['SQLITE_URL'];
  if (given === undefined || given === '') {
    const other = env['DATABASE_URL'];
    const hint =
      other?.startsWith('file:') === true
        ? '; DATABASE_URL names a SQLite file: give it as --source'
        : '';
    throw missing('--source FILE', 'SQLITE_URL', hint);
  }
  const path = given.startsWith('file:') ? filePathOf(given) : given;
  const besideSchema = join('prisma', path);
  if (given.startsWith('file:') && !existsSync(path) && existsSync(besideSchema)) {
    throw new ToolkitError({
      kind: 'source',
      code: 'source-missing',
      message: 'the SQLite file does not exist',
      where: { file: path },
      hint: `there is ${besideSchema}: Prisma before 7 read file: URLs from the schema's folder; name that path`,
    });
  }
  return path;
}

function filePathOf(url: string): string {
  const path = url.slice('file:'.length).replace(/\?.*$/s, '');
  return path.startsWith('//') ? path.replace(/^\/\/(?:localhost)?/, '') : path;
}

/**
 * The target's URL, from `--target` or DATABASE_URL; the PG* variables fill in what it leaves out.
 *
 * @throws ToolkitError of kind `usage` when there is neither a URL nor PGHOST or PGDATABASE
 */
export function resolveTarget(text: string | undefined, env: NodeJS.ProcessEnv): string {
  const given = text ?? env['DATABASE_URL'];
  if (given !== undefined && given !== '') return given;
  if (env['PGHOST'] !== undefined || env['PGDATABASE'] !== undefined) return 'postgresql://';
  throw missing('--target URL', 'DATABASE_URL');
}

function missing(flag: string, variable: string, hint = ''): ToolkitError {
  return new ToolkitError({
    kind: 'usage',
    code: 'usage',
    message: `${flag} is missing, and ${variable} is set neither in the environment nor in .env${hint}`,
  });
}
