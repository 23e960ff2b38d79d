import { parse } from 'pg-connection-string';
import type { ClientConfig } from 'pg';

import { ToolkitError } from '../model/errors.ts';

/** Where the target is and how to get there. */
export interface TargetAddress {
  /** What pg is given; it fills what is left out from the PG* variables. */
  readonly config: ClientConfig;
  /** The schema of `?schema=`, or undefined. */
  readonly schema: string | undefined;
  /** Try TLS first and go on without it where the server has none (libpq's `prefer`). */
  readonly tlsIsOptional: boolean;
}

/** The schema that is meant where nothing names one. */
export const DEFAULT_SCHEMA = 'public';

/** The schema of `--schema`, else of the URL, else {@link DEFAULT_SCHEMA}. */
export function chooseSchema(
  schema: string | undefined,
  address: Pick<TargetAddress, 'schema'>,
): string {
  return schema ?? address.schema ?? DEFAULT_SCHEMA;
}

const SSL_MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'];
/** `sslmode` as libpq means it, not as pg did before version 9. */
const LIBPQ = { useLibpqCompat: true } as const;

/**
 * Reads a PostgreSQL URL with Prisma's `?schema=` and libpq's `sslmode`. The password never stands in
 * an error.
 *
 * @throws ToolkitError of kind `usage` when it is no PostgreSQL URL
 * Source: https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS
 */
export function parseTargetUrl(url: string, env: NodeJS.ProcessEnv): TargetAddress {
  if (!/^postgres(?:ql)?:\/\//.test(url)) {
    throw badUrl('it does not begin with postgresql://');
  }
  const query = new URLSearchParams(url.split('?')[1] ?? '');
  const mode = query.get('sslmode') ?? env['PGSSLMODE'] ?? 'prefer';
  if (!SSL_MODES.includes(mode)) {
    throw badUrl(`sslmode=${mode} is none of ${SSL_MODES.join(', ')}`);
  }
  const plain = withoutParameters(url, ['schema', 'sslmode', 'connection_limit', 'pool_timeout']);
  let parsed;
  try {
    parsed = parse(withSslMode(plain, mode), LIBPQ);
  } catch (error) {
    if (error instanceof Error && /sslrootcert/.test(error.message)) {
      throw badUrl(`sslmode=${mode} needs sslrootcert=FILE in the URL`);
    }
    throw badUrl('it cannot be read (special characters in the password are written as %XX)');
  }
  const optional = mode === 'prefer' || mode === 'allow';
  const isSocket = (parsed.host ?? env['PGHOST'] ?? '').startsWith('/');
  const { host, port, user, password, database, ssl } = parsed;
  return {
    config: {
      ...(isSet(host) ? { host } : {}),
      ...(isSet(port) ? { port: Number(port) } : {}),
      ...(isSet(user) ? { user } : {}),
      ...(isSet(password) ? { password } : {}),
      ...(isSet(database) ? { database } : {}),
      ...tls(optional, isSocket, ssl),
    },
    schema: query.get('schema') ?? undefined,
    tlsIsOptional: optional && !isSocket,
  };
}

function isSet(text: string | null | undefined): text is string {
  return text !== null && text !== undefined && text !== '';
}

function tls(
  optional: boolean,
  isSocket: boolean,
  ssl: ReturnType<typeof parse>['ssl'],
): Pick<ClientConfig, 'ssl'> {
  if (isSocket) return { ssl: false };
  if (optional) return { ssl: { rejectUnauthorized: false } };
  if (ssl === undefined || typeof ssl === 'string') return { ssl: false };
  return { ssl: ssl as Exclude<ClientConfig['ssl'], undefined> };
}

function withoutParameters(url: string, names: readonly string[]): string {
  const [base = '', search] = url.split('?');
  if (search === undefined) return base;
  const kept = search.split('&').filter((pair) => !names.includes(pair.split('=')[0] ?? ''));
  return kept.length === 0 ? base : `${base}?${kept.join('&')}`;
}

function withSslMode(url: string, mode: string): string {
  // pg knows no `allow`, and `prefer` is tried by the caller.
  const known = mode === 'allow' || mode === 'prefer' ? 'disable' : mode;
  return `${url}${url.includes('?') ? '&' : '?'}sslmode=${known}`;
}

function badUrl(reason: string): ToolkitError {
  return new ToolkitError({
    kind: 'usage',
    code: 'usage',
    message: `the target's URL is not a PostgreSQL URL: ${reason}`,
    hint: 'postgresql://USER:PASSWORD@HOST:PORT/DATABASE?schema=public',
  });
}
