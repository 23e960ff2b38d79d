import type pg from 'pg';
import { parseTargetUrl } from '../../target/connection-config.ts';
import { UserFacingError } from './errors.ts';

/** A PostgreSQL URL, taken apart. */
export interface Connection {
  /** For `pg.Pool`, without `connectionString`: there it would win over `database`. */
  readonly config: pg.PoolConfig;
  /** The schema that Prisma works in: the URL's `schema` parameter, else `public`. */
  readonly schema: string;
  /** Try TLS first and go on without it where the server has none. */
  readonly tlsIsOptional: boolean;
}

const DEFAULT_SCHEMA = 'public';
const DEFAULT_PORT = 5432;
/** Prisma's own default. */
const DEFAULT_CONNECT_TIMEOUT_SECONDS = 5;

/**
 * Reads a URL as Prisma does: `schema`, `host=/socket/directory`, libpq's `sslmode`, and `connect_timeout` in
 * seconds (0: no limit). Parameters that mean nothing here, such as `connection_limit`, are read over.
 * Source: https://www.prisma.io/docs/orm/overview/databases/postgresql#arguments
 * @throws UserFacingError for what is not a PostgreSQL URL; the message does not quote it
 */
export function parseConnection(url: string | undefined): Connection {
  if (url === undefined || url === '') {
    throw new UserFacingError('P1012', 'The datasource has no URL: DATABASE_URL is not set.');
  }
  const { config, schema, tlsIsOptional } = parseAddress(url);
  return {
    config: { ...config, connectionTimeoutMillis: connectTimeoutSeconds(url) * 1000 },
    schema: schema ?? DEFAULT_SCHEMA,
    tlsIsOptional,
  };
}

/** The same server and settings, another database. */
export function withDatabase(connection: Connection, database: string): Connection {
  return { ...connection, config: { ...connection.config, database } };
}

/** Whether two URLs name the same schema of the same database. */
export function isSamePlace(one: Connection, other: Connection): boolean {
  const placeOf = ({ config, schema }: Connection): string =>
    JSON.stringify([config.host, config.port ?? DEFAULT_PORT, config.database, schema]);
  return placeOf(one) === placeOf(other);
}

function parseAddress(url: string): ReturnType<typeof parseTargetUrl> {
  try {
    return parseTargetUrl(url, process.env);
  } catch (error) {
    const message = 'The provided database string is not a PostgreSQL URL (postgresql://…).';
    throw new UserFacingError('P1013', message, error);
  }
}

function connectTimeoutSeconds(url: string): number {
  const parameter = new URLSearchParams(url.split('?')[1]).get('connect_timeout');
  const seconds = parameter === null ? Number.NaN : Number(parameter);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : DEFAULT_CONNECT_TIMEOUT_SECONDS;
}
