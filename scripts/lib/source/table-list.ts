import type Database from 'better-sqlite3';

import type { NotCarried } from '../model/source-catalog.ts';

/** https://www.sqlite.org/pragma.html#pragma_table_list */
export interface TableListRow {
  readonly name: string;
  readonly type: 'table' | 'view' | 'shadow' | 'virtual';
  readonly wr: bigint;
  readonly strict: bigint;
}

/** Prisma's own table: which migrations made the schema. */
export const MIGRATION_HISTORY = '_prisma_migrations';
const HISTORY_REASON = 'the target keeps its own; the artifact holds it for a restore';

/** Every table, view and virtual table of the `main` database but SQLite's own, sorted by name. */
export function listTables(db: Database.Database): TableListRow[] {
  return db
    .prepare<[], TableListRow>(
      `SELECT name, type, wr, strict FROM pragma_table_list
       WHERE schema = 'main' AND name NOT GLOB 'sqlite_*' ORDER BY name`,
    )
    .all();
}

/** What the artifact leaves out, and why. */
export function readNotCarried(
  db: Database.Database,
  listed: readonly TableListRow[],
): readonly NotCarried[] {
  const triggers = db
    .prepare<[], string>(`SELECT name FROM sqlite_schema WHERE type = 'trigger' ORDER BY name`)
    .pluck()
    .all();
  const tables = listed.flatMap((row): NotCarried[] => {
    const { name } = row;
    if (name === MIGRATION_HISTORY) {
      return [{ name, kind: 'migration-history', reason: HISTORY_REASON }];
    }
    switch (row.type) {
      case 'table':
        return [];
      case 'view':
        return [
          {
            name,
            kind: 'view',
            reason: 'holds no rows of its own, its definition is in schema.sql',
          },
        ];
      case 'virtual':
        return [{ name, kind: 'virtual-table', reason: 'its rows belong to a SQLite module' }];
      case 'shadow':
        return [{ name, kind: 'shadow-table', reason: 'internal storage of a virtual table' }];
      default:
        return row.type satisfies never;
    }
  });
  return [
    ...tables,
    ...triggers.map((name): NotCarried => ({
      name,
      kind: 'trigger',
      reason: 'triggers of the target do their work there, its definition is in schema.sql',
    })),
  ];
}
