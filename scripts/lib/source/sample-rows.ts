import type Database from 'better-sqlite3';

import type { SourceEncoding, SourceTable } from '../model/source-catalog.ts';
import type { Row } from '../model/values.ts';
import { NotReadExactly, initialTextReading, readRows } from './rows.ts';

/** The first rows of a table, exact. */
export function sampleRows(
  db: Database.Database,
  table: SourceTable,
  encoding: SourceEncoding,
  limit: number,
): Row[] {
  try {
    return [...readRows(db, table, initialTextReading(encoding), encoding, limit)];
  } catch (error) {
    if (!(error instanceof NotReadExactly)) throw error;
    return [...readRows(db, table, 'bytes', encoding, limit)];
  }
}
