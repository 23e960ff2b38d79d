/** The fields of a log line that the Prisma CLI reads. */
export interface LogFields {
  readonly message: string;
  /** One of Prisma's error codes: https://www.prisma.io/docs/orm/reference/error-reference */
  readonly error_code?: string;
  readonly is_panic?: boolean;
  readonly backtrace?: string;
}

/**
 * Writes one JSON line to stderr, the form in which a Schema Engine tells the Prisma CLI of its faults.
 * The CLI takes nothing else there: it parses every line.
 */
export function logLine(level: 'INFO' | 'WARN' | 'ERROR', fields: LogFields): void {
  const timestamp = new Date().toISOString();
  const line = { timestamp, level, fields, target: 'schema_engine::logger' };
  process.stderr.write(`${JSON.stringify(line)}\n`);
}
