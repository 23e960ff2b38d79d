import Database from 'better-sqlite3';

import { dataTables, type Manifest } from '../artifact/manifest.ts';
import type { FindingCollector } from '../model/findings.ts';
import type { CommandContext } from '../model/progress.ts';
import { quoteIdentifier } from '../model/sql.ts';
import { RESTORE_FINDINGS } from './findings.ts';

/** What integrity_check says of rows that break the rules of their table. */
const BROKEN_RULE =
  /^(?:NULL value in|CHECK constraint failed in|non-unique entry in index|(?:non-\w+|NUMERIC|TEXT) value in) /;

/**
 * Has SQLite check every table and its indexes. Rows that break a rule are a finding, because the
 * source had them too.
 *
 * Source: https://www.sqlite.org/pragma.html#pragma_integrity_check
 *
 * @param db a connection that may write: SQLite forgets the CHECKs of a database that is read-only
 * @returns what SQLite says of anything else; undefined when the database is sound
 */
export async function findDamage(
  db: Database.Database,
  manifest: Manifest,
  findings: FindingCollector,
  context: CommandContext,
): Promise<string | undefined> {
  const activity = context.progress.start('integrity_check', null, { phase: 'integrity' });
  try {
    for (const { name } of dataTables(manifest)) {
      await new Promise(setImmediate);
      context.signal.throwIfAborted();
      for (const message of checkTable(db, name)) {
        if (!BROKEN_RULE.test(message)) return message;
        findings.add(RESTORE_FINDINGS.rulesBroken, { detail: message });
      }
    }
    return undefined;
  } finally {
    activity.done();
  }
}

function checkTable(db: Database.Database, name: string): string[] {
  try {
    const messages = db
      .prepare<[], string>(`PRAGMA integrity_check(${quoteIdentifier(name)})`)
      .pluck()
      .all();
    return messages.filter((message) => message !== 'ok');
  } catch (error) {
    // Rules that name a function of the application's can be checked with the application alone.
    if (error instanceof Database.SqliteError && error.code === 'SQLITE_ERROR') return [];
    throw error;
  }
}
