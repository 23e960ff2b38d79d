import { createHash } from 'node:crypto';

import type Database from 'better-sqlite3';

import type { RowPlace } from './judge.ts';

/** A key as it is kept: its text, or the digest of a long one. */
export type StoredKey = string | Buffer;

const LONGEST_KEPT = 100;

/** One key of several forms; a NULL is one like any other. */
export function storedKey(forms: readonly (string | null)[]): StoredKey {
  const text = forms.map((form) => (form === null ? '-' : `${form.length}:${form}`)).join('');
  // The text of a long key would only take room: equal digests are equal keys.
  return text.length <= LONGEST_KEPT ? text : createHash('sha256').update(text).digest();
}

/** The keys of a table that were met, and where each of them was met first. */
export class MetKeys {
  readonly table: string;
  readonly #insert: Database.Statement;
  readonly #find: Database.Statement<[StoredKey], [bigint | null, string | null]>;

  constructor(db: Database.Database, id: number) {
    this.table = `met_${id}`;
    db.exec(
      `CREATE TABLE ${this.table} (key PRIMARY KEY, line INTEGER, row_key TEXT) WITHOUT ROWID`,
    );
    this.#insert = db.prepare(`INSERT OR IGNORE INTO ${this.table} VALUES (?, ?, ?)`);
    this.#find = db
      .prepare<[StoredKey], [bigint | null, string | null]>(
        `SELECT line, row_key FROM ${this.table} WHERE key = ?`,
      )
      .raw(true);
  }

  /** Remembers a key and its row; false when it was met before. */
  add(key: StoredKey, { line, rowKey }: RowPlace): boolean {
    return this.#insert.run(key, line ?? null, rowKey ?? null).changes === 1;
  }

  has(key: StoredKey): boolean {
    return this.#find.get(key) !== undefined;
  }

  /** The first row that had the key. */
  placeOf(key: StoredKey): RowPlace {
    const [line, rowKey] = this.#find.get(key) ?? [null, null];
    return {
      ...(line === null ? {} : { line: Number(line) }),
      ...(rowKey === null ? {} : { rowKey }),
    };
  }
}
