import { nameBasedUuid } from '../../support/name-based-uuid.ts';
import type { SourceValue } from '../../support/source-file.ts';

/** A row as better-sqlite3 reads it, integers as bigint. */
type SourceRow = Readonly<Record<string, SourceValue>>;

/** What a source row must have become, and the query that reads it; both have the same columns in the same forms. */
export interface TableExpectation {
  readonly sourceTable: string;
  readonly rowCount: number;
  readonly targetSql: string;
  readonly expected: (row: SourceRow) => Readonly<Record<string, unknown>>;
}

/** The namespace that mapping.json gives the users' ids. */
const USERS_NAMESPACE = '5f0d6a0e3c1b4f579a417d2b8c6e1f90';

/** The name-based UUID of a user's old id, by RFC 9562, section 5.5. */
export function userUuid(id: SourceValue | undefined): string {
  return nameBasedUuid(USERS_NAMESPACE, String(id));
}

/** A moment as the target's queries below show it. */
function seconds(value: SourceValue | undefined): string | null {
  return milliseconds(typeof value === 'bigint' ? value * 1000n : (value ?? null));
}

function milliseconds(value: SourceValue | undefined): string | null {
  if (value === null) return null;
  if (typeof value !== 'bigint') throw new Error(`not an integer: ${String(value)}`);
  return new Date(Number(value)).toISOString();
}

function moment(column: string): string {
  return `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS ${column}`;
}

function json(value: SourceValue | undefined): unknown {
  return value === null ? null : (JSON.parse(String(value)) as unknown);
}

function bytes(value: SourceValue | undefined): Buffer | null {
  return value === null ? null : Buffer.from(String(value), 'hex');
}

function count(value: SourceValue | undefined): number | null {
  return value === null ? null : Number(value);
}

const STATUSES: Readonly<Record<string, string>> = { done: 'completed', error: 'failed' };

function status(value: SourceValue | undefined): string {
  return STATUSES[String(value)] ?? String(value);
}

/** All tables of the example, each of its target columns among them. */
export const EXPECTATIONS: Readonly<Record<string, TableExpectation>> = {
  users: {
    sourceTable: 'users',
    rowCount: 5,
    targetSql: `SELECT id, provider, email, display_name, avatar_url, is_admin,
                       ${moment('created_at')}, ${moment('last_login_at')} FROM users`,
    expected: (row) => ({
      id: userUuid(row['id']),
      provider: row['provider'],
      email: String(row['provider_user_id']).toLowerCase(),
      display_name: row['display_name'],
      avatar_url: row['avatar_url'],
      is_admin: row['is_admin'] === 1n,
      created_at: seconds(row['created_at']),
      last_login_at: seconds(row['last_login_at']),
    }),
  },
  jobs: {
    sourceTable: 'jobs',
    rowCount: 405,
    targetSql: `SELECT id, requested_by_id, queue, type, status::text, priority, payload, result, error, retry_count,
                       ${['created_at', 'scheduled_at', 'started_at', 'completed_at'].map(moment).join(', ')} FROM jobs`,
    expected: (row) => ({
      id: row['id'],
      requested_by_id: row['requested_by'] === null ? null : userUuid(row['requested_by']),
      queue: 'migrated',
      type: row['type'],
      status: status(row['status']),
      priority: count(row['priority']),
      payload: json(row['payload']),
      result: json(row['result']),
      error: row['error'],
      retry_count: count(row['retry_count']),
      created_at: milliseconds(row['created_at']),
      scheduled_at: milliseconds(row['scheduled_at']),
      started_at: milliseconds(row['started_at']),
      completed_at: milliseconds(row['completed_at']),
    }),
  },
  job_history: {
    sourceTable: 'job_history',
    rowCount: 1211,
    targetSql: `SELECT id, job_id, status::text, message, duration_ms, ${moment('created_at')} FROM job_history`,
    expected: (row) => ({
      id: String(row['id']),
      job_id: row['job_id'],
      status: status(row['status']),
      message: row['message'],
      duration_ms: row['duration_ms'],
      created_at: milliseconds(row['created_at']),
    }),
  },
  rate_limits: {
    sourceTable: 'rate_limits',
    rowCount: 4,
    targetSql: `SELECT key, limit_remaining, limit_total, ${moment('reset_time')}, ${moment('created_at')} FROM rate_limits`,
    expected: (row) => ({
      key: row['id'],
      limit_remaining: count(row['limit_remaining']),
      limit_total: count(row['limit_total']),
      reset_time: seconds(row['reset_time']),
      created_at: milliseconds(row['last_updated']),
    }),
  },
  tool_configs: {
    sourceTable: 'tool_configs',
    rowCount: 4,
    targetSql: `SELECT key, enabled, config, ${moment('updated_at')} FROM tool_configs`,
    expected: (row) => ({
      key: row['tool_name'],
      enabled: row['enabled'] === 1n,
      config: json(row['config']),
      updated_at: seconds(row['updated_at']),
    }),
  },
  app_state: {
    sourceTable: 'app_state',
    rowCount: 6,
    targetSql: `SELECT key, value, ${moment('updated_at')} FROM app_state`,
    expected: (row) => ({
      key: row['key'],
      value: json(row['value']),
      updated_at: seconds(row['updated_at']),
    }),
  },
  oauth_tokens: {
    sourceTable: 'oauth_tokens',
    rowCount: 4,
    targetSql: `SELECT id, user_id, provider, access_token, access_token_iv, access_token_tag, refresh_token,
                       refresh_token_iv, refresh_token_tag, scopes, metadata,
                       ${['expires_at', 'refresh_expires_at', 'created_at', 'updated_at'].map(moment).join(', ')}
                  FROM oauth_tokens`,
    expected: (row) => ({
      id: String(row['id']),
      user_id: userUuid(row['user_id']),
      provider: row['tool_name'],
      access_token: row['access_token'],
      access_token_iv: bytes(row['access_token_iv']),
      access_token_tag: bytes(row['access_token_tag']),
      refresh_token: row['refresh_token'],
      refresh_token_iv: bytes(row['refresh_token_iv']),
      refresh_token_tag: bytes(row['refresh_token_tag']),
      scopes: json(row['scopes']),
      metadata: json(row['metadata']),
      expires_at: seconds(row['expires_at']),
      refresh_expires_at: seconds(row['refresh_expires_at']),
      created_at: seconds(row['created_at']),
      updated_at: seconds(row['updated_at']),
    }),
  },
  user_sessions: {
    sourceTable: 'user_sessions',
    rowCount: 0,
    targetSql: 'SELECT * FROM user_sessions',
    expected: (row) => row,
  },
};
