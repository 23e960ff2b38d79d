import { readFile } from 'node:fs/promises';

import * as z from 'zod';

import { parseJson } from '../mapping/file/parse-json.ts';
import { ToolkitError } from '../model/errors.ts';
import { parseTargetUrl } from '../target/connection-config.ts';

/** Where the configuration is looked for when nothing names it. */
export const DEFAULT_CONFIG_FILE = 'serve.json';
/** The target that DATABASE_URL stands for, where none is configured. */
const DEFAULT_TARGET = 'default';
const MIN_TOKEN_LENGTH = 16;
const DEFAULT_PORT = 4780;

const variableName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be the name of an environment variable');
const paths = z.array(z.string().min(1));

const targetSchema = z.strictObject({
  urlFrom: variableName.describe('the environment variable that holds its URL, password included'),
  migrations: z
    .string()
    .min(1)
    .optional()
    .describe("the migrations folder that the target's applied migrations must equal"),
});

/** `serve.json` */
export const configSchema = z.strictObject({
  $schema: z.string().optional().describe('for an editor'),
  sources: paths
    .default(['.', 'prisma', 'exports', 'exports/sample'])
    .describe('folders whose SQLite files may be moved; folders in them do not count'),
  artifacts: paths
    .min(1)
    .default(['exports'])
    .describe('folders whose artifacts are shown; new ones go into the first'),
  mappings: paths
    .default(['.', 'mappings'])
    .describe('folders whose mapping files (`*mapping*.json` and the like) may be chosen'),
  runs: z
    .string()
    .min(1)
    .default('exports/.runs')
    .describe('the folder in which the state of every run is kept'),
  targets: z
    .record(
      z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'must be a plain name'),
      targetSchema,
    )
    .optional()
    .describe('databases by name; without it `default`, from `DATABASE_URL`, where that is set'),
  host: z.string().min(1).default('127.0.0.1').describe('the address to listen on'),
  port: z.number().int().min(0).max(65_535).default(DEFAULT_PORT).describe('0 for any free one'),
  tokenFrom: variableName
    .default('SERVE_TOKEN')
    .describe('the environment variable that holds the token, where one is asked for'),
  allowedHosts: z
    .array(z.string().min(1))
    .default([])
    .describe('other names under which browsers reach the server, such as that of a proxy'),
  maxRuns: z.number().int().min(1).max(64).default(4).describe('how many runs may go on at once'),
});

/** A database that may be chosen by its name. */
export interface ServedTarget {
  readonly name: string;
  /** Holds the password: only for the environment of a run. */
  readonly url: string;
  readonly migrations?: string | undefined;
}

/** What the server knows of its surroundings. */
export interface ServeConfig {
  readonly sources: readonly string[];
  readonly artifacts: readonly string[];
  readonly mappings: readonly string[];
  readonly runs: string;
  readonly targets: readonly ServedTarget[];
  readonly host: string;
  readonly port: number;
  /** null: whoever reaches the server may use it. */
  readonly token: string | null;
  readonly allowedHosts: readonly string[];
  readonly maxRuns: number;
  /** Variables that hold URLs and the token: no run gets them. */
  readonly secretVariables: readonly string[];
}

/** What the command line says. */
export interface ServeOptions {
  readonly config?: string | undefined;
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * The configuration: the file, what the command line says before it, URLs and the token from the
 * environment.
 *
 * @throws ToolkitError of kind `usage` that names what cannot be, and where
 */
export async function readConfig(options: ServeOptions): Promise<ServeConfig> {
  const { env } = options;
  const file = options.config ?? DEFAULT_CONFIG_FILE;
  const text = await readText(file, options.config === undefined);
  const given = text === null ? configSchema.parse({}) : parseConfig(file, text);
  const { host = given.host, port = given.port } = options;
  const token = tokenOf(env[given.tokenFrom], given.tokenFrom);
  if (token === null && !isLoopback(host)) {
    throw invalid(
      `${host} can be reached from other machines, and no token is set`,
      `set ${given.tokenFrom} to at least ${MIN_TOKEN_LENGTH} characters, such as what openssl rand -hex 24 prints; or leave out the host`,
    );
  }
  const urlVariables = Object.values(given.targets ?? {}).map(({ urlFrom }) => urlFrom);
  return {
    ...given,
    host,
    port,
    token,
    targets: targetsOf(given.targets, env, file),
    secretVariables: [given.tokenFrom, 'DATABASE_URL', ...urlVariables],
  };
}

/** Whether only this machine reaches the address. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

async function readText(file: string, mayBeAbsent: boolean): Promise<string | null> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file));
  } catch (error) {
    const isAbsent = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (isAbsent && mayBeAbsent) return null;
    const reason = error instanceof Error ? error.message : String(error);
    throw invalid(isAbsent ? 'there is no such file' : reason, 'check --config', { file });
  }
}

function parseConfig(file: string, text: string): z.output<typeof configSchema> {
  const { value, faults, lineOf } = parseJson(text);
  const [fault] = faults;
  if (fault !== undefined) {
    throw invalid(fault.message, MEND, { file, line: fault.line ?? lineOf(fault.path) });
  }
  const parsed = configSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = (issue?.path ?? []).filter((key) => typeof key !== 'symbol');
  const place = path.length === 0 ? '' : `${path.join('.')}: `;
  throw invalid(`${place}${issue?.message ?? 'it has a wrong form'}`, MEND, {
    file,
    line: lineOf(path),
  });
}

const MEND = 'mend the file; "npm run serve" in MIGRATION_GUIDE.md says what it may hold';

function targetsOf(
  targets: z.output<typeof configSchema>['targets'],
  env: NodeJS.ProcessEnv,
  file: string,
): ServedTarget[] {
  if (targets === undefined) {
    const url = env['DATABASE_URL'] ?? '';
    return isPostgres(url) ? [{ name: DEFAULT_TARGET, url }] : [];
  }
  return Object.entries(targets).map(([name, { urlFrom, migrations }]) => {
    const url = env[urlFrom] ?? '';
    if (url === '') {
      throw invalid(
        `targets.${name}: ${urlFrom} is set neither in the environment nor in .env`,
        `set ${urlFrom} to the URL of the database, or take the target out`,
        { file },
      );
    }
    parseTargetUrl(url, env);
    return { name, url, migrations };
  });
}

function isPostgres(url: string): boolean {
  return /^postgres(?:ql)?:\/\//.test(url);
}

function tokenOf(text: string | undefined, variable: string): string | null {
  if (text === undefined || text === '') return null;
  if (text.length >= MIN_TOKEN_LENGTH) return text;
  throw invalid(
    `the token in ${variable} is shorter than ${MIN_TOKEN_LENGTH} characters`,
    'take a longer one, such as what openssl rand -hex 24 prints',
  );
}

function invalid(
  message: string,
  hint: string,
  where: { readonly file?: string; readonly line?: number } = {},
): ToolkitError {
  return new ToolkitError({
    kind: 'usage',
    code: 'serve-config',
    message: `the server cannot be started so: ${message}`,
    where,
    hint,
  });
}
