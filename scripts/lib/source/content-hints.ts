import type Database from 'better-sqlite3';

import type { TextCensus } from '../model/census.ts';
import { quoteIdentifier } from '../model/sql.ts';
import type { SourceTable } from '../model/source-catalog.ts';
import type { CountedColumn } from './census/take-census.ts';

/** A column whose values look encrypted. */
export interface EncryptedColumn {
  readonly column: string;
  /** How many values were looked at. */
  readonly examined: number;
}

const ROWS_EXAMINED = 1000;
const MAX_EXAMINED_BYTES = 10_000;
/** Parts of hex or base64 joined by `:` or `.`, as AES-GCM is usually stored (iv:tag:ciphertext). */
const SEALED_PARTS = /^[A-Za-z0-9+/_-]{12,}={0,2}(?:[:.][A-Za-z0-9+/_-]{8,}={0,2}){1,3}$/;
/** Fernet tokens and OpenSSL's salted format in base64. */
const SEALED_PREFIX = /^(?:gAAAAA|U2FsdGVkX1)[A-Za-z0-9+/_-]+={0,2}$/;
const TELLING_NAME = /encrypt|cipher|sealed/i;

/** Whether all texts of a column but the empty ones are JSON objects or arrays, and there are any. */
export function isJsonColumn(texts: TextCensus | null): boolean {
  if (texts === null || texts.count === texts.empty) return false;
  return texts.jsonObjects + texts.jsonArrays === texts.count - texts.empty;
}

/**
 * Columns whose first texts all look encrypted, or whose name says that they are. Nothing is ever
 * treated differently because of this guess.
 */
export function encryptedColumns(
  db: Database.Database,
  table: SourceTable,
  columns: readonly CountedColumn[],
): EncryptedColumn[] {
  // What has a form of its own is not sealed.
  const candidates = columns.filter(({ kinds }) => kinds.has('text')).map(({ name }) => name);
  if (candidates.length === 0) return [];
  const selected = candidates
    .map(quoteIdentifier)
    .map(
      (name) =>
        `iif(typeof(${name}) = 'text' AND octet_length(${name}) <= ${MAX_EXAMINED_BYTES}, ${name}, NULL)`,
    );
  const rows = db
    .prepare<[], (string | null)[]>(
      `SELECT ${selected.join(', ')} FROM main.${quoteIdentifier(table.name)} NOT INDEXED LIMIT ${ROWS_EXAMINED}`,
    )
    .raw(true);
  const examined = candidates.map(() => ({ texts: 0, sealed: 0 }));
  for (const row of rows.iterate()) {
    for (const [index, tally] of examined.entries()) {
      const text = row[index] ?? '';
      if (text === '') continue;
      tally.texts += 1;
      if (looksEncrypted(text)) tally.sealed += 1;
    }
  }
  return candidates.flatMap((column, index) => {
    const { texts = 0, sealed = 0 } = examined[index] ?? {};
    const isSealed = texts > 0 && (sealed === texts || TELLING_NAME.test(column));
    return isSealed ? [{ column, examined: texts }] : [];
  });
}

function looksEncrypted(text: string): boolean {
  return SEALED_PARTS.test(text) || SEALED_PREFIX.test(text);
}
