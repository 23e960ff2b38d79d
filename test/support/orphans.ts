import type Database from 'better-sqlite3';
import { ForeignKeyCheck } from '../../scripts/lib/check/foreign-keys.ts';
import { FindingCollector, type Finding } from '../../scripts/lib/model/findings.ts';
import { introspectSource } from '../../scripts/lib/source/introspect.ts';
import { readRows } from '../../scripts/lib/source/rows.ts';
import { asManifestTable, manifestOf } from './catalogs.ts';
import { scannedRows } from './scanned.ts';
import { memoryDatabase } from './sqlite.ts';

/**
 * What the toolkit finds about the foreign keys of a database when its tables come by in this order;
 * by name without one. Row keys of the examples are the value of the first column.
 */
export function checkForeignKeys(
  db: Database.Database,
  order?: readonly string[],
  memoryBytes?: number,
): Finding[] {
  const { tables } = introspectSource(db);
  const ordered = (order ?? tables.map((table) => table.name)).flatMap((name) =>
    tables.filter((table) => table.name === name),
  );
  const findings = new FindingCollector();
  const pairs = ordered.map((source) => ({ source, table: asManifestTable(source) }));
  const manifest = manifestOf(pairs.map(({ table }) => table));
  const foreignKeys = new ForeignKeyCheck(manifest, findings, memoryBytes);
  for (const { source, table } of pairs) {
    const names = source.columns.map(({ name }) => name);
    const watch = foreignKeys.watch({ ...table, primaryKey: names.slice(0, 1) });
    for (const rows of scannedRows(names, readRows(db, source, 'bytes', 'UTF-8'), 12)) {
      for (let row = 0; row < rows.rowCount; row++) watch(rows, row);
    }
  }
  foreignKeys.finish();
  foreignKeys.close();
  return findings.list();
}

/**
 * `table (columns) label=rowid` of every orphan of the database that this script makes, as the toolkit
 * finds them and as SQLite itself does. The first column of every table must hold its rowid.
 */
export function orphansOf(
  sql: string,
  order: readonly string[],
  memoryBytes?: number,
): { readonly sql: string; readonly found: string[]; readonly expected: string[] } {
  const db = memoryDatabase(sql);
  const found = checkForeignKeys(db, order, memoryBytes)
    .filter(({ code }) => code === 'orphan')
    .flatMap(({ where, examples }) =>
      examples.map(({ rowKey }) => `${where.table} (${where.column}) ${rowKey}`),
    );
  const expected = orphansBySqlite(db);
  db.close();
  return { sql, found: found.toSorted(), expected: expected.toSorted() };
}

/** https://www.sqlite.org/pragma.html#pragma_foreign_key_check */
function orphansBySqlite(db: Database.Database): string[] {
  const columnsOf = db
    .prepare<[string, bigint], string>(
      `SELECT group_concat("from", ', ') FROM
       (SELECT "from" FROM pragma_foreign_key_list(?) WHERE id = ? ORDER BY seq)`,
    )
    .pluck();
  return db
    .prepare<[], { table: string; rowid: bigint; fkid: bigint }>('PRAGMA foreign_key_check')
    .all()
    .map(({ table, rowid, fkid }) => `${table} (${columnsOf.get(table, fkid)}) label=${rowid}`);
}
