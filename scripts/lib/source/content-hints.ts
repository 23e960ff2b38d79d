import type Database from 'better-sqlite3';

import type { SourceEncoding, SourceTable } from '../model/source-catalog.ts';
import type { Row } from '../model/values.ts';
import { ReplacementCharacterMet, initialTextReading, readRows } from './rows.ts';

export type ContentHint = 'json' | 'encrypted';

export interface HintedColumn {
  readonly column: string;
  readonly hint: ContentHint;
  /** How many values were looked at. */
  readonly examined: number;
}

const ROWS_EXAMINED = 1000;
/** Parts of hex or base64 joined by `:` or `.`, as AES-GCM is usually stored (iv:tag:ciphertext). */
const SEALED_PARTS = /^[A-Za-z0-9+/_-]{12,}={0,2}(?:[:.][A-Za-z0-9+/_-]{8,}={0,2}){1,3}$/;
/** Fernet tokens and OpenSSL's salted format in base64. */
const SEALED_PREFIX = /^(?:gAAAAA|U2FsdGVkX1)[A-Za-z0-9+/_-]+={0,2}$/;
const TELLING_NAME = /encrypt|cipher|sealed/i;

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
    if (!(error instanceof ReplacementCharacterMet)) throw error;
    return [...readRows(db, table, 'bytes', encoding, limit)];
  }
}

/**
 * Columns whose first values all are JSON objects or arrays, or all look encrypted: both need
 * care in the target's schema, and neither is ever treated differently because of this guess.
 */
export function hintColumns(
  db: Database.Database,
  table: SourceTable,
  encoding: SourceEncoding,
): HintedColumn[] {
  const rows = sampleRows(db, table, encoding, ROWS_EXAMINED);
  return table.columns.flatMap(({ name }, index) => {
    const texts = rows.flatMap((row) => {
      const value = row[index];
      return typeof value === 'string' && value !== '' ? [value] : [];
    });
    const hint = texts.length === 0 ? undefined : hintOf(name, texts);
    return hint === undefined ? [] : [{ column: name, hint, examined: texts.length }];
  });
}

function hintOf(column: string, texts: readonly string[]): ContentHint | undefined {
  if (texts.every(isJsonContainer)) return 'json';
  if (TELLING_NAME.test(column) || texts.every(looksEncrypted)) return 'encrypted';
  return undefined;
}

function isJsonContainer(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function looksEncrypted(text: string): boolean {
  return SEALED_PARTS.test(text) || SEALED_PREFIX.test(text);
}
