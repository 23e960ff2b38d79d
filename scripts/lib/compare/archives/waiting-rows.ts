import type Database from 'better-sqlite3';

import { asTemporarySpaceError, openKeyDatabase } from '../../check/key-set.ts';

/** Some rows that are all the same, and wait for as many on the other side. */
export interface WaitingRow {
  /** How many there are more: above zero on the later side, below on the earlier. */
  readonly balance: number;
  /** The number of the first one's line; null when it has none. */
  readonly line: number | null;
  readonly rowKey: string | null;
  /** What a report shows of the row; null for nothing. */
  readonly shown: string | null;
}

type StoredRow = Omit<WaitingRow, 'balance' | 'line'> & {
  readonly balance: bigint;
  readonly line: bigint | null;
};

/**
 * Any number of waiting rows by the hashes of their content, in a temporary database that vanishes
 * when it is closed. Its methods throw a ToolkitError of kind `artifact` when that cannot be written.
 */
export class WaitingRows {
  readonly #db: Database.Database;
  readonly #find: Database.Statement<[Buffer], bigint>;
  readonly #insert: Database.Statement;
  readonly #update: Database.Statement<[number, Buffer]>;
  readonly #delete: Database.Statement<[Buffer]>;

  constructor() {
    this.#db = openKeyDatabase();
    this.#db.exec(
      `CREATE TABLE waiting (hash BLOB PRIMARY KEY, balance INTEGER, line INTEGER, rowKey TEXT, shown TEXT)
       WITHOUT ROWID`,
    );
    this.#find = this.#db
      .prepare<[Buffer], bigint>('SELECT balance FROM waiting WHERE hash = ?')
      .pluck();
    this.#insert = this.#db.prepare('INSERT INTO waiting VALUES (?, ?, ?, ?, ?)');
    this.#update = this.#db.prepare('UPDATE waiting SET balance = ? WHERE hash = ?');
    this.#delete = this.#db.prepare('DELETE FROM waiting WHERE hash = ?');
  }

  /** @returns how many rows found their like on the other side */
  add(hash: Buffer, row: WaitingRow): number {
    try {
      const waiting = Number(this.#find.get(hash) ?? 0n);
      const balance = waiting + row.balance;
      if (balance === 0) this.#delete.run(hash);
      else if (waiting === 0) this.#insert.run(hash, balance, row.line, row.rowKey, row.shown);
      else this.#update.run(balance, hash);
      return (Math.abs(waiting) + Math.abs(row.balance) - Math.abs(balance)) / 2;
    } catch (error) {
      throw asTemporarySpaceError(error);
    }
  }

  /** How many rows wait on one side. */
  count(side: 'before' | 'after'): number {
    const sql = `SELECT coalesce(sum(abs(balance)), 0) FROM waiting WHERE balance ${signOf(side)} 0`;
    return Number(this.#db.prepare<[], bigint>(sql).pluck().get() ?? 0n);
  }

  /** The first ones that wait on one side, by their lines. */
  firstOf(side: 'before' | 'after', limit: number): WaitingRow[] {
    const rows = this.#db
      .prepare<[number], StoredRow>(
        `SELECT balance, line, rowKey, shown FROM waiting WHERE balance ${signOf(side)} 0
         ORDER BY line, hash LIMIT ?`,
      )
      .all(limit);
    return rows.map(({ balance, line, ...row }) => ({
      ...row,
      balance: Number(balance),
      line: line === null ? null : Number(line),
    }));
  }

  close(): void {
    this.#db.close();
  }
}

function signOf(side: 'before' | 'after'): string {
  return side === 'before' ? '<' : '>';
}
