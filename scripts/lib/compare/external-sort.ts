import type Database from 'better-sqlite3';

import { asTemporarySpaceError, openKeyDatabase } from '../check/key-set.ts';

/** A row that was added to a sort. */
export interface SortedRow<Payload extends string | Buffer> {
  readonly key: Buffer;
  readonly payload: Payload;
}

/**
 * Sorts any number of rows by the bytes of their keys, outside memory: in a temporary file without a
 * name, which vanishes when the sort is closed or the process ends. Rows of one key keep the order in
 * which they were added.
 */
export class ExternalSort<Payload extends string | Buffer> {
  readonly #db: Database.Database;
  readonly #insert: Database.Statement<[Buffer, Payload]>;

  constructor() {
    this.#db = openKeyDatabase();
    this.#db.exec('CREATE TABLE sorted (number INTEGER PRIMARY KEY, key BLOB, payload)');
    this.#insert = this.#db.prepare('INSERT INTO sorted (key, payload) VALUES (?, ?)');
  }

  /** @throws ToolkitError of kind `artifact` when the temporary file cannot be written */
  add(key: Buffer, payload: Payload): void {
    try {
      this.#insert.run(key, payload);
    } catch (error) {
      throw asTemporarySpaceError(error);
    }
  }

  /** All rows in the order of their keys; to be read to the end, or closed. */
  *rows(): Generator<SortedRow<Payload>> {
    try {
      yield* this.#db
        .prepare<[], SortedRow<Payload>>('SELECT key, payload FROM sorted ORDER BY key, number')
        .iterate();
    } catch (error) {
      throw asTemporarySpaceError(error);
    }
  }

  close(): void {
    this.#db.close();
  }
}
