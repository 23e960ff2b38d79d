import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import { uuid } from './ids.ts';
import { asIsoText, asMilliseconds } from './stored.ts';

interface AppliedMigration {
  readonly name: string;
  /** When it was applied; ISO 8601, UTC. */
  readonly startedAt: string;
  readonly elapsedMs: number;
}

/** The application's own migrations, as `prisma migrate` wrote them for SQLite. */
const MIGRATIONS: readonly AppliedMigration[] = [
  { name: '20240105093012_init', startedAt: '2024-01-05T09:31:40.118Z', elapsedMs: 21 },
  {
    name: '20240611081544_sync_log_correlation_id',
    startedAt: '2024-06-12T03:00:02.907Z',
    elapsedMs: 4,
  },
];

/** As Prisma's schema engine creates it on SQLite. */
const CREATE_HISTORY = `CREATE TABLE "_prisma_migrations" (
    "id"                    TEXT PRIMARY KEY NOT NULL,
    "checksum"              TEXT NOT NULL,
    "finished_at"           DATETIME,
    "migration_name"        TEXT NOT NULL,
    "logs"                  TEXT,
    "rolled_back_at"        DATETIME,
    "started_at"            DATETIME NOT NULL DEFAULT current_timestamp,
    "applied_steps_count"   INTEGER UNSIGNED NOT NULL DEFAULT 0
)`;

/**
 * Applies the migrations and keeps their history as Prisma does: the first one deployed by the
 * classic engine (instants as milliseconds), the second through a driver adapter (as text).
 */
export function applyMigrations(database: Database): void {
  database.exec(CREATE_HISTORY);
  const record = database.prepare(
    `INSERT INTO "_prisma_migrations" VALUES (?, ?, ?, ?, NULL, NULL, ?, 1)`,
  );
  for (const [index, { name, startedAt, elapsedMs }] of MIGRATIONS.entries()) {
    const sql = readFileSync(new URL(`migrations/${name}/migration.sql`, import.meta.url), 'utf8');
    database.exec(sql);
    const started = asMilliseconds(startedAt);
    const stored = (instant: number): number | string =>
      index === 0 ? instant : asIsoText(instant);
    const checksum = createHash('sha256').update(sql).digest('hex');
    record.run(uuid(name), checksum, stored(started + elapsedMs), name, stored(started));
  }
}
