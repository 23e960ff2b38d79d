import Database from 'better-sqlite3';

import type { FindingCollector } from '../model/findings.ts';
import { quoteIdentifier } from '../model/sql.ts';
import { inSavepoint } from './definitions.ts';
import { RESTORE_FINDINGS } from './findings.ts';
import type { Statement } from './statements.ts';

/** How a full-text table is declared. Source: https://www.sqlite.org/fts5.html */
const FULL_TEXT = /\bUSING\s+["'`[]?fts[345]\b/i;

/**
 * Builds the index of a full-text table anew where its text stands in another table or view
 * (`content=`). Any other virtual table is reported: its rows are not in the artifact.
 */
export function fillVirtualTable(
  db: Database.Database,
  statement: Statement,
  findings: FindingCollector,
): void {
  if (!hasModule(db, statement.name)) return;
  const name = quoteIdentifier(statement.name);
  const empty = (): void =>
    findings.add(RESTORE_FINDINGS.virtualTableEmpty, { detail: statement.name });
  if (!FULL_TEXT.test(statement.sql) || keepsItsOwnText(db, statement.name)) {
    empty();
    return;
  }
  try {
    inSavepoint(db, () => db.exec(`INSERT INTO main.${name} (${name}) VALUES ('rebuild')`));
  } catch (error) {
    if (!(error instanceof Database.SqliteError)) throw error;
    empty();
  }
}

/** Without its module a virtual table is a name alone, which has been reported. */
function hasModule(db: Database.Database, name: string): boolean {
  try {
    db.prepare(`SELECT 1 FROM main.${quoteIdentifier(name)}`);
    return true;
  } catch (error) {
    if (error instanceof Database.SqliteError) return false;
    throw error;
  }
}

/** The table of that name is made with the virtual one unless its text is elsewhere, or nowhere. */
function keepsItsOwnText(db: Database.Database, name: string): boolean {
  return (
    db
      .prepare(`SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ? COLLATE NOCASE`)
      .get(`${name}_content`) !== undefined
  );
}
