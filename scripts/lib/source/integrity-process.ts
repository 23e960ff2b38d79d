/**
 * Run as a process of its own by `integrity.ts`: prints one JSON document on stdout.
 * Arguments: the database's path, how many examples to give of each broken foreign key, how many
 * messages of integrity_check.
 */
import Database from 'better-sqlite3';

import { describeKey, rowKeyDescriber } from '../model/row-key.ts';
import { quoteIdentifier } from '../model/sql.ts';
import type { SourceTable } from '../model/source-catalog.ts';
import type { SqliteValue } from '../model/values.ts';
import { introspectSource } from './introspect.ts';
import type { Integrity } from './integrity.ts';
import { openSource } from './open.ts';
import { accessibleRowid } from './rows.ts';

/** https://www.sqlite.org/pragma.html#pragma_foreign_key_check */
interface ForeignKeyCheckRow {
  readonly table: string;
  readonly rowid: bigint | null;
  readonly parent: string;
  readonly fkid: bigint;
}

type Orphans = Integrity['orphans'][number];

function checkTable(db: Database.Database, table: SourceTable, maxExamples: number): Orphans[] {
  const found = new Map<bigint, Orphans>();
  const broken = db
    .prepare<[string], ForeignKeyCheckRow>(`SELECT * FROM pragma_foreign_key_check(?, 'main')`)
    .iterate(table.name);
  for (const row of broken) {
    let orphans = found.get(row.fkid);
    if (orphans === undefined) {
      const columns = columnsOf(db, table, row.fkid);
      orphans = { table: table.name, parentTable: row.parent, columns, total: 0, examples: [] };
      found.set(row.fkid, orphans);
    }
    orphans.total += 1;
    const rowidName = table.withoutRowid ? undefined : accessibleRowid(table);
    if (orphans.examples.length < maxExamples && row.rowid !== null && rowidName !== undefined) {
      const found = { name: rowidName, value: row.rowid };
      orphans.examples.push(describeOrphan(db, table, orphans.columns, found));
    }
  }
  return [...found.values()];
}

function columnsOf(db: Database.Database, table: SourceTable, id: bigint): string[] {
  return db
    .prepare<[string, bigint], string>(
      `SELECT "from" FROM pragma_foreign_key_list(?, 'main') WHERE id = ? ORDER BY seq`,
    )
    .pluck()
    .all(table.name, id);
}

function describeOrphan(
  db: Database.Database,
  table: SourceTable,
  columns: readonly string[],
  rowid: { readonly name: string; readonly value: bigint },
): Orphans['examples'][number] {
  const names = [...table.primaryKey, ...columns];
  const select = `SELECT ${names.map(quoteIdentifier).join(', ')} FROM main.${quoteIdentifier(table.name)} WHERE ${rowid.name} = ?`;
  const values = db.prepare<[bigint], SqliteValue[]>(select).raw(true).get(rowid.value) ?? [];
  const rowKey = rowKeyDescriber(names, table.primaryKey)(values) ?? `rowid=${rowid.value}`;
  const detail = `${describeKey(columns, values.slice(table.primaryKey.length))} has no parent`;
  return { rowKey, detail };
}

/** What integrity_check says, a fault a message; also where the damage ends the check itself. */
function checkPages(db: Database.Database, maxMessages: number): string[] {
  const messages: string[] = [];
  const rows = db.prepare<[], string>(`PRAGMA integrity_check(${maxMessages})`).pluck().iterate();
  try {
    for (const row of rows) messages.push(...row.split('\n'));
  } catch (error) {
    if (messages.length === 0 || !isDamage(error)) throw error;
    messages.push('integrity_check itself ended there');
  }
  const faults = messages.filter((message) => message !== 'ok' && !message.startsWith('***'));
  return faults.map((message) => nameTree(db, message));
}

/** `Tree 7 page 7: …` with the table or the index that has its root on page 7. */
function nameTree(db: Database.Database, message: string): string {
  return message.replace(/^Tree (\d+)/, (tree, page: string) => {
    const object = db
      .prepare<[string], { type: string; name: string }>(
        'SELECT type, name FROM sqlite_schema WHERE rootpage = CAST(? AS INTEGER)',
      )
      .get(page);
    return object === undefined ? tree : `${tree} (${object.type} ${object.name})`;
  });
}

function isDamage(error: unknown): boolean {
  return error instanceof Database.SqliteError && error.code.startsWith('SQLITE_CORRUPT');
}

function main(path: string, maxExamples: number, maxMessages: number): void {
  const source = openSource(path);
  const { db } = source;
  const result: Integrity = {
    messages: checkPages(db, maxMessages),
    orphans: [],
    unresolvable: [],
  };
  for (const table of introspectSource(db).tables) {
    try {
      result.orphans.push(...checkTable(db, table, maxExamples));
    } catch (error) {
      // Where the file is damaged, the messages say so.
      if (result.messages.length > 0 && isDamage(error)) continue;
      const message = error instanceof Error ? error.message : String(error);
      result.unresolvable.push({ table: table.name, message });
    }
  }
  source.close();
  process.stdout.write(JSON.stringify(result));
}

const [, , path = '', maxExamples, maxMessages] = process.argv;
try {
  main(path, Number(maxExamples), Number(maxMessages));
} catch (error) {
  process.stderr.write(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
