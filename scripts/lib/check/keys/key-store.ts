import type Database from 'better-sqlite3';

import { openKeyDatabase } from '../key-set.ts';
import { MemoryBudget } from './memory-budget.ts';

/** What keys may take of the memory when nothing else is said. */
const DEFAULT_MEMORY_BYTES = 40e6;

/** The part of that which SQLite may take for a temporary database. */
export function cacheBytesOf(memoryBytes = DEFAULT_MEMORY_BYTES): number {
  return Math.floor(memoryBytes / 4);
}

/**
 * Where the keys of a check are kept: three quarters of the memory are for those that stand there as
 * they are, one is for what SQLite holds of the temporary database to which the others go.
 */
export class KeyStore {
  readonly budget: MemoryBudget;
  readonly #cacheBytes: number;
  #database: Database.Database | undefined;
  #ids = 0;

  constructor(memoryBytes = DEFAULT_MEMORY_BYTES) {
    this.#cacheBytes = cacheBytesOf(memoryBytes);
    this.budget = new MemoryBudget(memoryBytes - this.#cacheBytes);
  }

  get database(): Database.Database {
    this.#database ??= openKeyDatabase(this.#cacheBytes);
    return this.#database;
  }

  /** A number that no other table of the database has. */
  nextId(): number {
    this.#ids += 1;
    return this.#ids;
  }

  close(): void {
    this.#database?.close();
  }
}
