import type { SourceTable } from '../model/source-catalog.ts';

/** A table in which a tool notes which migrations it has applied. */
interface MigrationTable {
  readonly tool: string;
  readonly name: string;
  /** Columns by which it is told from a table of the application. */
  readonly columns: readonly string[];
}

const MIGRATION_TABLES: readonly MigrationTable[] = [
  { tool: 'Django', name: 'django_migrations', columns: ['id', 'app', 'name', 'applied'] },
  { tool: 'Rails', name: 'schema_migrations', columns: ['version'] },
  { tool: 'Rails', name: 'ar_internal_metadata', columns: ['key', 'value'] },
  { tool: 'Laravel', name: 'migrations', columns: ['id', 'migration', 'batch'] },
  { tool: 'Drizzle', name: '__drizzle_migrations', columns: ['hash', 'created_at'] },
  { tool: 'TypeORM', name: 'migrations', columns: ['id', 'timestamp', 'name'] },
  { tool: 'Sequelize', name: 'SequelizeMeta', columns: ['name'] },
  { tool: 'Knex', name: 'knex_migrations', columns: ['name', 'batch', 'migration_time'] },
  { tool: 'Knex', name: 'knex_migrations_lock', columns: ['is_locked'] },
  { tool: 'Alembic', name: 'alembic_version', columns: ['version_num'] },
  { tool: 'Flyway', name: 'flyway_schema_history', columns: ['installed_rank', 'version'] },
  { tool: 'Goose', name: 'goose_db_version', columns: ['version_id', 'is_applied'] },
];

/** The tool whose migrations a table lists; null for a table of the application. */
function migrationToolOf(table: SourceTable): string | null {
  const names = new Set(table.columns.map(({ name }) => name.toLowerCase()));
  const known = MIGRATION_TABLES.find(
    ({ name, columns }) => name === table.name && columns.every((column) => names.has(column)),
  );
  return known?.tool ?? null;
}

/** The migration tables of a source, with why they stay behind. */
export function skippedTables(tables: readonly SourceTable[]): Map<string, string> {
  return new Map(
    tables.flatMap((table) => {
      const tool = migrationToolOf(table);
      return tool === null ? [] : [[table.name, `${tool} lists its own migrations there`] as const];
    }),
  );
}
