/** What better-sqlite3 binds; the column's affinity then decides between INTEGER and REAL. */
type StoredValue = null | number | bigint | string | Buffer;

/** One row as it is stored: SQLite column name to value. */
export type StoredRow = Readonly<Record<string, StoredValue>>;

/**
 * A DateTime as Prisma's own engine stores it on SQLite: milliseconds since 1970, UTC.
 * @param iso e.g. `2024-05-01T09:30:00.123Z`
 */
export function asMilliseconds(iso: string): number {
  return Date.parse(iso);
}

/**
 * A DateTime as Prisma's SQLite driver adapters write it unless they are told otherwise:
 * `2024-05-01T09:30:00.123+00:00`. https://www.prisma.io/docs/orm/overview/databases/sqlite
 */
export function asIsoText(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('Z', '+00:00');
}

/**
 * Opaque text of the form `iv:tag:ciphertext`, as an application's AES-256-GCM helper stores a
 * secret. The parts here are random bytes: nothing decrypts to anything.
 */
export function asCiphertext(
  bytes: (length: number) => Buffer,
  length: number,
  encoding: 'base64' | 'hex',
): string {
  return [bytes(12), bytes(16), bytes(length)].map((part) => part.toString(encoding)).join(':');
}
