import pg from 'pg';

/** Network errors, and SQLSTATEs, after which the same may succeed. */
const TRANSIENT_CODES: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'EAI_AGAIN',
  '57P01', // admin_shutdown
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now
  '53300', // too_many_connections
  '40001', // serialization_failure
  '40P01', // deadlock_detected
]);

/** The codes of the toolkit's own errors that another attempt may get past. */
const TRANSIENT_ERRORS: ReadonlySet<string> = new Set(['lock-lost', 'session-stays']);

/**
 * Whether what a session threw may be gone at another attempt: a lost connection, a restart of the
 * server, a deadlock.
 *
 * Source: https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
export function isTransient(error: unknown): boolean {
  for (let current: unknown = error; current instanceof Error; current = current.cause) {
    if (current instanceof AggregateError && current.errors.some(isTransient)) return true;
    const code = 'code' in current && typeof current.code === 'string' ? current.code : '';
    if (TRANSIENT_CODES.has(code) || TRANSIENT_ERRORS.has(code) || code.startsWith('08'))
      return true;
    if (!(current instanceof pg.DatabaseError) && CONNECTION_GONE.test(current.message))
      return true;
  }
  return false;
}

/** pg says these without a code. */
const CONNECTION_GONE =
  /^(?:Connection terminated|Client has encountered a connection error|Client was closed|timeout expired)/;

/** Whether a connection that was open broke, without a word of the server. */
export function isConnectionLost(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof pg.DatabaseError) return false;
  const code = 'code' in error ? error.code : undefined;
  if (code === 'ECONNRESET' || code === 'EPIPE') return true;
  return /^(?:Connection terminated|Client |the connection is dead)/.test(error.message);
}

const FIRST_DELAY_MS = 1000;
const LONGEST_DELAY_MS = 30_000;

/**
 * How long to wait before an attempt, in milliseconds: twice as long each time, and by chance between
 * half of that and the whole, so that several sessions do not come back at the same moment.
 *
 * @param attempt from 1
 */
export function backoffMs(attempt: number, random: () => number = Math.random): number {
  const longest = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (attempt - 1));
  return Math.round(longest * (0.5 + random() / 2));
}
