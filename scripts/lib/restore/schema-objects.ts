import Database from 'better-sqlite3';

import type { ManifestTable } from '../artifact/manifest.ts';
import { malformedManifest } from '../artifact/parse-manifest.ts';
import { SCHEMA_FILE } from '../artifact/paths.ts';
import type { FindingCollector } from '../model/findings.ts';
import { quoteIdentifier } from '../model/sql.ts';
import { editSchema, inSavepoint, redefine, runStatement, storedSql } from './definitions.ts';
import { RESTORE_FINDINGS } from './findings.ts';
import { createFromManifest } from './loose-table.ts';
import type { Statement } from './statements.ts';

/** The database that is being made, and what is found on the way. */
export interface SchemaJob {
  readonly db: Database.Database;
  readonly findings: FindingCollector;
  /** The tables that have a data file, by name. */
  readonly tables: ReadonlyMap<string, ManifestTable>;
  /** Gathers the statements whose objects the database does not get. */
  readonly leftOut: Set<Statement>;
}

export function isVirtual({ sql }: Statement): boolean {
  return /^CREATE VIRTUAL TABLE\s/i.test(sql);
}

/**
 * Makes one object of the schema with the very text that the source had: by running it, or, where
 * SQLite does not take it from a new connection, by a way round. What cannot be made is reported.
 */
export function createObject(job: SchemaJob, statement: Statement): void {
  const { db, findings } = job;
  const refusal = tryTo(db, statement, () => runStatement(db, statement.sql));
  if (refusal === null) return;
  const example = { detail: `${statement.type} ${statement.name}: ${refusal.message}` };
  if (isVirtual(statement) && refusal.message.startsWith('no such module')) {
    declareVirtualTable(db, statement);
    findings.add(RESTORE_FINDINGS.moduleMissing, example);
    return;
  }
  const wayRound = wayRoundFor(job, statement);
  if (wayRound !== null && tryTo(db, statement, wayRound) === null) return;
  job.leftOut.add(statement);
  const isNeeded = statement.type === 'table' && job.tables.has(statement.name);
  const head = isNeeded ? RESTORE_FINDINGS.tableNotRestored : RESTORE_FINDINGS.objectNotRestored;
  findings.add(head, example);
}

/** Makes an object whole or not at all; gives SQLite's reason in the latter case. */
function tryTo(db: Database.Database, statement: Statement, make: () => void): Error | null {
  try {
    inSavepoint(db, () => {
      make();
      if (storedSql(db, statement) !== statement.sql) editSchema(db, () => redefine(db, statement));
    });
    return null;
  } catch (error) {
    if (error instanceof Database.SqliteError) return error;
    if (!(error instanceof RangeError)) throw error;
    // The driver's answer to a text that holds more than one statement.
    const reason = `the text of ${statement.type} ${statement.name} is not one statement`;
    throw malformedManifest(reason, SCHEMA_FILE);
  }
}

function wayRoundFor(job: SchemaJob, statement: Statement): (() => void) | null {
  const { db } = job;
  const { type, name, sql, table } = statement;
  switch (type) {
    case 'table': {
      const described = job.tables.get(name);
      return described === undefined ? null : () => createFromManifest(db, described, sql);
    }
    case 'index':
      return table === null ? null : () => createByReindex(db, { ...statement, table });
    case 'view':
    case 'trigger':
      return null;
    default:
      return type satisfies never;
  }
}

/** As SQLite itself does it when it has the module: a row of the schema without a place on disk. */
function declareVirtualTable(db: Database.Database, { name, sql }: Statement): void {
  editSchema(db, () =>
    db
      .prepare(
        `INSERT INTO sqlite_schema (type, name, tbl_name, rootpage, sql) VALUES ('table', ?, ?, 0, ?)`,
      )
      .run(name, name, sql),
  );
}

/**
 * Makes an index over the table's first column, gives it its definition, and has SQLite fill it anew
 * by that. Without UNIQUE, which is put back by the caller: rows that repeat a key are no reason to
 * lose the index. A definition that is read from the schema may also hold strings in double quotes.
 */
function createByReindex(
  db: Database.Database,
  { name, table, sql }: { readonly name: string; readonly table: string; readonly sql: string },
): void {
  const column = db
    .prepare<[string], string>(
      `SELECT name FROM pragma_table_xinfo(?, 'main') WHERE hidden IN (0, 3) ORDER BY cid LIMIT 1`,
    )
    .pluck()
    .get(table);
  runStatement(
    db,
    `CREATE INDEX main.${quoteIdentifier(name)} ON ${quoteIdentifier(table)} (${quoteIdentifier(column ?? '')})`,
  );
  const repeatable = sql.replace(/^CREATE UNIQUE INDEX/i, 'CREATE INDEX');
  editSchema(db, () => redefine(db, { type: 'index', name, sql: repeatable }));
  db.exec(`REINDEX main.${quoteIdentifier(name)}`);
}
